-- gap: closed hours of a cluster's metrics that were not collected to their end, and whether Prometheus, which has
-- data since `oldest`, still has them. An hour before that is a gap only where the metric was collected earlier still.
-- Not recoverable either is an hour whose raw samples were removed: it is not collected again.
-- Hours of which retention removed even the hourly rows are no gaps. They are left out by NOT EXISTS: over a left join
-- with a table that may be empty and a filter on it, DuckDB 2.0.1 takes the result for empty, and drops a LIMIT.
-- grain: one row per metric and hour
-- macro: gap(of_cluster, oldest, asked_at)
with
begun as (
    select metric, min(hour) as hour
    from raw_extraction
    where cluster = of_cluster
    group by metric
),
wanted as (
    select
        asked.domain,
        asked.metric,
        asked.expr_hash,
        unnest(
            generate_series(
                least(date_trunc('hour', oldest - interval 1 microsecond) + interval 1 hour, begun.hour),
                date_trunc('hour', asked_at) - interval 1 hour,
                interval 1 hour
            )
        ) as hour
    from metric_of(of_cluster) as asked
    left join begun on begun.metric = asked.metric
),
judged as (
    select
        wanted.domain,
        wanted.metric,
        wanted.hour,
        wanted.hour >= oldest and closed.hour is null as recoverable,
        case
            when extraction.hour is null then 'never collected'
            when extraction.status = 'error' then 'failed'
            when extraction.collected_until < wanted.hour + interval 1 hour then 'collected in part'
            when extraction.expr_hash <> wanted.expr_hash then 'the expression changed'
        end as reason,
        extraction.attempts,
        extraction.error
    from wanted
    left join raw_extraction as extraction
        on extraction.cluster = of_cluster
        and extraction.metric = wanted.metric
        and extraction.hour = wanted.hour
    left join raw_closed_hour as closed on closed.cluster = of_cluster and closed.hour = wanted.hour
    where not exists (
        from raw_retention as retention
        where retention.table_name = 'raw_extraction' and wanted.hour < retention.kept_from
    )
)
select
    of_cluster as cluster,
    domain,
    metric,
    hour,
    case when recoverable then 'recoverable' else 'unrecoverable' end as state,
    reason,
    attempts,
    error
from judged
where reason is not null and (recoverable or reason <> 'the expression changed')
