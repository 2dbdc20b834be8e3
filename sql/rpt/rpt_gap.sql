-- rpt_gap: closed hours of a metric that were not collected to their end: `recoverable` while Prometheus has them,
-- `unrecoverable` afterwards, which is no failure of anything. As of the moment Prometheus was last asked how far it reaches.
-- view
-- grain: one row per cluster, metric and hour
select missing.*
from raw_reach, lateral (from gap(raw_reach.cluster, raw_reach.oldest, raw_reach.asked_at)) as missing
