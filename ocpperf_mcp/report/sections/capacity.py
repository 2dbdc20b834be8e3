"""What limited resources have left, and when nothing is, at the pace of the window."""

from ocpperf_mcp.report.model import Column, Section, Table, Value
from ocpperf_mcp.report.reading import Reading, Row, moment, ranked, shown, text
from ocpperf_mcp.report.sections.things import thing_of

RELATION = "rpt_capacity"
_SHOWN = 50
_CAPACITY = """
with

names as (
    select list(metric) as names from dim_metric
    where capacity_value is not null and ($tools is null or list_has_any(tools, $tools))
),

found as (
    select *
    from rpt_capacity($cluster, (select names from names), $t0::timestamp, $t1::timestamp) as found
    qualify verdict in ('full', 'filling') or row_number() over (
        partition by metric, verdict in ('full', 'filling')
        order by {soonest}, highest / capacity desc, entity_kind, entity, part
    ) = 1
)

select
    found.* exclude (used, highest, remaining, growth_per_day), {used}, {highest}, {remaining}, {growth_per_day},
    count(*) over () as in_all
from found
order by
    list_position(['full', 'filling'], verdict) nulls last, full_from, {soonest}, highest / capacity desc,
    metric, entity_kind, entity, part
limit {limit}
"""
_SOONEST = ranked("found.remaining / nullif(found.growth_per_day, 0)") + " nulls last"
_COLUMNS = (
    Column(key="metric", title="Resource"),
    Column(key="thing", title="Of"),
    Column(key="used", title="Used", kind="number"),
    Column(key="highest", title="Highest", kind="number"),
    Column(key="left", title="Left", kind="number"),
    Column(key="growth", title="Growth a day", kind="number"),
    Column(key="full_from", title="Full from (UTC)", kind="moment"),
    Column(key="full_by", title="Full by (UTC)", kind="moment"),
    Column(key="verdict", title="Verdict"),
)
_STATISTICS = {
    "used": "mean at the end",
    "highest": "highest mean of a piece",
    "remaining": "what is left at the end",
    "growth_per_day": "growth a day",
}


def capacity(reading: Reading) -> Section | None:
    """What is full or filling, and of each resource one thing that is neither: what grows most, else the fullest."""
    numbers = {name: shown(f"found.{name}", "unit") for name in _STATISTICS}
    rows = reading.rows(_CAPACITY.format(limit=_SHOWN, soonest=_SOONEST, **numbers))
    if not rows:
        return None
    table = Table(
        key="capacity",
        columns=_COLUMNS,
        rows=tuple(_row(reading, row) for row in rows),
        rows_in_all=rows[0]["in_all"],
    )
    return Section(key="capacity", title="What is left", text=(_HOW,), tables=(table,))


_HOW = (
    "Growth is read from the pace of the window, and no farther ahead than three times its length; of what follows the "
    "load of the day only over eight days or more."
)


def _row(reading: Reading, row: Row) -> tuple[Value, ...]:
    return (
        text(row["title"]),
        thing_of(row),
        *(_claimed(reading, row, name) for name in _STATISTICS),
        moment(row["full_from"]) if row["full_from"] else text(""),
        moment(row["full_by"]) if row["full_by"] else text(""),
        text(row["verdict"]),
    )


def _claimed(reading: Reading, row: Row, name: str) -> Value:
    if row[name]["number"] is None:
        return Value(text="")
    return reading.claims.value(
        row[name], row, _STATISTICS[name], cluster=reading.cluster, relation=RELATION, window=reading.window
    )
