-- etcd_snapshot: the last snapshot of the Kubernetes API at a moment, where it is not older than two hours.
-- macro: etcd_snapshot(of_cluster, moment)
select cluster, max(taken_at) as taken_at
from raw_inventory_part
where cluster = of_cluster and taken_at <= moment and taken_at > moment - interval 2 hours
group by cluster
