-- rpt_inventory_pool: machine config pools at a moment, and the machines that are behind.
-- grain: one row per pool
-- macro: rpt_inventory_pool(of_cluster, moment)
-- example: from rpt_inventory_pool($cluster, $t1)
-- example: select pool, behind_machines, updating, paused from rpt_inventory_pool($cluster, $t1) where behind_machines > 0
-- example: select pool, machines, degraded_machines from rpt_inventory_pool($cluster, $t1) where degraded = 'True'
select
    pool.*,
    pool.machines - pool.updated_machines as behind_machines
from inventory_taken(of_cluster, moment) as snapshot
join raw_inventory_pool as pool on pool.cluster = snapshot.cluster and pool.taken_at = snapshot.taken_at
order by pool.pool
