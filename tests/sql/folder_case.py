"""A test case that is a folder: `input.yaml` says what was collected, `expect.yaml` what a table then holds.

input.yaml
    window       start and end of the whole hours that changed; every metric is taken to be collected in them, of every
                 cluster that a series is of
    now          default: the end of the window
    metrics      catalogue entries by name; what is left out has a plain default
    rules        rules, as the catalogue has them
    causes       causes, likewise
    series       by any name: metric, labels, `cluster`, and `samples` or `buckets` from `start` (default: the window's)
    told         what people told: `user_run` and `user_ack`, rows of each
    extractions  what differs from "ok, collected to the hour's end": metric, hour, columns, `cluster`; `never: true`
                 where nobody asked
    raw          rows of other raw tables, by the table's name

`samples` is written as runs at the metric's step: `0.5x60 _x5 NaN` is 60 samples of 0.5, five missing, a NaN.
A run of zeros alone is quoted, '0x60', since YAML reads it as a number. `1..2x60` rises from 1 to 2 in 60 even steps.
`buckets` has bounds `le` and `points`, runs of five minutes: `0 90 100 x6` is six times these cumulative
counts, `_ x2` two missing ones.

expect.yaml
    query        default: the whole table, ordered by all columns
    rows         columns left out are not compared
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import yaml

from ocpperf_assets.catalogue.arrow import CAUSE_SCHEMA, METRIC_SCHEMA, RULE_SCHEMA
from ocpperf_assets.catalogue.document import YamlLoader
from ocpperf_assets.catalogue.locate import metrics_directory
from ocpperf_assets.catalogue.selectors import STEM
from ocpperf_assets.ingest.user_state import user_tables
from ocpperf_assets.models import Change, Model, build_models, create_raw_tables, load_models, run_checks
from ocpperf_assets.models.described import described
from ocpperf_assets.models.graph import CATALOGUE_RELATIONS, DESCRIBED_RELATIONS, upstream
from ocpperf_assets.slots import write_turn
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import HOUR, Window

SQL = Path(__file__).parents[2] / "sql"
CLUSTER = "c1"
DOMAINS = tuple(sorted(path.stem for path in metrics_directory().glob("*.yaml") if path.stem != STEM))
FIVE_MINUTES = 300

METRIC_DEFAULTS: dict[str, Any] = {
    "domain": "node",
    "category": "test",
    "kind": "gauge",
    "unit": "count",
    "better": "lower",
    "absent_means": "missing",
    "labels": [],
    "tools": [],
    "expr_hash": "0123456789abcdef",
    "max_series": 2000,
    "step_s": 60,
    "window_s": 300,
    "watch": False,
}


POINT = (("cluster", pa.string()), ("metric", pa.string()), ("series_id", pa.int64()), ("ts", pa.timestamp("us")))
SAMPLES = pa.schema([*POINT, ("value", pa.float64())])
HISTOGRAM = pa.schema([*POINT, ("le", pa.float64()), ("increase", pa.float64())])
LABELS = pa.schema(
    [
        *POINT[:3],
        ("domain", pa.string()),
        ("labels", pa.map_(pa.string(), pa.string())),
        ("first_seen", pa.timestamp("us")),
        ("last_seen", pa.timestamp("us")),
    ]
)


@dataclass(frozen=True)
class Case:
    """The parsed input of one folder."""

    window: Window
    now: datetime
    metrics: Mapping[str, Mapping[str, Any]]
    rules: Sequence[Mapping[str, Any]] = ()
    series: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    extractions: Sequence[Mapping[str, Any]] = ()
    told: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    causes: Sequence[Mapping[str, Any]] = ()
    raw: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    cluster: str = CLUSTER

    @property
    def clusters(self) -> list[str]:
        return sorted({self.cluster, *(entry.get("cluster", self.cluster) for entry in self.series.values())})

    @property
    def changes(self) -> list[Change]:
        return [Change(cluster, self.window) for cluster in self.clusters]


def read_case(path: Path) -> Case:
    text = yaml.load(path.read_text(encoding="utf-8"), YamlLoader)
    start, end = (aware(moment) for moment in text["window"])
    return Case(
        window=Window(start, end),
        now=aware(text.get("now", end)),
        metrics={name: {**METRIC_DEFAULTS, "title": name, **entry} for name, entry in text["metrics"].items()},
        rules=text.get("rules", []),
        causes=text.get("causes", []),
        series=text.get("series", {}),
        extractions=text.get("extractions", []),
        told=text.get("told", {}),
        raw=text.get("raw", {}),
    )


def aware(moment: str | datetime) -> datetime:
    parsed = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def load_case(con: duckdb.DuckDBPyConnection, case: Case) -> None:
    """Register the catalogue and fill the raw tables, as a collection would have."""
    load_cases(con, [case], case)


def load_cases(con: duckdb.DuckDBPyConnection, cases: Sequence[Case], catalogue: Case) -> None:
    """Several cases in one warehouse, each of a cluster of its own, under the catalogue and rules of one of them."""
    register_catalogue(con, catalogue)
    create_raw_tables(con, SQL, DOMAINS)
    series = [(case, entry) for case in cases for entry in case.series.values()]
    _insert_series(con, series)
    _insert(con, "raw_extraction", [row for case in cases for row in _extractions(case)])
    for case in cases:
        for table, rows in case.raw.items():
            _insert(con, table, rows)


def publish_case(home: Home, case: Case, *tables: str) -> Home:
    """A warehouse as a collection leaves it, or of it those tables with what they rest on."""
    with write_turn(home, "run") as turn:
        load_case(turn.con, case)
        models = models_of(*tables) if tables else shipped_models()
        build_models(turn.con, models, case.changes, now=case.now, on_change=lambda *_: None)
        unregister_catalogue(turn.con)
    return home


def unregister_catalogue(con: duckdb.DuckDBPyConnection) -> None:
    for name in (*CATALOGUE_RELATIONS, *DESCRIBED_RELATIONS, *user_tables(None)):
        con.unregister(name)


def register_catalogue(con: duckdb.DuckDBPyConnection, case: Case) -> None:
    metrics = [{"name": name, "expr": name, "query": name, **entry} for name, entry in case.metrics.items()]
    con.register("catalogue_metric", pa.Table.from_pylist(metrics, METRIC_SCHEMA))
    con.register("catalogue_rule", pa.Table.from_pylist([dict(rule) for rule in case.rules], RULE_SCHEMA))
    con.register("catalogue_cause", pa.Table.from_pylist([dict(cause) for cause in case.causes], CAUSE_SCHEMA))
    for name, table in described(shipped_models(), SQL).items():
        con.register(name, table)
    for name, table in user_tables(None).items():
        rows = case.told.get(name, [])
        con.register(name, pa.Table.from_pylist([dict(row) for row in rows], table.schema))


@cache
def shipped_models() -> tuple[Model, ...]:
    return load_models(SQL, DOMAINS)


def build_case(con: duckdb.DuckDBPyConnection, case: Case, table: str) -> None:
    """Build a table and what it rests on over the case's window; a check that fails, fails the test."""
    build_table(con, table, case.changes, case.now)


