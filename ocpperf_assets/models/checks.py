"""Checks over what was built: those of `sql/checks`, and keys unique and never NULL."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import duckdb

from ocpperf_assets.ingest.staged import Change, chunks
from ocpperf_assets.models.model import Model
from ocpperf_assets.models.windows import CHUNK, NO_WINDOW, merge, parameters

_EXAMPLES = 5


@dataclass(frozen=True)
class CheckResult:
    """Offending rows, and the first few of them. Only a blocking check is a reason not to publish."""

    name: str
    table: str
    description: str
    blocking: bool
    rows: int
    examples: tuple[dict[str, object], ...] = ()


def run_checks(con: duckdb.DuckDBPyConnection, models: Sequence[Model], changes: Sequence[Change]) -> list[CheckResult]:
    """Run every check over the changed windows; tables without a time column are checked whole."""
    windows = merge(changes)
    return [_run(con, check, windows) for check in checks_of(models)]


def checks_of(models: Sequence[Model]) -> tuple[Model, ...]:
    """Every check there is to run: the files of `sql/checks`, and the keys of each table that names some."""
    written = [model for model in models if model.kind == "check"]
    return (*written, *(_keys_check(model) for model in models if model.is_table and model.keys))


def checked_table(check: Model) -> str:
    """The table a check is about: the longest of those it reads whose name its own begins with."""
    return max((name for name in check.depends_on if check.name.startswith(f"check_{name}_")), key=len, default="")


def _run(con: duckdb.DuckDBPyConnection, check: Model, windows: Sequence[Change]) -> CheckResult:
    found = []
    for window in _windows(check, windows):
        rows = con.execute(check.body, parameters(check, window, datetime.now(UTC)))
        found.extend(_records(rows))
    return CheckResult(
        check.name,
        checked_table(check),
        check.description,
        check.severity == "fail",
        len(found),
        tuple(found[:_EXAMPLES]),
    )


def _keys_check(model: Model) -> Model:
    keys = ", ".join(model.keys)
    column = model.time_column
    within = f"where cluster = $cluster and {column} >= $window_start and {column} < $window_end" if column else ""
    missing = " or ".join(f"{key} is null" for key in model.keys)
    statement = (
        f"select {keys}, count(*) as rows from {model.name} {within} group by {keys} having count(*) > 1 or {missing}"
    )
    return replace(
        model,
        name=f"check_{model.name}_keys",
        kind="check",
        body=statement,
        severity="fail",
        description=f"{keys} are never NULL and name one row of {model.name}.",
        depends_on=(model.name,),
    )


def _windows(check: Model, windows: Sequence[Change]) -> Iterator[Change]:
    """The changed windows, a day at a time so that memory stays flat; once for a check of a whole table."""
    if "cluster" not in check.parameters:
        yield NO_WINDOW
        return
    for change in windows:
        for piece in chunks(change.window, CHUNK):
            yield Change(change.cluster, piece)


def _records(rows: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    names = [column[0] for column in rows.description or ()]
    return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
