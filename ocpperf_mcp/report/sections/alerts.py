"""Alerts by how long they fired, every figure a claim."""

from ocpperf_mcp.report.model import Column, Section, Table, Value
from ocpperf_mcp.report.reading import Reading, Row, moment, number, text

RELATION = "rpt_alert"
_SHOWN = 50
_ALERTS = """
select
    *, count(*) over () as in_all,
    alert_metric() as metric, 'alert' as entity_kind, alert as entity,
    concat_ws(' ', nullif(severity, ''), nullif(namespace, '')) as part
from rpt_alert($cluster, $t0::timestamp, $t1::timestamp)
order by list_position(['critical', 'warning'], severity) nulls last, firing_s desc, alert, namespace
limit {limit}
"""
_COLUMNS = (
    Column(key="alert", title="Alert"),
    Column(key="severity", title="Severity"),
    Column(key="namespace", title="Namespace"),
    Column(key="minutes", title="Minutes it fired", kind="number"),
    Column(key="beginnings", title="Beginnings", kind="number"),
    Column(key="most", title="Most at once", kind="number"),
    Column(key="last", title="Last seen", kind="moment"),
    Column(key="flaps", title="Flaps"),
)


def alerts(reading: Reading) -> Section:
    """The severe ones first."""
    rows = reading.rows(_ALERTS.format(limit=_SHOWN))
    if not rows:
        return Section(key="alerts", title="Alerts", text=("No alert fired, as far as alerts were collected.",))
    table = Table(
        key="alerts", columns=_COLUMNS, rows=tuple(_row(reading, row) for row in rows), rows_in_all=rows[0]["in_all"]
    )
    return Section(key="alerts", title="Alerts", tables=(table,))


def _row(reading: Reading, row: Row) -> tuple[Value, ...]:
    severity = text(row["severity"])
    if row["severity"] in ("critical", "warning"):
        severity = severity.model_copy(update={"marks": (row["severity"],)})
    return (
        text(row["alert"]),
        severity,
        text(row["namespace"]),
        _claimed(
            reading, row, number(row["firing_s"] / 60, "minutes", words=f"{row['firing_s'] // 60}"), "time it fired"
        ),
        _claimed(reading, row, number(row["beginnings"], "count"), "beginnings"),
        _claimed(reading, row, number(row["most_at_once"], "count"), "most at once"),
        moment(row["last_seen"]),
        text("yes" if row["flaps"] else ""),
    )


def _claimed(reading: Reading, row: Row, told: Value, statistic: str) -> Value:
    """An alert has samples only while it fires, so none are expected of it."""
    return reading.claims.value(
        {"number": told.number, "unit": told.unit, "text": told.text},
        row,
        statistic,
        cluster=reading.cluster,
        relation=RELATION,
        window=reading.window,
    )