def build_table(con: duckdb.DuckDBPyConnection, table: str, changes: Sequence[Change], now: datetime) -> None:
    """The same over any windows, of several clusters too."""
    models = models_of(table)
    build_models(con, models, changes, now=now, on_change=lambda *_: None)
    failed = [result for result in run_checks(con, models, changes) if result.blocking and result.rows]
    assert not failed


def models_of(*tables: str) -> list[Model]:
    """The models of those tables, of what they rest on, and the checks of all these."""
    by_name = {model.name: model for model in shipped_models()}
    needed = set(tables).union(*(upstream(by_name[table], by_name) for table in tables))
    return [
        model
        for model in shipped_models()
        if model.name in needed or (model.kind == "check" and needed.issuperset(model.depends_on))
    ]


def _insert_series(con: duckdb.DuckDBPyConnection, series: Sequence[tuple[Case, Mapping[str, Any]]]) -> None:
    """All points of a table in one statement: most cases have many short series."""
    points: dict[str, list[dict[str, Any]]] = {}
    known = []
    for series_id, (case, entry) in enumerate(series, start=1):
        table, rows = _points(case, entry)
        named = {"cluster": entry.get("cluster", case.cluster), "metric": entry["metric"], "series_id": series_id}
        points.setdefault(table, []).extend({**named, **row} for row in rows)
        moments = [row["ts"] for row in rows]
        known.append(
            {
                **named,
                "domain": case.metrics[entry["metric"]]["domain"],
                "labels": entry["labels"],
                "first_seen": min(moments, default=None),
                "last_seen": max(moments, default=None),
            }
        )
    for table, rows in points.items():
        _append(con, table, pa.Table.from_pylist(rows, HISTOGRAM if table == "raw_histogram" else SAMPLES))
    _append(con, "raw_series_label", pa.Table.from_pylist(known, LABELS), "*, 1 as changed_version")


