-- inventory_taken: the last snapshot of the Kubernetes API at or before a moment; no row where none was taken.
-- grain: one row at most
-- macro: inventory_taken(of_cluster, moment)
select cluster, taken_at
from raw_inventory_part
where cluster = of_cluster and taken_at <= moment
order by taken_at desc
limit 1
