-- rpt_inventory: how each part of the last snapshot at a moment ended, and how many objects it counted.
-- objects is NULL where a part could not be asked: a kind that is forbidden or absent is not counted as none.
-- grain: one row per part
-- macro: rpt_inventory(of_cluster, moment)
-- example: from rpt_inventory($cluster, $t1)
-- example: select kind, objects, state from rpt_inventory($cluster, $t1) where kind is not null order by objects desc
-- example: select part, state, error from rpt_inventory($cluster, $t1) where state not in ('ok', 'not_applicable')
with

final as (
    select
        part.cluster,
        part.taken_at,
        part.part,
        part.state,
        part.kind,
        counted.objects,
        counted.counted_by,
        part.error
    from inventory_taken(of_cluster, moment) as snapshot
    join raw_inventory_part as part on part.cluster = snapshot.cluster and part.taken_at = snapshot.taken_at
    left join raw_inventory_count as counted
        on counted.cluster = part.cluster and counted.taken_at = part.taken_at and counted.kind = part.kind
)

select * from final
order by part
