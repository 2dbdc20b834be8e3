"""What a tool's limited resources have left, and until when: a table beside its metrics."""

from collections.abc import Sequence

from ocpperf_mcp.tools.asks import MetricAsk
from ocpperf_mcp.tools.draft import Draft
from ocpperf_mcp.tools.question import Place, Question, narrowing

_COLUMNS = ("metric", "entity", "part", "used", "remaining", "growth_per_day", "full_from", "full_by", "verdict")
_CAPACITY = """
from rpt_capacity($cluster, $limited, $t0::timestamp, $t1::timestamp)
where ($role is null or role = $role) and ($nodes is null or list_contains($nodes, node))
qualify row_number() over (
    partition by metric, verdict in ('full', 'filling')
    order by full_from, remaining / nullif(growth_per_day, 0) nulls last, highest / capacity desc, entity, part
) <= case when verdict in ('full', 'filling') then $top_n else 1 end
order by
    list_position(['full', 'filling'], verdict) nulls last, full_from, highest / capacity desc, metric, entity, part
"""


def add_capacity(draft: Draft, question: Question[MetricAsk], place: Place, limited: Sequence[str]) -> None:
    """What is full or filling, and of each resource one thing that is neither: first what grows most."""
    narrowed = narrowing(question, place.cluster)
    rows = question.rows(_CAPACITY, **place.parameters, **narrowed, limited=list(limited), top_n=question.ask.top_n)
    draft.add("capacity", _COLUMNS, rows)
    draft.metrics |= {row["metric"]: {"title": row["title"], "unit": row["unit"]} for row in rows}
