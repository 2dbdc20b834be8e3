"""One self-contained HTML page of the findings of a window: no script, no download, light and dark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.report.sparkline import Sparkline, sparkline
from ocpperf_mcp.warehouse import open_published

Row = Mapping[str, Any]
MIB, GIB = 1024**2, 1024**3

_FINDINGS = """
select found.*, shown.root_causes
from rpt_findings as found
left join (
    select finding_id,
           list(struct_pack(statement, competing, check_command, check_tells) order by place) as root_causes
    from rpt_root_cause group by finding_id
) as shown on shown.finding_id = found.finding_id
where acknowledged = $acknowledged
order by array_position(['critical', 'warning', 'info'], severity), start, rule, entity
"""
_COVERAGE = """
select domain, count(distinct metric) as metrics, sum(samples) as samples,
       count(distinct metric) filter (status = 'empty') as empty,
       count(distinct metric) filter (status = 'error') as failed,
       min(hour) as first_hour, max(collected_until) as last_moment
from raw_extraction group by domain order by domain
"""
_EVENTS = "select start, kind, summary from fct_event order by start desc limit 200"
_NODES = "select node, role, kubelet_version, os_image, first_seen, last_seen from dim_node order by role, node"
_LATENCY = """
select l.metric, l.entity, d.title, l.objective, round(sum(l.observations)) as observations, max(l.p99) as worst_hour_s,
       count(*) filter (l.certainty = 'certain') as hours_missed, count(*) as hours,
       list(l.p99 order by l.hour) as p99_seconds
from fct_latency_hourly as l join dim_metric as d on d.metric = l.metric and d.better = 'lower'
group by all order by l.metric, l.entity
"""


@dataclass(frozen=True)
class FindingsPage:
    """Everything the page shows, as plain values."""

    cluster: str
    as_of: datetime | None
    findings: Sequence[Row]
    acknowledged: Sequence[Row]
    """Findings that somebody knows of."""
    events: Sequence[Row]
    """The last ones, newest first."""
    coverage: Sequence[Row]
    nodes: Sequence[Row]
    latencies: Sequence[Row]

    @property
    def latencies_with_objective(self) -> Sequence[Row]:
        return [row for row in self.latencies if row["objective"] is not None]

    @property
    def latencies_without_objective(self) -> Sequence[Row]:
        return [row for row in self.latencies if row["objective"] is None]

    def count(self, severity: str) -> int:
        return sum(finding["severity"] == severity for finding in self.findings)

    def render(self) -> str:
        """The page; every value from the warehouse is escaped."""
        environment = Environment(
            loader=PackageLoader("ocpperf_mcp.report"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters["moment"] = _moment
        environment.filters["duration"] = _duration
        environment.filters["quantity"] = quantity
        return environment.get_template("findings.html").render(page=self, sparkline=_spark)


def read_findings_page(home: Home) -> FindingsPage:
    """Read the page's content from the published warehouse in one consistent view."""
    with open_published(home) as con:
        coverage = _rows(con, _COVERAGE)
        clusters = [row["cluster"] for row in _rows(con, "select distinct cluster from raw_extraction order by 1")]
        return FindingsPage(
            cluster=", ".join(clusters),
            as_of=max((row["last_moment"] for row in coverage if row["last_moment"]), default=None),
            findings=_rows(con, _FINDINGS, acknowledged=False),
            acknowledged=_rows(con, _FINDINGS, acknowledged=True),
            events=_rows(con, _EVENTS),
            coverage=coverage,
            nodes=_rows(con, _NODES),
            latencies=_rows(con, _LATENCY),
        )


def write_findings_page(home: Home, destination: Path) -> Path:
    destination.parent.mkdir(parents=True, exist_ok=True)
    destination.write_text(read_findings_page(home).render(), encoding="utf-8")
    return destination


def quantity(value: float | None, unit: str | None = None) -> str:
    """A number a person reads at a glance: seconds as ms below a second, ratios as percent, bytes as MiB, yes or no."""
    if value is None:
        return "not known"
    if unit == "seconds":
        return f"{_number(value * 1000, 3)} ms" if abs(value) < 1 else f"{_number(value, 3)} s"
    if unit == "boolean":
        return "yes" if value else "no"
    if unit == "ratio":
        return f"{_number(value * 100, 3)} %"
    if unit == "bytes":
        return f"{_number(value / GIB, 4)} GiB" if abs(value) >= GIB else f"{_number(value / MIB, 4)} MiB"
    return _number(value, 4) + (f" {unit.replace('_', ' ')}" if unit and unit != "count" else "")


def _number(value: float, digits: int) -> str:
    """So many digits, or all before the point when there are more."""
    short = f"{value:,.{digits}g}"
    return f"{value:,.0f}" if "e+" in short else short


def _rows(con: duckdb.DuckDBPyConnection, query: str, **parameters: object) -> list[dict[str, Any]]:
    cursor = con.execute(query, parameters)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _spark(values: Sequence[float | None], objective: float | None) -> Sparkline:
    return sparkline(values, objective)


def _moment(value: datetime | None) -> str:
    return f"{value:%Y-%m-%d %H:%M} UTC" if value else "never"


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "not known"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"
