"""What a client may read without a call: the catalogue, the rules, the latest findings, what was collected."""

import logging
from typing import Any

from fastmcp import FastMCP
from fastmcp.exceptions import ResourceError

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.nearest import meant
from ocpperf_mcp.reader import Reader
from ocpperf_mcp.tools.answer import Row, plain
from ocpperf_mcp.tools.page import dumped

_JSON = "application/json"
_CATALOGUE = """
select metric, title, domain, kind, unit, objective_value as objective, objective_tier as tier
from dim_metric order by domain, metric
"""
_RULES = """
select rule, title, analyzer, metric, unit, statistic, direction, levels, overrides, duration_s, causes
from dim_rule order by rule
"""
_FINDINGS = """
select cluster, finding_id, severity, analyzer, start, "end", open, acknowledged, summary
from rpt_findings
order by open desc, list_position(['critical', 'warning', 'info'], severity), start desc
limit 200
"""
_COVERAGE = """
with newest as (select cluster, max(hour) as hour from raw_extraction group by cluster)
select
    coverage.cluster, coverage.domain, count(distinct coverage.metric) as metrics, avg(coverage.coverage) as coverage,
    count(*) filter (coverage.status not in ('ok', 'empty')) as hours_failed_or_partial, min(coverage.hour) as since
from rpt_coverage as coverage
join newest on newest.cluster = coverage.cluster and coverage.hour > newest.hour - interval 24 hours
group by coverage.cluster, coverage.domain
order by all
"""
_METRIC = "select * exclude (expr_hash, name, expr), query as promql from dim_metric where metric = $name"
_METRICS = "select metric from dim_metric"
_FINDING = "select * from rpt_findings where finding_id = $name or list_contains(aliases, $name)"
_WHOLE = {
    "catalogue": ("Every metric with title, unit and objective.", _CATALOGUE),
    "rules": ("Every rule with its levels, limits and sources.", _RULES),
    "findings": ("The latest findings of all clusters, open ones first.", _FINDINGS),
    "coverage": ("What was collected in the last day, by cluster and domain.", _COVERAGE),
}


def add_resources(server: FastMCP[Any], reader: Reader) -> None:
    """Register the resources, and the templates for one metric and one finding."""
    for name, (description, query) in _WHOLE.items():
        _add_whole(server, reader, name, description, query)

    @server.resource("ocpperf://metrics/{metric}", mime_type=_JSON, description="One metric: PromQL, unit, meaning.")
    def metric(metric: str) -> str:
        if found := _rows(reader, _METRIC, name=metric):
            return dumped(found[0])
        names = [row["metric"] for row in _rows(reader, _METRICS)]
        raise _refusal(f"The catalogue has no metric '{metric}'. {meant(metric, names, 'metric')}")

    @server.resource("ocpperf://findings/{finding_id}", mime_type=_JSON, description="One finding with its evidence.")
    def finding(finding_id: str) -> str:
        if found := _rows(reader, _FINDING, name=finding_id):
            return dumped(found[0])
        raise _refusal(f"There is no finding '{finding_id}'. ocpperf://findings has the latest.")


def _add_whole(server: FastMCP[Any], reader: Reader, name: str, description: str, query: str) -> None:
    @server.resource(f"ocpperf://{name}", name=name, mime_type=_JSON, description=description)
    def whole() -> str:
        return dumped(_rows(reader, query))


def _rows(reader: Reader, query: str, **parameters: str) -> list[Row]:
    """Rows of the published warehouse as JSON has them. Raises ResourceError with the sentence of a fault."""
    try:
        with reader.open() as con:
            cursor = con.execute(query, parameters)
            names = [column[0] for column in cursor.description or ()]
            return [plain(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    except OcpperfError as fault:
        raise _refusal(str(fault)) from None


def _refusal(sentence: str) -> ResourceError:
    """What the caller asked for is not there: no fault of the server, and logged as none."""
    return ResourceError(sentence, log_level=logging.INFO)