def _points(case: Case, entry: Mapping[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """The raw table of a series, and its rows."""
    metric = case.metrics[entry["metric"]]
    start = aware(entry.get("start", case.window.start)).replace(tzinfo=None)
    if "buckets" in entry:
        return "raw_histogram", [
            {"ts": start + timedelta(minutes=5 * place), "le": float(le), "increase": count}
            for place, counts in _bucket_points(entry["buckets"]["points"])
            for le, count in zip(entry["buckets"]["le"], counts, strict=True)
        ]
    step = timedelta(seconds=metric["step_s"])
    rows = [{"ts": start + step * place, "value": value} for place, value in _samples(str(entry["samples"]))]
    return f"raw_{metric['domain']}", rows


def _append(con: duckdb.DuckDBPyConnection, table: str, rows: pa.Table, columns: str = "*") -> None:
    con.register("appended", rows)
    con.execute(f"insert into {table} by name select {columns} from appended")
    con.unregister("appended")


def _extractions(case: Case) -> list[dict[str, Any]]:
    """One row a cluster, metric and hour, but for those nobody asked."""
    differing = {(row.get("cluster", case.cluster), row["metric"], aware(row["hour"])): row for row in case.extractions}
    rows = [
        {
            "cluster": cluster,
            "domain": entry["domain"],
            "metric": name,
            "status": "ok",
            "step_s": FIVE_MINUTES if entry["kind"] == "histogram" else entry["step_s"],
            "collected_until": hour.start + HOUR,
            "expr_hash": entry["expr_hash"],
            **differing.get((cluster, name, hour.start), {}),
            "hour": hour.start,
        }
        for cluster in case.clusters
        for name, entry in case.metrics.items()
        for hour in case.window.hours()
    ]
    return [row for row in rows if not row.pop("never", False)]


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Moments may be written as text; what a row leaves out is NULL."""
    types = dict(
        con.execute("select column_name, data_type from duckdb_columns() where table_name = ?", [table]).fetchall()
    )
    written = [
        {
            name: aware(value).replace(tzinfo=None) if types[name] == "TIMESTAMP" else value
            for name, value in row.items()
        }
        for row in rows
    ]
    for columns in dict.fromkeys(tuple(row) for row in written):
        alike = [row for row in written if tuple(row) == columns]
        _append(con, table, pa.Table.from_pylist(alike))


def _samples(text: str) -> Iterator[tuple[int, float | None]]:
    """Place on the grid and value (None for a NaN, as it is stored) of every sample that is there."""
    place = 0
    for word in " ".join(_even(run) if ".." in run else run for run in text.split()).split():
        value, _, times = word.partition("x")
        for _ in range(int(times or 1)):
            if value != "_":
                yield place, None if value == "NaN" else float(value)
            place += 1


def _even(text: str) -> str:
    first, _, rest = text.partition("..")
    last, _, times = rest.partition("x")
    return " ".join(map(str, np.linspace(float(first), float(last), int(times))))


def _bucket_points(runs: Sequence[str]) -> Iterator[tuple[int, list[float]]]:
    place = 0
    for run in runs:
        *counts, times = run.split()
        for _ in range(int(times.removeprefix("x"))):
            if counts != ["_"]:
                yield place, [float(count) for count in counts]
            place += 1
