"""A warehouse in memory, loaded from really staged files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from ocpperf_assets.catalogue.arrow import METRIC_SCHEMA
from ocpperf_assets.extraction.stage import SCHEMAS, Stage
from ocpperf_assets.ingest.load import Loader
from ocpperf_assets.ingest.staged import Change, staged_changes, staged_domains
from ocpperf_assets.models import create_raw_tables
from tests.sql.folder_case import METRIC_DEFAULTS, SQL

T0 = datetime(2026, 1, 1)
METRICS = {"load": "gauge", "phase": "state", "took": "histogram"}


def minute(number: float) -> datetime:
    return T0 + timedelta(minutes=number)


@dataclass(frozen=True)
class Piece:
    """What one answer brought for minutes `start` to `end` of the metric; `samples` by minute."""

    metric: str
    start: int
    end: int
    samples: Mapping[int, float | None]
    status: str = "ok"
    error: str | None = None
    cluster: str = "lab"

    def extraction(self) -> dict[str, object]:
        hour = self.start // 60 * 60
        return {
            "cluster": self.cluster,
            "domain": "node",
            "metric": self.metric,
            "hour": minute(hour),
            "asked_start": minute(self.start),
            "asked_end": minute(self.end),
            "status": self.status,
            "attempts": 1,
            "bytes": 10,
            "seconds": 0.5,
            "error": self.error,
            "notes": None,
            "expr_hash": "abc",
            "step_s": 60,
            "extracted_at": minute(self.end),
        }

    def points(self) -> list[dict[str, object]]:
        identity = {"cluster": self.cluster, "metric": self.metric, "series_id": 7}
        return [{**identity, "ts": minute(at), "value": value} for at, value in self.samples.items()]

    def series(self) -> dict[str, object]:
        return {
            "cluster": self.cluster,
            "domain": "node",
            "metric": self.metric,
            "series_id": 7,
            "labels": [("node", "n1")],
            "first_seen": minute(min(self.samples)),
            "last_seen": minute(max(self.samples)),
        }


class Warehouse:
    """Runs are staged under `root` and loaded one after the other."""

    def __init__(self, con: duckdb.DuckDBPyConnection, root: Path) -> None:
        self.con = con
        self.root = root
        self.recorded: list[tuple[str, str, Change]] = []
        self._runs = 0
        metrics = [{"name": name, "title": name, **METRIC_DEFAULTS, "kind": kind} for name, kind in METRICS.items()]
        con.register("catalogue_metric", pa.Table.from_pylist(metrics, METRIC_SCHEMA))
        create_raw_tables(con, SQL, ("node",))

    def load(self, *pieces: Piece, is_answered: bool = True) -> None:
        """Stage the pieces as one run and load it."""
        self._runs += 1
        run = self.root / f"run-{self._runs}"
        with Stage(run / "node") as stage:
            for piece in pieces:
                stage.append("samples", pa.Table.from_pylist(piece.points(), SCHEMAS["samples"]))
                stage.append_rows("extraction", [piece.extraction()])
                stage.append_rows("series", [piece.series()] if piece.samples else [])
        domains = staged_domains(run)
        loader = Loader(
            self.con,
            run_id=run.name,
            version=self._runs,
            is_answered=is_answered,
            record=lambda *changed: self.recorded.append(changed),
        )
        for domain in domains:
            loader.load(domain, staged_changes(domains))

    def samples(self, cluster: str = "lab") -> list[tuple[float, float | None]]:
        """Minutes and values."""
        rows = self.con.execute(
            "select epoch(ts - $t0::timestamp) / 60, value from raw_node where cluster = $cluster order by ts",
            {"t0": T0, "cluster": cluster},
        ).fetchall()
        return [(minutes, value) for minutes, value in rows]

    def extraction(self, columns: str) -> Sequence[tuple[object, ...]]:
        return self.con.execute(f"select {columns} from raw_extraction order by cluster, metric, hour").fetchall()


@pytest.fixture
def warehouse(memory: duckdb.DuckDBPyConnection, tmp_path: Path) -> Warehouse:
    return Warehouse(memory, tmp_path)


def aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
