-- raw_closed_hour: hours whose raw samples were removed for their age. Their facts cannot be built again, so the hour
-- is not collected again either: a part of its metrics would take the place of all.
-- view
-- grain: one row per cluster and hour
select distinct extraction.cluster, extraction.hour
from raw_extraction as extraction
join raw_retention as retention on retention.table_name = 'raw_' || extraction.domain
where extraction.samples > 0
    and extraction.hour < retention.kept_from
    and extraction.extracted_at <= retention.removed_at
