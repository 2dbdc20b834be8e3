"""Bring the slot being written to the present layout, one numbered SQL file after the other."""

import re
from pathlib import Path

import duckdb

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.layout import LAYOUT, TABLE, layout_of

_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


def bring_forward(con: duckdb.DuckDBPyConnection, migrations: Path, layout: int = LAYOUT) -> list[int]:
    """Stamp a new file, migrate an older one; answers with the layouts that were reached, none when all is well.

    The file of `migrations` with the number N brings layout N - 1 to N. Raises OcpperfError when a newer ocpperf wrote
    the slot, when a file is missing and when its SQL fails: then nothing of it stays.
    """
    con.execute(f"create table if not exists {TABLE} (version integer, applied_at timestamp)")
    present = layout_of(con)
    if present is None:
        _stamp(con, layout)
        return [layout]
    files = {int(found[1]): path for path in migrations.glob("*.sql") if (found := _NAME.fullmatch(path.name))}
    steps = list(range(present + 1, layout + 1))
    for step in steps:
        _migrate(con, step, files.get(step))
    return steps


def _migrate(con: duckdb.DuckDBPyConnection, step: int, path: Path | None) -> None:
    if path is None:
        raise OcpperfError(
            f"No migration brings the warehouse from layout {step - 1} to {step}.",
            "Install ocpperf again; nothing was published.",
        )
    con.begin()
    try:
        con.execute(path.read_text(encoding="utf-8"))
        _stamp(con, step)
    except duckdb.Error as fault:
        con.rollback()
        raise OcpperfError(
            f"migrations/{path.name} could not be applied: {str(fault).splitlines()[0]}",
            "The published warehouse is as it was; use the ocpperf that wrote it until this is mended.",
        ) from fault
    con.commit()


def _stamp(con: duckdb.DuckDBPyConnection, layout: int) -> None:
    con.execute(f"insert into {TABLE} values (?, now() at time zone 'UTC')", [layout])
