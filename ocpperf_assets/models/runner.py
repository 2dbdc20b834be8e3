"""Build the models over the hours that changed; everything else stays as it is."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import duckdb

from ocpperf_assets.ingest.staged import Change, chunks
from ocpperf_assets.models.graph import CATALOGUE_RELATIONS, upstream
from ocpperf_assets.models.memory import allow_more
from ocpperf_assets.models.model import Model, read_model
from ocpperf_assets.models.relation import column_types, count, exists, fingerprint, transaction
from ocpperf_assets.models.retention import kept_from
from ocpperf_assets.models.windows import (
    CHUNK,
    NO_WINDOW,
    affected,
    all_hours,
    buildable,
    collected_until,
    halved,
    merge,
    naive,
    parameters,
)
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import Window

OnChange = Callable[[str, str | None, str | None, Window | None], None]
LEDGER = "raw_model"


@dataclass(frozen=True)
class ModelResult:
    """`rows` written by this build (not rows in the table)."""

    rows: int
    seconds: float


def create_raw_tables(con: duckdb.DuckDBPyConnection, models_dir: Path, domains: Sequence[str]) -> None:
    """Create what is missing of the raw tables and the views that read nothing else. Safe to repeat."""
    raw = _raw_models(models_dir, tuple(domains))
    tables = [model for model in raw if model.kind == "ddl"]
    for model in tables:
        con.execute(model.body)
    names = {model.name for model in tables}
    for model in raw:
        if model.kind == "view" and names.issuperset(model.tables):
            con.execute(f"create or replace view {model.name} as\n{model.body}")


@lru_cache(maxsize=4)
def _raw_models(models_dir: Path, domains: tuple[str, ...]) -> tuple[Model, ...]:
    """Read once a process: every turn asks for them."""
    paths = sorted((models_dir / "raw").glob("*.sql"))
    return tuple(model for path in paths for model in read_model(path, domains))


def build_models(
    con: duckdb.DuckDBPyConnection,
    models: Sequence[Model],
    changes: Sequence[Change],
    *,
    now: datetime,
    on_change: OnChange,
    rebuild: Sequence[Change] = (),
    on_progress: Callable[[str], None] | None = None,
) -> dict[str, ModelResult]:
    """Bring every model up to date with the raw rows of `changes` (whole hours), and build `rebuild` again.

    Needs the raw tables, and the relations of `CATALOGUE_RELATIONS` and `USER_RELATIONS` on the connection.
    `on_change` hears (table, time column, cluster, window) of what was replaced, with cluster and window None
    for a whole table; `on_progress` hears of every model before it is built.
    A model whose SQL, or the catalogue content it rests on, is not that of the last build is built over every
    hour that has raw rows; its older rows are kept. Hours whose raw rows were removed for their age are built only when
    they were loaded anew, in `changes`. Must not be called inside a transaction.
    Raises OcpperfError naming the file whose SQL failed.
    """
    build = _Build(con, models, merge(changes), merge([*changes, *rebuild]), now, on_change, on_progress or _silent)
    results = {}
    for model in models:
        started = time.perf_counter()
        with _named(model):
            rows = build.one(model)
        if model.kind in ("whole", "window"):
            results[model.name] = ModelResult(rows, time.perf_counter() - started)
    build.close()
    return results


def _silent(_: str) -> None:
    pass


class _Build:
    """One pass over the models, in order."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        models: Sequence[Model],
        loaded: Sequence[Change],
        changes: Sequence[Change],
        now: datetime,
        on_change: OnChange,
        say: Callable[[str], None],
    ) -> None:
        self._con = con
        self._by_name = {model.name: model for model in models}
        self._loaded = loaded
        self._changes = changes
        self._now = now
        self._on_change = on_change
        self._say = say
        self._last = collected_until(con)
        self._kept_from = kept_from(con)
        self._ledger = dict(con.execute(f"select model, sql_hash from {LEDGER}").fetchall())
        self._content: dict[str, str] = {}
        self._ledger_changed = False

    def one(self, model: Model) -> int:
        """Build one model; answers with the rows written."""
        self._say(f"building {model.name}")
        match model.kind:
            case "view":
                self._con.execute(f"create or replace view {model.name} as\n{model.body}")
            case "macro":
                self._con.execute(f"create or replace macro {model.signature} as table\n{model.body}")
            case "function":
                self._con.execute(f"create or replace macro {model.signature} as\n{model.body}")
            case "whole":
                return self._replace_whole(model)
            case "window":
                return self._replace_windows(model)
            case "ddl" | "check":
                pass
        return 0

    def close(self) -> None:
        if self._ledger_changed:
            self._on_change(LEDGER, None, None, None)

    def _replace_whole(self, model: Model) -> int:
        self._con.execute(
            f"create or replace temp table fresh as\n{model.body}", parameters(model, NO_WINDOW, self._now)
        )
        fresh = fingerprint(self._con, "fresh")
        if self._rests_on_catalogue_alone(model):
            self._content[model.name] = fingerprint(self._con, "fresh", leave_out=model.prose)
        rows = 0
        if not exists(self._con, model.name) or fingerprint(self._con, model.name) != fresh:
            self._con.execute(f"create or replace table {model.name} as select * from fresh")
            self._on_change(model.name, None, None, None)
            rows = count(self._con, "fresh")
        self._con.execute("drop table fresh")
        self._remember(model)
        return rows

    def _replace_windows(self, model: Model) -> int:
        known = exists(self._con, model.name)
        if known and self._ledger.get(model.name) == self._hash(model):
            work = self._buildable(model, affected(self._changes, model.lookback, self._last))
            rows = self._build(model, work)
            for change in work:
                self._on_change(model.name, model.time_column, change.cluster, change.window)
            return rows
        work = self._buildable(model, all_hours(self._con, model, self._by_name, keep_older=known))
        self._recreate(model, work if known else [])
        rows = self._build(model, work)
        self._on_change(model.name, None, None, None)
        self._remember(model)
        return rows

    def _buildable(self, model: Model, work: Sequence[Change]) -> list[Change]:
        edges = [self._kept_from[name] for name in upstream(model, self._by_name) if name in self._kept_from]
        return buildable(work, max(edges) + model.lookback if edges else None, self._loaded)

    def _build(self, model: Model, work: Sequence[Change]) -> int:
        pieces = [Change(change.cluster, piece) for change in work for piece in chunks(change.window, CHUNK)]
        return sum(self._replace_as_memory_allows(model, piece) for piece in pieces)

    def _replace_as_memory_allows(self, model: Model, piece: Change) -> int:
        """A piece that does not fit into the writer's memory is built in two; an hour that does not is given more."""
        try:
            return self._replace_window(model, piece)
        except duckdb.OutOfMemoryException:
            parts = halved(piece)
            if not parts and not allow_more(self._con):
                raise
        return sum(self._replace_as_memory_allows(model, part) for part in parts or (piece,))

    def _replace_window(self, model: Model, piece: Change) -> int:
        bounds = {
            "cluster": piece.cluster,
            "start": naive(piece.window.start),
            "end": naive(piece.window.end),
        }
        column = model.time_column
        with transaction(self._con):
            self._con.execute(
                f"delete from {model.name} where cluster = $cluster and {column} >= $start and {column} < $end",
                bounds,
            )
            inserted = self._con.execute(
                f"insert into {model.name} by name\n{model.body}", parameters(model, piece, self._now)
            ).fetchone()
        return int(inserted[0]) if inserted else 0

    def _recreate(self, model: Model, work: Sequence[Change]) -> None:
        """A table of the model's present columns, holding the older rows that cannot be computed again."""
        old = f"{model.name}__old"
        with transaction(self._con):
            if exists(self._con, model.name):
                self._con.execute(f"alter table {model.name} rename to {old}")
            self._con.execute(
                f"create table {model.name} as select * from (\n{model.body}\n) limit 0",
                parameters(model, NO_WINDOW, self._now),
            )
            if exists(self._con, old):
                self._keep_older(model, old, work)
                self._con.execute(f"drop table {old}")

    def _keep_older(self, model: Model, old: str, work: Sequence[Change]) -> None:
        same = column_types(self._con, old).items() & column_types(self._con, model.name).items()
        names = ", ".join(f'"{name}"' for name, _ in sorted(same))
        column = model.time_column
        rebuilt = f" or (cluster = ? and {column} >= ? and {column} < ?)" * len(work)
        values = [
            value for change in work for value in (change.cluster, naive(change.window.start), naive(change.window.end))
        ]
        self._con.execute(
            f"insert into {model.name} by name select {names} from {old} where not (false{rebuilt})", values
        )

    def _remember(self, model: Model) -> None:
        present = self._hash(model)
        if self._ledger.get(model.name) == present:
            return
        with transaction(self._con):
            self._con.execute(f"delete from {LEDGER} where model = $model", {"model": model.name})
            self._con.execute(
                f"insert into {LEDGER} values ($model, $hash, $now)",
                {"model": model.name, "hash": present, "now": naive(self._now)},
            )
        self._ledger[model.name] = present
        self._ledger_changed = True

    def _hash(self, model: Model) -> str:
        """Of the SQL and the catalogue content a model rests on: all facts are of one catalogue version."""
        content = (self._content[name] for name in sorted(upstream(model, self._by_name)) if name in self._content)
        return hashlib.sha256("".join((model.sql_hash, *content)).encode()).hexdigest()[:16]

    def _rests_on_catalogue_alone(self, model: Model) -> bool:
        sources = upstream(model, self._by_name)
        return bool(sources & CATALOGUE_RELATIONS) and not any(
            self._by_name[name].kind == "ddl" for name in sources if name in self._by_name
        )


@contextmanager
def _named(model: Model) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise OcpperfError(
            f"{model.folder}/{model.path.name} could not be built: {str(error).splitlines()[0]}",
            "Mend the SQL file and collect again; nothing of this run was published.",
        ) from error
