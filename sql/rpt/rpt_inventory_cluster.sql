-- rpt_inventory_cluster: versions, platform and network at a moment.
-- What a part did not tell is NULL; rpt_inventory says why.
-- grain: one row at most
-- macro: rpt_inventory_cluster(of_cluster, moment)
-- example: from rpt_inventory_cluster($cluster, $t1)
-- example: select version, desired_version, channel, kubernetes_version from rpt_inventory_cluster($cluster, $t1)
-- example: select now.version, old.version as before from rpt_inventory_cluster($cluster, $t1) as now, rpt_inventory_cluster($cluster, $t0) as old
select found.*
from inventory_taken(of_cluster, moment) as snapshot
join raw_inventory_cluster as found on found.cluster = snapshot.cluster and found.taken_at = snapshot.taken_at
