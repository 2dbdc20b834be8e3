-- raw_reach: how far back Prometheus answered when it was last asked, as far as history is wanted.
-- grain: one row per cluster
-- keys: cluster
create table if not exists raw_reach (
    cluster varchar,
    oldest timestamp,
    asked_at timestamp
)
