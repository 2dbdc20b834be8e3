-- rpt_inventory_update: updates that the cluster remembers at a moment, newest first.
-- grain: one row per update
-- macro: rpt_inventory_update(of_cluster, moment)
-- example: from rpt_inventory_update($cluster, $t1)
-- example: select version, duration_s / 60 as minutes from rpt_inventory_update($cluster, $t1) where state = 'Completed'
-- example: select version, started_at from rpt_inventory_update($cluster, $t1) where state <> 'Completed'
select
    past.*,
    epoch(past.completed_at - past.started_at) as duration_s
from inventory_taken(of_cluster, moment) as snapshot
join raw_inventory_update as past on past.cluster = snapshot.cluster and past.taken_at = snapshot.taken_at
order by past.started_at desc
