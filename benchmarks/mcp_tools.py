"""Every MCP tool, asked nothing in particular, on 30 days of a cluster of 60 nodes, against its own SQL.

A call is everything from the arguments to the JSON: opening the published slot, resolving cluster and window, the SQL,
cutting the page. The bare SQL is the same statements with the same parameters on a connection that stays open.
"""

import asyncio
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastmcp import FastMCP

from benchmarks.ground import Ground, knowledge, verdict
from benchmarks.measure import report
from benchmarks.model_hour import NODES, RAW_DAYS, collected, history, lengthened
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.server import build_server, specs
from ocpperf_mcp.sql.run import SqlRunner
from ocpperf_mcp.tools.answer import Row
from ocpperf_mcp.tools.asks import Ask, read_ask
from ocpperf_mcp.tools.question import Question
from ocpperf_mcp.tools.registry import ToolSpec
from ocpperf_mcp.warehouse import open_published

DAYS, ROUNDS = 30, 20
ARGUMENTS: Mapping[str, Row] = {
    "query_metric": {"metric": "disk_wal_fsync_seconds"},
    "run_sql": {"sql": "select rule, count(*) as findings from rpt_findings group by rule order by all"},
}
"""Of tools that ask for one."""
RATIO, MILLISECONDS, DEEP_MILLISECONDS = 3, 100, 300
"""Budgets of a call: times its own SQL; in all; of a deep drive, which asks for everything of an analyzer twice."""


@dataclass(frozen=True)
class Recorded(Question[Ask]):
    """A question that remembers its statements."""

    statements: list[tuple[str, Row]]

    def rows(self, query: str, **parameters: Any) -> list[Row]:
        self.statements.append((query, parameters))
        return super().rows(query, **parameters)


@dataclass(frozen=True)
class Timed:
    """Milliseconds of a tool at the 95th percentile of the rounds; `sql` is 0 where it runs no statement of its own."""

    name: str
    call: float
    sql: float

    @property
    def is_deep(self) -> bool:
        return self.name.endswith("_deep_drive")


def call_times(home: Home) -> dict[str, float]:
    """P95 in milliseconds of every tool's call, through the server in memory."""
    server = build_server(home)

    async def rounds(server: FastMCP[None], spec: ToolSpec) -> list[float]:
        taken = []
        for _ in range(ROUNDS + 1):
            started = time.perf_counter()
            await server.call_tool(spec.name, ARGUMENTS.get(spec.name, {}))
            taken.append(time.perf_counter() - started)
        return taken[1:]

    return {spec.name: p95(asyncio.run(rounds(server, spec))) for spec in specs()}


def sql_times(home: Home) -> dict[str, float]:
    """P95 in milliseconds of the statements of every tool, on one connection."""
    found = {}
    with open_published(home) as con, SqlRunner(home) as runner:
        for spec in specs():
            question = Recorded(spec.name, read_ask(spec.ask, ARGUMENTS.get(spec.name, {})), lambda: con, runner, [])
            spec.answer(question)

            def again(statements: list[tuple[str, Row]] = question.statements) -> None:
                for query, parameters in statements:
                    con.execute(query, parameters).fetchall()

            found[spec.name] = p95([seconds(again) for _ in range(ROUNDS)]) if question.statements else 0.0
    return found


def seconds(act: Callable[[], None]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def p95(taken: list[float]) -> float:
    """In milliseconds."""
    return sorted(taken)[int(0.95 * (len(taken) - 1))] * 1000


def thirty_days(ground: Ground) -> Home:
    """A warehouse of 30 days of 60 nodes, made where it is missing."""
    home = ground.root / "mcp-tools"
    if not (home / "ocpperf.duckdb").exists():
        known = knowledge()
        with history(ground) as url:
            made = collected(ground, known, url, "mcp-tools")
        with lengthened(made, known, RAW_DAYS, DAYS):
            pass
    return Home(home)


def run(ground: Ground) -> bool:
    return measured(thirty_days(ground))


def measured(home: Home) -> bool:
    """Print every tool's times; true when all are within their budgets."""
    sql = sql_times(home)
    tools = [Timed(name, call, sql[name]) for name, call in call_times(home).items()]
    lines, kept = [], []
    for tool in sorted(tools, key=lambda tool: -tool.call):
        ratio, within = verdict(tool.call / tool.sql, RATIO) if tool.sql else ("of another process, or none", True)
        spent, quick = verdict(tool.call, DEEP_MILLISECONDS if tool.is_deep else MILLISECONDS)
        lines.append((tool.name, f"{spent} ms; times its SQL: {ratio}"))
        kept += [within, quick]
    report(f"P95 of {len(tools)} tools on {DAYS} days of {NODES} nodes, {ROUNDS} rounds", lines)
    return all(kept)


if __name__ == "__main__":
    sys.exit(not run(Ground.from_arguments(__doc__)))
