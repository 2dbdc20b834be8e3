-- bucket_high: upper bound of the bucket a quantile falls into; infinity in the last.
-- function: bucket_high(q, les, counts)
les[bucket_index(q, les, counts)]
