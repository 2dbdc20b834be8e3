"""Round trips between etcd's members, pair by pair."""

from ocpperf_mcp.tools.asks import MetricAsk
from ocpperf_mcp.tools.draft import Draft
from ocpperf_mcp.tools.question import Place, Question

_COLUMNS = (
    "member",
    "peer",
    "peer_id",
    "p50_s",
    "p90_s",
    "p99_s",
    "worst_5m_p99_s",
    "objective_s",
    "status",
    "failures_5m",
)
_PEERS = """
select
    member, peer, peer_id, p50 as p50_s, p90 as p90_s, p99 as p99_s, worst_5m_p99 as worst_5m_p99_s,
    objective as objective_s, failures_5m,
    case certainty when 'certain' then 'missed' when 'possible' then 'possible' when 'none' then 'met' end as status
from rpt_etcd_peer($cluster, $t0::timestamp, $t1::timestamp)
order by p99 desc, member, peer_id
"""


def add_peers(draft: Draft, question: Question[MetricAsk], place: Place) -> None:
    """The slowest pair first. Nothing where five-minute buckets are gone or no message went."""
    draft.add("peers", _COLUMNS, question.rows(_PEERS, **place.parameters))
