"""A small cluster whose hours close one after the other: a node becomes busy, busier, and calm again."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import duckdb

from ocpperf_assets.models import build_models
from ocpperf_mcp.contracts.windows import HOUR, Window
from tests.sql.folder_case import CLUSTER, METRIC_DEFAULTS, Case, load_case, models_of

TEN = datetime(2026, 1, 1, 10, tzinfo=UTC)
TABLES = ("rpt_findings", "rpt_not_evaluated", "dim_series", "fct_series_hourly", "fct_coverage_hourly")
"""What a digest reads."""
CALM, BUSY, BUSIER, AWAY = "0.2x60", "0.85x60", "0.95x60", "_x60"
DAY = (CALM, BUSY, BUSIER, CALM)
RULE = {
    "rule": "cpu-busy", "title": "CPU", "analyzer": "etcd", "metric": "busy", "statistic": "value",
    "direction": "above", "duration_s": 900, "causes": [], "actions": [],
    "levels": [
        {"severity": "warning", "value": 0.8, "tier": "T1", "source": "mixin"},
        {"severity": "critical", "value": 0.9, "tier": "T1", "source": "mixin"},
    ],
}  # fmt: skip


def case(
    hours: Sequence[str] = DAY,
    *,
    start: int = 10,
    until: int | None = None,
    minutes: int = 0,
    extraction: Mapping[str, Any] | None = None,
    told: Sequence[Mapping[str, Any]] = (),
    rules: Sequence[Mapping[str, Any]] = (RULE,),
) -> Case:
    """The node's samples of each hour from `start` on, to the end of the hour before `until`.

    `minutes` of the last hour have passed where it is still open. A second node is calm all the time.
    """
    first = TEN.replace(hour=start)
    window = Window(first, TEN.replace(hour=until) if until else first + len(hours) * HOUR)
    now = window.end - HOUR + minutes * HOUR / 60 if minutes else window.end
    calm = " ".join([CALM] * len(hours))
    open_hour = {"metric": "busy", "hour": window.end - HOUR, "collected_until": now}
    return Case(
        window=window,
        now=now,
        metrics={
            "busy": {**METRIC_DEFAULTS, "title": "CPU", "unit": "ratio"},
            "node_info": {**METRIC_DEFAULTS, "title": "info", "kind": "state"},
        },
        rules=rules,
        series={
            **{f"i-{name}": {"metric": "node_info", "labels": {"node": name}, "samples": "1"} for name in ("n1", "n2")},
            "n1": {"metric": "busy", "labels": {"instance": "n1"}, "samples": " ".join(hours)},
            "n2": {"metric": "busy", "labels": {"instance": "n2"}, "samples": calm},
        },
        extractions=[*([extraction] if extraction else []), *([open_hour] if minutes else [])],
        told={"user_ack": told},
    )


def build(con: duckdb.DuckDBPyConnection, made: Case) -> None:
    """The tables of a case, in memory."""
    load_case(con, made)
    build_models(con, models_of(*TABLES), made.changes, now=made.now, on_change=lambda *_: None)


__all__ = ["AWAY", "BUSIER", "BUSY", "CALM", "CLUSTER", "TABLES", "TEN", "build", "case"]
