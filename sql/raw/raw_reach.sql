-- raw_reach: how far back Prometheus answered when it was last asked, as far as history is wanted.
-- grain: one row per cluster
-- keys: cluster
-- example: from raw_reach
-- example: select cluster, asked_at - oldest as reach from raw_reach
-- example: select cluster from raw_reach where oldest > $t0
create table if not exists raw_reach (
    cluster varchar,
    oldest timestamp,
    asked_at timestamp
)
