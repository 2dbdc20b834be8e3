-- merged_bucket: buckets of every latency metric merged over the series of an entity and over pieces of a window.
-- Pieces, les, counts and points are as merged_bucket_of has them.
-- macro: merged_bucket(of_cluster, t0, t1, width)
select * exclude (part) from merged_bucket_of(of_cluster, t0, t1, width, null::varchar[], null::bigint[], false)
