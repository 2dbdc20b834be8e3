-- objective_certainty: what buckets prove of a P99 and its objective. certain: missed, since even at the first bucket bound
-- above it fewer than 99 % are below; possible: only at the bound below it; none: neither. NULL without an objective and
-- with fewer than 100 observations, where a P99 is one operation.
-- function: objective_certainty(objective, les, counts)
case
    when objective is null or not coalesce(counts[-1] >= 100, false) then null
    when bucket_share(limit_above(objective, les), les, counts) < 0.99 then 'certain'
    when bucket_share(limit_below(objective, les), les, counts) < 0.99 then 'possible'
    else 'none'
end
