"""The clusters of a fleet beside each other: the worst of each metric that is watched."""

from ocpperf_mcp.report.model import Column, Section, Table, Value
from ocpperf_mcp.report.reading import Reading, Row, number, shown, text
from ocpperf_mcp.report.sections.things import objective_of

RELATION = "rpt_fleet"
_WORST = f"""
select
    metric, found.title, cluster, statistic, worst_entity, clusters, objective_tier as tier,
    {shown("found.value", "found.unit")}, {shown("found.worst_hour", "found.unit")},
    {shown("found.objective", "found.unit")}
from rpt_fleet($t0::timestamp, $t1::timestamp) as found
join dim_metric using (metric)
where place = 1 and clusters > 1 and ($tools is null or list_has_any(tools, $tools))
order by found.domain, metric, cluster
"""
_COLUMNS = (
    Column(key="metric", title="Metric"),
    Column(key="cluster", title="Worst cluster"),
    Column(key="statistic", title="Statistic"),
    Column(key="value", title="Level", kind="number"),
    Column(key="worst_hour", title="Worst hour", kind="number"),
    Column(key="entity", title="Most of it on"),
    Column(key="objective", title="Objective", kind="number"),
    Column(key="clusters", title="Clusters compared", kind="number"),
)


def fleet(reading: Reading) -> Section | None:
    """None where no metric of two clusters can be compared."""
    found = reading.rows(_WORST)
    if not found:
        return None
    rows = tuple(_row(reading, row) for row in found)
    return Section(
        key="fleet",
        title="Clusters beside each other",
        text=("The worst cluster of each watched metric; a rank is no fault.",),
        tables=(Table(key="fleet", columns=_COLUMNS, rows=rows, rows_in_all=len(rows)),),
    )


def _row(reading: Reading, row: Row) -> tuple[Value, ...]:
    return (
        text(row["title"]),
        text(row["cluster"]),
        text(row["statistic"]),
        _claimed(reading, row, "value", str(row["statistic"])),
        _claimed(reading, row, "worst_hour", f"{row['statistic']} of the worst hour"),
        text(row["worst_entity"]),
        objective_of(row),
        number(row["clusters"]),
    )


def _claimed(reading: Reading, row: Row, column: str, statistic: str) -> Value:
    return reading.claims.value(
        row[column],
        {"metric": row["metric"], "entity_kind": "cluster", "entity": row["cluster"]},
        statistic,
        cluster=row["cluster"],
        relation=RELATION,
        window=reading.window,
    )
