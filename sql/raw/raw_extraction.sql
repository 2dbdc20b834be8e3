-- raw_extraction: how the collection of every metric went, hour by hour; the last state counts.
-- Empty, failed, partial and truncated are each recorded as themselves.
-- grain: one row per cluster, metric and hour
-- keys: cluster, metric, hour
-- time: hour
-- keep: hourly
-- example: select status, count(*) as hours, sum(samples) as samples from raw_extraction where hour >= $t0 group by all
-- example: select metric, hour, error, attempts from raw_extraction where status in ('error', 'partial', 'truncated') and cluster = $cluster order by hour
-- example: select metric, sum(seconds) as seconds, sum(bytes) as bytes from raw_extraction where hour >= $t0 group by all order by seconds desc limit 10
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
