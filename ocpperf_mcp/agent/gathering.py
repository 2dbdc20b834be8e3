"""Asking the MCP tools, through a client in memory, what the rules found and what they could not judge."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from fastmcp import Client
from fastmcp.exceptions import ToolError

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.tools import OF_ANALYZER
from ocpperf_mcp.report.model import Report
from ocpperf_mcp.server import build_server

Row = Mapping[str, Any]
_TOOL = "get_{analyzer}_bottleneck_analysis"
_MOST = 500
_UNJUDGED = ("rule", "reason")


async def verdicts(home: Home, report: Report) -> tuple[frozenset[str], tuple[Row, ...]]:
    """Ids of the findings in the report's window, and the rules not judged there, of all its clusters.

    One of which nothing was ever collected is not asked about: its states say that it is unknown.
    """
    found: set[str] = set()
    not_judged: list[Row] = []
    analyzers = list(OF_ANALYZER) if report.analyzer == "all" else [report.analyzer]
    async with Client(build_server(home)) as client:
        for cluster in (one.cluster for one in report.data if one.as_of is not None):
            for analyzer in analyzers:
                async for page in _pages(client, report, cluster, analyzer):
                    found |= {one["finding_id"] for one in page.get("findings", [])}
                    not_judged += ({"cluster": cluster, **row} for row in _unjudged(page))
    return frozenset(found), tuple(not_judged)


async def _pages(client: Client[Any], report: Report, cluster: str, analyzer: str) -> AsyncIterator[dict[str, Any]]:
    asked = {
        "cluster": cluster,
        "start_time": report.window.start.isoformat(),
        "end_time": report.window.end.isoformat(),
        "limit": _MOST,
    }
    while True:
        try:
            answer = await client.call_tool(_TOOL.format(analyzer=analyzer), asked)
        except ToolError as fault:
            raise OcpperfError(str(fault), "Ask the tool itself with `ocpperf mcp`.") from None
        page = dict(answer.structured_content or {})
        yield page
        cursor = page.get("truncated", {}).get("cursor")
        if cursor is None:
            return
        asked["cursor"] = cursor


def _unjudged(page: Mapping[str, Any]) -> list[Row]:
    table = page.get("tables", {}).get("not_evaluated")
    if table is None:
        return []
    rows = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
    return [{name: row[name] for name in _UNJUDGED} for row in rows]
