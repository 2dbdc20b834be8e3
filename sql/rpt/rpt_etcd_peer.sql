-- rpt_etcd_peer: round trips from each member of etcd to each of its peers over a window, from five-minute buckets.
-- Peers are told by their ids, which etcd_member_id resolves; peer is NULL where no member had that id. worst_5m_p99 is the P99 of
-- the worst five minutes, failures_5m the most messages of five minutes that did not reach the peer; NULL where they were not
-- collected.
-- grain: one row per member and peer
-- macro: rpt_etcd_peer(of_cluster, t0, t1)
-- example: select member, peer, p50, p99, worst_5m_p99 from rpt_etcd_peer($cluster, $t0, $t1) order by p99 desc
-- example: pivot (from rpt_etcd_peer($cluster, $t0, $t1) select member, peer, p99) on peer using max(p99)
-- example: select member, peer, failures_5m from rpt_etcd_peer($cluster, $middle, $t1) where failures_5m > 0
with

ids as (
    select labels['server_id'] as peer_id, arg_max(coalesce(node, entity), last_seen) as peer
    from raw_series
    where cluster = of_cluster and metric = 'etcd_member_id'
    group by all
),

trips as (
    select
        entity_kind,
        entity as member,
        part,
        observations,
        bucket_quantile(0.5, les, counts) as p50,
        bucket_quantile(0.9, les, counts) as p90,
        bucket_quantile(0.99, les, counts) as p99,
        dim_metric.unit,
        dim_metric.objective_value as objective,
        objective_certainty(dim_metric.objective_value, les, counts) as certainty
    from merged_bucket_of(
        of_cluster,
        time_bucket(interval 5 minutes, t0),
        piece_end(interval 5 minutes, t1),
        piece_end(interval 5 minutes, t1) - time_bucket(interval 5 minutes, t0),
        ['network_io_peer2peer_rtt_latency_seconds'],
        null::bigint[],
        true
    ) as merged
    join dim_metric on dim_metric.metric = merged.metric
    where t0 < t1 and observations > 0
),

levels as (
    select entity, part, metric, avg, max, samples
    from window_statistic(
        of_cluster, ['network_io_peer2peer_rtt_latency_p99', 'etcd_network_peer_sent_failures'], ['etcd'], t0, t1
    )
),

final as (
    select
        of_cluster as cluster,
        trips.member,
        ids.peer,
        trips.part.replace('To=', '') as peer_id,
        trips.observations::bigint as observations,
        trips.p50,
        trips.p90,
        trips.p99,
        worst.max as worst_5m_p99,
        trips.unit,
        trips.objective,
        trips.certainty,
        failed.max as failures_5m
    from trips
    left join ids on ids.peer_id = trips.part.replace('To=', '')
    left join levels as worst
        on worst.metric = 'network_io_peer2peer_rtt_latency_p99' and worst.entity = trips.member and worst.part = trips.part
    left join levels as failed
        on failed.metric = 'etcd_network_peer_sent_failures' and failed.entity = trips.member and failed.part = trips.part
)

select * from final
order by member, peer, peer_id
