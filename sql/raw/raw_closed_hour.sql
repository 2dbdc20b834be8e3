-- raw_closed_hour: hours whose raw samples were removed for their age. Their facts cannot be built again, so the hour
-- is not collected again either: a part of its metrics would take the place of all.
-- view
-- grain: one row per cluster and hour
-- example: from raw_closed_hour where cluster = $cluster order by hour
-- example: select cluster, count(*) as hours, max(hour) as newest from raw_closed_hour group by all
-- example: select hour from fct_coverage_hourly where cluster = $cluster group by all having hour not in (select hour from raw_closed_hour) order by hour
select distinct extraction.cluster, extraction.hour
from raw_extraction as extraction
join raw_retention as retention on retention.table_name = 'raw_' || extraction.domain
where extraction.samples > 0
    and extraction.hour < retention.kept_from
    and extraction.extracted_at <= retention.removed_at
