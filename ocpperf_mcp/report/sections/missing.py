"""What the report cannot tell: rules that were not judged, metrics that were not or not wholly collected."""

from ocpperf_mcp.report.model import Column, Section, Table
from ocpperf_mcp.report.reading import Reading, number, text

_SHOWN = 100
_RULES = """
select *, count(*) over () as in_all
from rpt_not_evaluated($cluster, $t0::timestamp, $t1::timestamp)
where $analyzer is null or analyzer = $analyzer
order by not is_applicable, hours desc, rule, reason
limit {limit}
"""
_METRICS = """
select collected.*, count(*) over () as in_all
from rpt_collected($cluster, $t0::timestamp, $t1::timestamp) as collected
join dim_metric using (metric)
where ($tools is null or list_has_any(dim_metric.tools, $tools))
    and (status is distinct from 'ok' or hours_lacking > 0) and absence <> 'it has not happened'
order by status = 'error' desc nulls first, hours_lacking desc, domain, metric
limit {limit}
"""
_RULE_COLUMNS = (
    Column(key="rule", title="Rule"),
    Column(key="analyzer", title="Analyzer"),
    Column(key="reason", title="Why it was not judged"),
    Column(key="hours", title="Hours", kind="number"),
)
_METRIC_COLUMNS = (
    Column(key="metric", title="Metric"),
    Column(key="domain", title="Domain"),
    Column(key="state", title="What is missing"),
    Column(key="coverage", title="Coverage", kind="number"),
    Column(key="error", title="Error"),
)


def missing(reading: Reading) -> Section:
    """Rules first, then metrics."""
    tables = tuple(table for table in (_rules(reading), _metrics(reading)) if table is not None)
    said = () if tables else ("Every rule was judged in every hour, and every metric was collected.",)
    return Section(key="missing", title="Not evaluated and not collected", text=said, tables=tables)


def _rules(reading: Reading) -> Table | None:
    found = reading.rows(_RULES.format(limit=_SHOWN))
    if not found:
        return None
    rows = tuple(
        (
            text(row["rule"]),
            text(row["analyzer"]),
            text(row["reason"]),
            number(row["hours"], words=f"{row['hours']} of {row['hours_collected']}"),
        )
        for row in found
    )
    return Table(key="rules", title="Rules", columns=_RULE_COLUMNS, rows=rows, rows_in_all=found[0]["in_all"])


def _metrics(reading: Reading) -> Table | None:
    found = reading.rows(_METRICS.format(limit=_SHOWN))
    if not found:
        return None
    rows = tuple(
        (
            text(row["metric"]),
            text(row["domain"]),
            text(_lack(row["hours_lacking"], row["hours"], row["absence"])),
            number(row["coverage"], "ratio", words=_share(row["coverage"])),
            text(row["error"]),
        )
        for row in found
    )
    return Table(key="metrics", title="Metrics", columns=_METRIC_COLUMNS, rows=rows, rows_in_all=found[0]["in_all"])


def _lack(lacking: int, hours: int, absence: str) -> str:
    if lacking and lacking < hours:
        return f"{lacking} of {hours} hours covered by less than 80 %"
    return absence


def _share(coverage: float | None) -> str:
    return "not applicable" if coverage is None else f"{coverage:.0%}"
