-- etcd_metric_health: whether each member is well, by its metrics alone; is_healthy is NULL where they do not tell.
-- A member is well while it knows a leader. One that is not scraped any more is called unhealthy only when another member
-- misses a peer as well: a scrape that fails says nothing about the thing measured.
-- macro: etcd_metric_health(of_cluster, moment)
with

gauges as (
    select
        member,
        max(value) filter (field = 'has_leader') as has_leader,
        max(value) filter (field = 'active_peers') as active_peers,
        max(told_at) filter (field = 'has_leader') as told_at
    from etcd_gauge(of_cluster, moment)
    group by member
),

members as (
    select
        coalesce(target.member, gauges.member) as member,
        target.is_up,
        gauges.has_leader,
        gauges.active_peers,
        coalesce(gauges.told_at, target.told_at) as told_at
    from etcd_target(of_cluster, moment) as target
    full join gauges on gauges.member = target.member
),

counted as (
    select *, count(*) over () as expected, min(active_peers) over () as fewest_peers from members
),

final as (
    select
        member,
        is_up,
        case
            when is_up is distinct from false then has_leader = 1
            when fewest_peers < expected - 1 then false
        end as is_healthy,
        case when is_up is distinct from false then 'etcd_has_leader' else 'target_up, etcd_network_active_peers' end
            as source,
        told_at
    from counted
)

select * from final
