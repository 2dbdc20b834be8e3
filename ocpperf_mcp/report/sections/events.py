"""What happened, and how long it lasted."""

from ocpperf_mcp.extent import aware
from ocpperf_mcp.report.model import Event
from ocpperf_mcp.report.reading import Reading

SHOWN = 300
_EVENTS = """
with

happened as (
    select kind, start, null::timestamp as "end", entity, node, summary
    from fct_event
    where cluster = $cluster and start >= $t0::timestamp and start < $t1::timestamp
),

changed as (
    select kind, start, "end", entity, case entity_kind when 'node' then entity end as node, title as summary
    from rpt_change_window
    where cluster = $cluster and start < $t1::timestamp and "end" >= $t0::timestamp
),

final as (
    select * from happened
    union all by name
    select * from changed
)

from final
order by start desc, kind, entity, summary
limit {limit}
"""


def events(reading: Reading) -> tuple[Event, ...]:
    """The last ones in the window, the earliest of them first."""
    found = reading.rows(_EVENTS.format(limit=SHOWN))
    for row in found:
        for name in ("start", "end"):
            row[name] = row[name] and aware(row[name])
    return tuple(Event(cluster=reading.cluster, **row) for row in reversed(found))
