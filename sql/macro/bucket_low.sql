-- bucket_low: lower bound of the bucket a quantile falls into; 0 for the first.
-- function: bucket_low(q, les, counts)
coalesce(les[bucket_index(q, les, counts) - 1], 0)
