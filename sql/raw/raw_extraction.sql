-- raw_extraction: how the collection of every metric went, hour by hour; the last state counts.
-- Empty, failed, partial and truncated are each recorded as themselves.
-- grain: one row per cluster, metric and hour
-- keys: cluster, metric, hour
-- time: hour
-- keep: hourly
create table if not exists raw_extraction (
    cluster varchar,
    domain varchar,
    metric varchar,
    hour timestamp,
    status varchar,
    attempts bigint,
    series bigint,
    samples bigint,
    expected bigint,
    nan bigint,
    bytes bigint,
    seconds double,
    error varchar,
    notes varchar,
    expr_hash varchar,
    step_s bigint,
    collected_until timestamp,
    run_id varchar,
    extracted_at timestamp
)
