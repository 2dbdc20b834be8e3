"""The idle slot becomes equal to the published one by copying only what changed."""

from collections.abc import Callable

import duckdb
import pytest

from ocpperf_assets.slots import WriteTurn, write_turn
from ocpperf_assets.slots import turn as turns
from tests.ocpperf_assets.slots.conftest import CLUSTER, Warehouse, hour, write_hour


def contents(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    tables = con.execute("select table_name from duckdb_tables() order by 1").fetchall()
    return {name: con.execute(f"from {name} order by all").fetchall() for (name,) in tables}


def replace_window(turn: WriteTurn) -> None:
    write_hour(turn, 1, 5.0)


def delete_window(turn: WriteTurn) -> None:
    start = hour(1).start.replace(tzinfo=None)
    for table, column in (("sample", "ts"), ("fact", "hour")):
        turn.con.execute(f"delete from {table} where {column} >= ? and {column} < ? + interval 1 hour", [start, start])
        turn.changed_window(table, column, CLUSTER, hour(1))


def delete_window_of_every_cluster(turn: WriteTurn) -> None:
    turn.con.execute("delete from sample")
    turn.changed_window("sample", "ts", None, hour(0))
    turn.changed_window("sample", "ts", None, hour(1))


def upsert_rows(turn: WriteTurn) -> None:
    turn.con.execute("update label set text = 'newer', changed_version = ? where id = 2", [turn.version])
    turn.con.execute("insert into label values (3, 'new', ?)", [turn.version])
    turn.changed_rows("label", "changed_version", key=("id",))


def replace_whole(turn: WriteTurn) -> None:
    turn.con.execute("create or replace table fact as select *, 'note' as note from fact")
    turn.changed_whole("fact")


def new_table(turn: WriteTurn) -> None:
    turn.con.execute("create table other as select 1 as one, timestamp '2026-01-01 00:10' as ts, 'lab' as cluster")
    turn.changed_window("other", "ts", CLUSTER, hour(0))


def dropped_table(turn: WriteTurn) -> None:
    turn.con.execute("drop table label")
    turn.changed_whole("label")


def other_column_type(turn: WriteTurn) -> None:
    turn.con.execute("alter table sample alter value type float")
    write_hour(turn, 1, 2.0)


CHANGES = [
    replace_window,
    delete_window,
    delete_window_of_every_cluster,
    upsert_rows,
    replace_whole,
    new_table,
    dropped_table,
    other_column_type,
]


@pytest.fixture
def two_slots(warehouse: Warehouse) -> Warehouse:
    with write_turn(warehouse.home, "labels") as turn:
        turn.con.execute("create table label (id integer, text varchar, changed_version bigint)")
        turn.con.execute("insert into label values (1, 'one', 1), (2, 'two', 1)")
        turn.changed_whole("label")
    warehouse.publish(0)
    warehouse.publish(1)
    return warehouse


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: str(change.__name__))
def test_the_next_turn_starts_from_exactly_what_is_published(
    two_slots: Warehouse, change: Callable[[WriteTurn], None]
) -> None:
    with write_turn(two_slots.home, "change") as turn:
        change(turn)
    other = two_slots.published
    with write_turn(two_slots.home, "next") as turn, duckdb.connect(str(other), read_only=True) as published:
        assert contents(turn.con) == contents(published)


def test_all_changes_since_the_slot_was_last_written_are_caught_up_at_once(two_slots: Warehouse) -> None:
    """A reader held the slot back for two turns."""
    held = duckdb.connect(str(two_slots.home.slots / "a.duckdb"), read_only=True)
    for change in (replace_window, upsert_rows, replace_whole):
        with write_turn(two_slots.home, change.__name__) as turn:
            change(turn)
    held.close()
    published = two_slots.published
    with write_turn(two_slots.home, "next") as turn, duckdb.connect(str(published), read_only=True) as con:
        assert contents(turn.con) == contents(con)


def test_only_what_changed_is_copied(two_slots: Warehouse) -> None:
    """A row that the ledger does not tell of stays different: had the table been copied, it would be gone."""
    idle = next(path for path in two_slots.home.slots.glob("*.duckdb") if path != two_slots.published)
    idle.chmod(0o644)
    with duckdb.connect(str(idle)) as con:
        con.execute("insert into label values (99, 'left behind', 0)")
    with write_turn(two_slots.home, "next") as turn:
        assert turn.con.execute("select count(*) from label where id = 99").fetchall() == [(1,)]


def test_a_slot_older_than_the_ledger_is_copied_anew(two_slots: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "KEPT_VERSIONS", 2)
    held = duckdb.connect(str(two_slots.home.slots / "a.duckdb"), read_only=True)
    for number in range(2, 8):
        two_slots.publish(number)
    held.close()
    for number in range(8, 11):
        two_slots.publish(number)
    assert two_slots.totals() == [(number, 1000.0) for number in range(11)]
    assert two_slots.rows("select count(distinct version) <= 3 from raw_publication") == [(True,)]
