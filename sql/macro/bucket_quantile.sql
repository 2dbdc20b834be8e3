-- bucket_quantile: quantile of cumulative counts at ascending bounds, exactly as Prometheus' histogram_quantile.
-- Linear within the bucket, the first bucket starting at 0; in the +Inf bucket the highest finite bound.
-- The position is the parameter of a lambda, so that it is planned and looked for once.
-- NULL without observations, with fewer than two buckets, and without a +Inf bucket.
-- function: bucket_quantile(q, les, counts)
case
    when len(les) < 2 or not isinf(les[-1]) or not coalesce(counts[-1] > 0, false) then null
    else list_transform(
        [bucket_index(q, les, counts)],
        lambda i: case
            when i = len(les) then les[-2]
            when i = 1 and les[1] <= 0 then les[1]
            else
                coalesce(les[i - 1], 0)
                + (les[i] - coalesce(les[i - 1], 0))
                * ((q * counts[-1] - coalesce(counts[i - 1], 0)) / (counts[i] - coalesce(counts[i - 1], 0)))
        end
    )[1]
end
