-- bucket_share: share of the observations at or below a bucket bound; NULL without observations.
-- function: bucket_share(bound, les, counts)
case when counts[-1] > 0 then coalesce(counts[list_position(les, bound)], 0) / counts[-1] end
