-- rpt_compare: what differs between two windows, a before and b after, for everything measured in either.
-- A metric's level is the mean of its five-minute means. It changed when the levels are at least a tenth apart and by at
-- least 0.8 of the windows' pooled spread (Cohen's d, "large"), each at least half covered and of six points.
-- A latency is compared by its merged P99, and changed only when the buckets that hold it do not touch.
-- change: better, worse or changed as the metric's direction has it; unchanged; only before, only after; not comparable,
-- with the reason. met_before and met_after: whether a published objective was met, which is another question; NULL where
-- less than half was covered, or there were fewer than 100 operations.
-- grain: one row per metric, entity and part
-- macro: rpt_compare(of_cluster, a0, a1, b0, b1)
-- example: from rpt_compare($cluster, $t0, $middle, $middle, $t1) where change = 'worse' order by abs(effect_size) desc nulls last
-- example: select metric, entity, before, after, unit, ratio from rpt_compare($cluster, $t0, $middle, $middle, $t1) where domain = 'etcd' order by ratio desc nulls last limit 10
-- example: select change, count(*) as things from rpt_compare($cluster, $t0, $middle, $middle, $t1) group by all order by things desc
select * from window_change(of_cluster, a0, a1, b0, b1, null::varchar[])
order by
    list_position(['worse', 'better', 'changed', 'only after', 'only before', 'not comparable', 'unchanged'], change),
    abs(coalesce(effect_size, 0)) desc, metric, entity, part
