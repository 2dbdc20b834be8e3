"""The write phase: one turn that loads what was staged, builds the models over it and publishes."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import duckdb
import pyarrow as pa

from ocpperf_assets.catalogue import Catalogue, CauseEntry, Rule
from ocpperf_assets.catalogue.arrow import cause_table, metric_table, rule_table
from ocpperf_assets.diskspace import DiskFullError
from ocpperf_assets.healing import reach
from ocpperf_assets.ingest import clusters
from ocpperf_assets.ingest.clusters import KnownCluster
from ocpperf_assets.ingest.load import Loader
from ocpperf_assets.ingest.staged import (
    Change,
    Outcome,
    staged_changes,
    staged_domains,
    staged_outcome,
    sweep,
    without,
)
from ocpperf_assets.ingest.user_state import user_tables
from ocpperf_assets.inventory.load import load_snapshots
from ocpperf_assets.models import (
    CheckResult,
    Model,
    ModelResult,
    build_models,
    closed_hours,
    create_raw_tables,
    run_checks,
)
from ocpperf_assets.models.described import described
from ocpperf_assets.slots import WriteTurn, write_turn
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home

# Longer than any run may be without writing a row.
STALE = timedelta(days=1)
# The writer's own bound; what it sorts beyond this goes to disk, and models are built in smaller pieces.
WRITER_CONFIG = {"memory_limit": "160MB", "threads": "2", "preserve_insertion_order": "true"}


@dataclass(frozen=True)
class Knowledge:
    """What the repository knows: read from YAML and SQL files, the same for every window of a run."""

    catalogue: Catalogue
    rules: tuple[Rule, ...]
    causes: tuple[CauseEntry, ...]
    models: tuple[Model, ...]
    sql: Path
    clusters: tuple[KnownCluster, ...] = ()
    """Those that are configured, each with its catalogue; `catalogue` is that of a cluster that says nothing else."""

    def catalogue_of(self, cluster: str) -> Catalogue:
        return next((one.catalogue for one in self.clusters if one.name == cluster), self.catalogue)


@dataclass(frozen=True)
class WriteReport:
    """What one write phase did; rows and seconds by model."""

    version: int
    changes: tuple[Change, ...]
    models: dict[str, ModelResult] = field(default_factory=dict)
    checks: tuple[CheckResult, ...] = ()
    outcome: Outcome = field(default_factory=Outcome)
    closed_hours: int = 0
    """Hours that were collected and left as they are, since their raw samples were removed before."""


def write_run(
    home: Home,
    knowledge: Knowledge,
    run_id: str,
    *,
    rebuild: Sequence[Change] = (),
    staged_as: str | None = None,
    now: datetime | None = None,
    on_progress: Callable[[str, int, int], None] | None = None,
    on_wait: Callable[[str], None] | None = None,
) -> WriteReport:
    """Load the run's staged domains and snapshots, build the models over what changed (and over `rebuild`), publish.

    `staged_as`: the directory of `staging/` that is loaded, where it is not the run's own. Nothing is published when a
    step fails, and the staged files stay for the next attempt. Raises OcpperfError when another writer holds the turn
    for too long, and when a check marked *fail* finds offending rows.
    """
    directory = home.staging / (staged_as or run_id)
    pa.default_memory_pool().release_unused()  # what fetching took is not the writer's on top
    try:
        with write_turn(home, run_id, on_wait=on_wait, config=WRITER_CONFIG) as turn:
            report = _write(home, turn, knowledge, run_id, directory, rebuild, now or datetime.now(UTC), on_progress)
    except DiskFullError:
        shutil.rmtree(directory, ignore_errors=True)  # Prometheus still has it, and the disk needs the room
        raise
    shutil.rmtree(directory, ignore_errors=True)
    sweep(home.staging, STALE)
    return report


def _write(
    home: Home,
    turn: WriteTurn,
    knowledge: Knowledge,
    run_id: str,
    directory: Path,
    rebuild: Sequence[Change],
    now: datetime,
    on_progress: Callable[[str, int, int], None] | None,
) -> WriteReport:
    staged = staged_domains(directory)
    say = _counting(on_progress, len(staged) + len(knowledge.models))
    prepare(turn, knowledge, home)
    asked = staged_changes(staged)
    # Only as far back as this run reaches, so that a turn costs the same after a year.
    closed = closed_hours(turn.con, min((change.window.start for change in asked), default=now))
    loaded = without(asked, closed)
    if reach.store(turn.con, home):
        turn.changed_whole("raw_reach")
    # Who collects says what is configured; who acknowledges a finding from another shell does not.
    for table in clusters.store(turn.con, knowledge.clusters, now) if staged else ():
        turn.changed_whole(table)

    def window_changed(table: str, time_column: str, change: Change) -> None:
        turn.changed_window(table, time_column, change.cluster, change.window)

    outcome = staged_outcome(staged)
    loader = Loader(
        turn.con, run_id=run_id, version=turn.version, is_answered=outcome.answered > 0, record=window_changed
    )
    for domain in staged:
        say(f"loading {domain.domain}")
        loader.load(domain, without(staged_changes([domain]), closed))
    snapshots = load_snapshots(turn.con, directory, window_changed)
    if staged:
        turn.changed_rows("raw_series_label", "changed_version", key=("cluster", "series_id"))
    results = build_models(
        turn.con, knowledge.models, loaded, rebuild=rebuild, now=now, on_change=turn.changed, on_progress=say
    )
    changes = sorted({*loaded, *rebuild})
    checks = run_checks(turn.con, knowledge.models, [*changes, *snapshots])
    _refuse_failed(checks)
    left = _hours(asked) - _hours(loaded)
    return WriteReport(turn.version, tuple(changes), results, tuple(checks), outcome, left)


def prepare(turn: WriteTurn, knowledge: Knowledge, home: Home) -> None:
    """What loading and building need on the connection: catalogue, rules, what people told, and raw tables."""
    register(turn.con, knowledge, home)
    create_raw_tables(turn.con, knowledge.sql, knowledge.catalogue.domains)


def register(con: duckdb.DuckDBPyConnection, knowledge: Knowledge, home: Home) -> None:
    """The relations that no file of `sql/` makes."""
    con.register("catalogue_metric", metric_table(knowledge.catalogue))
    con.register("catalogue_rule", rule_table(knowledge.rules))
    con.register("catalogue_cause", cause_table(knowledge.causes))
    for name, table in {**described(knowledge.models, knowledge.sql), **user_tables(home)}.items():
        con.register(name, table)


def _hours(changes: Sequence[Change]) -> int:
    return sum(len(list(change.window.hours())) for change in changes)


def _counting(on_progress: Callable[[str, int, int], None] | None, total: int) -> Callable[[str], None]:
    """Tell each thing done together with how many there were and how many there are in all."""
    done = count(1)

    def say(thing: str) -> None:
        if on_progress:
            on_progress(thing, next(done), total)

    return say


def _refuse_failed(checks: Sequence[CheckResult]) -> None:
    failed = [check.name for check in checks if check.blocking and check.rows]
    if failed:
        raise OcpperfError(
            f"The models were built but {', '.join(failed)} found offending rows, so nothing was published.",
            "Run `ocpperf sql` on the published warehouse to compare, then mend the model or the check.",
        )
