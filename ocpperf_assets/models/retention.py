"""How long rows are kept, and from when on each table still has its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import duckdb

from ocpperf_assets.models.model import Model
from ocpperf_assets.models.relation import exists, transaction
from ocpperf_mcp.contracts.windows import Window, floor_hour

TABLE = "raw_retention"
CLOSED = "their raw samples are older than OCPPERF_KEEP_RAW and were removed, so they are not collected again."


@dataclass(frozen=True)
class Ages:
    """The greatest age of the rows of each class; None keeps them for good."""

    raw: timedelta
    five_minutes: timedelta
    hourly: timedelta | None = None

    def of(self, model: Model) -> timedelta | None:
        return {"raw": self.raw, "5m": self.five_minutes, "hourly": self.hourly, "": None}[model.keep]


def kept_from(con: duckdb.DuckDBPyConnection) -> dict[str, datetime]:
    """From when on a table has its rows, by its name; only tables of which rows were removed."""
    rows = con.execute(f"select table_name, kept_from from {TABLE}").fetchall()
    return {table: moment.replace(tzinfo=UTC) for table, moment in rows}


def closed_hours(con: duckdb.DuckDBPyConnection, since: datetime) -> frozenset[tuple[str, datetime]]:
    """Cluster and start of the hours from `since` on whose raw samples were removed: they are not loaded again."""
    bounds = {"since": since.astimezone(UTC).replace(tzinfo=None)}
    rows = con.execute("from raw_closed_hour where hour >= $since", bounds).fetchall()
    return frozenset((cluster, hour.replace(tzinfo=UTC)) for cluster, hour in rows)


def expire(
    con: duckdb.DuckDBPyConnection,
    models: Sequence[Model],
    ages: Ages,
    now: datetime,
    on_change: Callable[[str, str | None, str | None, Window | None], None],
) -> dict[str, int]:
    """Remove the rows that are older than their class is kept; answers with how many, by table.

    Whole hours go, in one transaction. `on_change` hears (table, time column, None, window) of what went.
    """
    removed: dict[str, int] = {}
    with transaction(con):
        for model in models:
            age = ages.of(model)
            if age is not None and exists(con, model.name):
                removed[model.name] = _expire(con, model, floor_hour(now - age), now, on_change)
    removed = {table: rows for table, rows in removed.items() if rows}
    if removed:
        on_change(TABLE, None, None, None)
    return removed


def _expire(
    con: duckdb.DuckDBPyConnection,
    model: Model,
    edge: datetime,
    now: datetime,
    on_change: Callable[[str, str | None, str | None, Window | None], None],
) -> int:
    column, bounds = model.kept_by, {"edge": edge.replace(tzinfo=None)}
    ((rows, oldest),) = con.execute(
        f"select count(*), min({column}) from {model.name} where {column} < $edge", bounds
    ).fetchall()
    if rows:
        con.execute(f"delete from {model.name} where {column} < $edge", bounds)
        con.execute(f"delete from {TABLE} where table_name = $table", {"table": model.name})
        con.execute(
            f"insert into {TABLE} values ($table, $edge, $now)",
            {"table": model.name, "now": now.astimezone(UTC).replace(tzinfo=None), **bounds},
        )
        on_change(model.name, column, None, Window(floor_hour(oldest.replace(tzinfo=UTC)), edge))
    return int(rows)
