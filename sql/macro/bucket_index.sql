-- bucket_index: position of the bucket a quantile falls into: the first whose cumulative count reaches its rank.
-- function: bucket_index(q, les, counts)
list_position(list_transform(counts, lambda c: c >= q * counts[-1]), true)
