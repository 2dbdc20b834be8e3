-- rpt_gap: closed hours of a metric that were not collected to their end: `recoverable` while Prometheus has them,
-- `unrecoverable` afterwards, which is no failure of anything. As of the moment Prometheus was last asked how far it reaches.
-- view
-- grain: one row per cluster, metric and hour
-- example: select hour, count(*) as metrics from rpt_gap where state = 'recoverable' group by all order by hour
-- example: select metric, reason, attempts, error from rpt_gap where cluster = $cluster and reason = 'failed'
-- example: select domain, state, count(*) as hours from rpt_gap group by all order by all
select missing.*
from raw_reach, lateral (from gap(raw_reach.cluster, raw_reach.oldest, raw_reach.asked_at)) as missing
