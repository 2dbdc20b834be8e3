-- bucket_quantile: quantile of cumulative counts at ascending bounds, exactly as Prometheus' histogram_quantile.
-- Linear within the bucket, the first bucket starting at 0; in the +Inf bucket the highest finite bound.
-- NULL without observations, with fewer than two buckets, and without a +Inf bucket.
-- function: bucket_quantile(q, les, counts)
case
    when len(les) < 2 or not isinf(les[-1]) or not coalesce(counts[-1] > 0, false) then null
    when bucket_index(q, les, counts) = len(les) then les[-2]
    when bucket_index(q, les, counts) = 1 and les[1] <= 0 then les[1]
    else
        bucket_low(q, les, counts)
        + (les[bucket_index(q, les, counts)] - bucket_low(q, les, counts))
        * (
            (q * counts[-1] - coalesce(counts[bucket_index(q, les, counts) - 1], 0))
            / (counts[bucket_index(q, les, counts)] - coalesce(counts[bucket_index(q, les, counts) - 1], 0))
        )
end
