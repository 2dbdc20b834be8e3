"""Remove the rows that are older than they are kept, and give free space back to the disk."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import duckdb

from ocpperf_assets.ingest.write import WRITER_CONFIG, Knowledge, prepare
from ocpperf_assets.models import Ages, build_models, expire
from ocpperf_assets.models.relation import exists
from ocpperf_assets.slots import WriteTurn, write_turn
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.warehouse import open_published

# Rewriting reads and writes the whole file, so it waits until a good part of it is free, and for another day.
WORTH_FREE = 0.3
_EVERY = timedelta(days=1)
_LEDGER = "raw_compaction"


@dataclass(frozen=True)
class Space:
    """Size of the published file, and the share of its blocks that hold nothing."""

    file_bytes: int
    free_share: float


@dataclass(frozen=True)
class Kept:
    """Rows removed for their age by table, and what was free before the file was rewritten, if it was."""

    removed: dict[str, int] = field(default_factory=dict)
    rewritten: Space | None = None


def keep(
    home: Home,
    knowledge: Knowledge,
    ages: Ages,
    run_id: str,
    *,
    now: datetime | None = None,
    on_wait: Callable[[str], None] | None = None,
) -> Kept:
    """One writer's turn over the warehouse, or nothing where there is none yet.

    What retention frees today is given back by the next rewriting: rows go with the end of the turn. Raises
    OcpperfError as every turn does.
    """
    if not home.link.exists():
        return Kept()
    now = now or datetime.now(UTC)
    space = _worth_rewriting(home, now)
    with write_turn(home, run_id, on_wait=on_wait, config=WRITER_CONFIG, rewrite=space is not None) as turn:
        prepare(turn, knowledge, home)
        removed = expire(turn.con, knowledge.models, ages, now, turn.changed)
        build_models(turn.con, knowledge.models, (), now=now, on_change=turn.changed)
        if space:
            _remember(turn, space, now)
    return Kept(removed, space)


def _worth_rewriting(home: Home, now: datetime) -> Space | None:
    with open_published(home) as con:
        space = space_of(con)
        last = con.execute(f"select max(compacted_at) from {_LEDGER}").fetchall() if exists(con, _LEDGER) else [(None,)]
    ((moment,),) = last
    is_due = moment is None or moment.replace(tzinfo=UTC) <= now - _EVERY
    return space if is_due and space.free_share > WORTH_FREE else None


def space_of(con: duckdb.DuckDBPyConnection) -> Space:
    """Of the database that is open on the connection."""
    ((block_bytes, total, free),) = con.execute(
        "select block_size, total_blocks, free_blocks from pragma_database_size() "
        "where database_name = current_database()"
    ).fetchall()
    return Space(block_bytes * total, free / total if total else 0.0)


def _remember(turn: WriteTurn, space: Space, now: datetime) -> None:
    turn.con.execute(
        f"insert into {_LEDGER} values (?, ?, ?)",
        [now.astimezone(UTC).replace(tzinfo=None), space.file_bytes, space.free_share],
    )
    turn.changed_whole(_LEDGER)
