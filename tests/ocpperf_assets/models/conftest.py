"""A warehouse in memory with one fault on one node, and a record of what a build says it changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from ocpperf_assets.models import Change, Model, ModelResult, build_models
from ocpperf_mcp.contracts.windows import Window
from tests.sql.folder_case import CLUSTER, METRIC_DEFAULTS, Case, load_case, shipped_models

START = datetime(2026, 1, 1, tzinfo=UTC)


def hours(first: int, last: int) -> Change:
    """The hours of the test cluster from `first` on, `last` excluded, counted from its start."""
    return Change(CLUSTER, Window(START + timedelta(hours=first), START + timedelta(hours=last)))


@dataclass
class Warehouse:
    """A connection with raw rows, and what the last build said."""

    con: duckdb.DuckDBPyConnection
    now: datetime
    changed: list[tuple[str, str | None, str | None, Window | None]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def build(self, *changes: Change, models: Sequence[Model] | None = None) -> dict[str, ModelResult]:
        self.changed.clear()
        self.said.clear()
        return build_models(
            self.con,
            models or shipped_models(),
            changes,
            now=self.now,
            on_change=lambda *change: self.changed.append(change),
            on_progress=self.said.append,
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.con.execute(query).fetchall()

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table that models make."""
        return {
            model.name: self.rows(f"select * from {model.name} order by all")
            for model in shipped_models()
            if model.kind in ("whole", "window")
        }


def simulated(length: int, *, breach: tuple[int, int] = (100, 200)) -> Case:
    """`length` hours of two nodes, one of them busy between two minutes, and a latency with both."""
    first, last = breach
    minutes = 60 * length
    busy = f"0.2x{first} 0.95x{last - first} 0.2x{minutes - last}"
    node_rule: dict[str, Any] = {
        "rule": "node-cpu",
        "title": "CPU",
        "analyzer": "node",
        "metric": "busy",
        "statistic": "value",
        "direction": "above",
        "duration_s": 900,
        "causes": [],
        "actions": [],
        "levels": [{"severity": "info", "value": 0.9, "tier": "T1", "source": "node mixin"}],
    }
    entries: dict[str, dict[str, Any]] = {
        "busy": {"unit": "ratio"},
        "node_info": {"kind": "state"},
        "fsync": {"kind": "histogram", "domain": "etcd", "unit": "seconds", "objective_value": 0.010},
    }
    points = {"le": [0.004, 0.008, 0.016, "inf"], "points": [f"500 990 1000 1000 x{12 * length}"]}
    return Case(
        window=Window(START, START + timedelta(hours=length)),
        now=START + timedelta(hours=length),
        metrics={name: {**METRIC_DEFAULTS, "title": name, **entry} for name, entry in entries.items()},
        rules=[node_rule],
        series={
            "a": {"metric": "busy", "labels": {"instance": "n1"}, "samples": busy},
            "b": {"metric": "busy", "labels": {"instance": "n2"}, "samples": f"0.3x{minutes}"},
            "i": {"metric": "node_info", "labels": {"node": "n1"}, "samples": f"1 _x{minutes - 2} 1"},
            "h": {"metric": "fsync", "labels": {"instance": "n1"}, "buckets": points},
        },
    )


def load(case: Case) -> Warehouse:
    warehouse = Warehouse(duckdb.connect(), case.now)
    load_case(warehouse.con, case)
    return warehouse


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    """Six hours of raw rows; the breach runs from 01:40 to 03:20."""
    made = load(simulated(6))
    yield made
    made.con.close()
