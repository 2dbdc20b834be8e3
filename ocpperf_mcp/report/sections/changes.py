"""What changed against the comparison window, of metrics that are watched or have an objective."""

from ocpperf_mcp.report.model import Column, Mark, Section, Table, Value
from ocpperf_mcp.report.reading import Reading, Row, number, ranked, shown, text
from ocpperf_mcp.report.sections.things import MEASURED, thing_of

RELATION = "rpt_compare"
_SHOWN = 40
_TOLD = ("worse", "better", "changed")
_CHANGES = """
select
    found.* exclude (before, after, objective), {before}, {after},
    thing.samples_found, thing.samples_expected, thing.found_before, thing.expected_before,
    count(*) over (partition by change) as in_all
from window_change(
    $cluster, $a0::timestamp, $a1::timestamp, $t0::timestamp, $t1::timestamp,
    (select list(metric) from dim_metric where (watch or objective_value is not null)
        and ($tools is null or list_has_any(tools, $tools)))
) as found
left join {measured} as thing
    on thing.metric = found.metric and thing.entity_kind = found.entity_kind and thing.entity = found.entity
    and thing.part = found.part
qualify row_number() over (
    partition by change
    order by {telling}, found.metric, found.entity_kind, found.entity, found.part
) <= {limit}
order by
    list_position(['worse', 'better', 'changed', 'only after', 'only before', 'not comparable', 'unchanged'], change),
    {telling}, found.metric, found.entity_kind, found.entity, found.part
"""
# What misses its objective now and did not before says more than any size of change, and what meets it less.
_TELLING = f"""
    (met_after is false and met_before is distinct from false) desc, met_after is false desc,
    coalesce(met_after, false),
    -- Beyond ten spreads the size says no more, and where the spread is nothing but rounding it is chance.
    round(least(abs(coalesce(effect_size, 0)), 10), 2) desc, {ranked("abs(ln(nullif(abs(ratio), 0)))")} desc nulls last
"""
_COLUMNS = (
    Column(key="metric", title="Metric"),
    Column(key="thing", title="Of"),
    Column(key="statistic", title="Statistic"),
    Column(key="before", title="Before", kind="number"),
    Column(key="after", title="After", kind="number"),
    Column(key="ratio", title="Ratio", kind="number"),
    Column(key="objective", title="Objective before, after"),
)
_STATISTIC = {"mean": "mean", "p99": "P99"}
_MET = {True: "met", False: "missed", None: "not evaluated"}


def changes(reading: Reading) -> Section | None:
    """One table for each kind of change that tells something."""
    if reading.against is None:
        return None
    query = _CHANGES.format(
        before=shown("found.before", "found.unit"),
        after=shown("found.after", "found.unit"),
        measured=MEASURED,
        limit=_SHOWN,
        telling=_TELLING,
    )
    found = reading.rows(query)
    tables = tuple(_table(reading, change, [row for row in found if row["change"] == change]) for change in _TOLD)
    return Section(
        key="changes",
        title="What changed",
        text=(_counted(found), "Metrics that are watched or have an objective; ocpperf compare shows all."),
        tables=tuple(table for table in tables if table.rows),
    )


def _table(reading: Reading, change: str, rows: list[Row]) -> Table:
    return Table(
        key=change,
        title={"worse": "Worse", "better": "Better", "changed": "Changed, which is neither good nor bad"}[change],
        columns=_COLUMNS,
        rows=tuple(_row(reading, row) for row in rows),
        rows_in_all=rows[0]["in_all"] if rows else 0,
    )


def _row(reading: Reading, row: Row) -> tuple[Value, ...]:
    is_judged = row["met_before"] is not None or row["met_after"] is not None
    return (
        text(row["title"]),
        thing_of(row),
        text(_STATISTIC[row["statistic"]]),
        _level(reading, row, "before"),
        _level(reading, row, "after"),
        number(row["ratio"], words="" if row["ratio"] is None else f"{row['ratio']:.2f}"),
        text(f"{_MET[row['met_before']]}, {_MET[row['met_after']]}" if is_judged else ""),
    )


def _level(reading: Reading, row: Row, when: str) -> Value:
    window = reading.window if when == "after" else reading.against
    assert window is not None
    marks: tuple[Mark, ...] = ("warning",) if when == "after" and row["met_after"] is False else ()
    return reading.claims.value(
        row[when],
        _samples(row, when),
        _STATISTIC[row["statistic"]],
        cluster=reading.cluster,
        relation=RELATION,
        window=window,
        marks=marks,
    )


def _samples(row: Row, when: str) -> Row:
    if when == "after":
        return row
    return {**row, "samples_found": row["found_before"], "samples_expected": row["expected_before"]}


def _counted(found: list[Row]) -> str:
    counts = {row["change"]: row["in_all"] for row in found}
    if not counts:
        return "Nothing was measured in either window."
    return ", ".join(f"{count} {change}" for change, count in counts.items()) + "."
