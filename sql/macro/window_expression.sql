-- window_expression: the expressions by which each metric was collected in a window; more than one mean that it changed.
-- macro: window_expression(of_cluster, t0, t1)
select metric, list_sort(list(distinct expr_hash)) as hashes
from raw_extraction
where cluster = of_cluster and hour >= time_bucket(interval 1 hour, t0) and hour < t1 and expr_hash is not null
group by metric
