"""How a snapshot gets into the warehouse: filed under its hour, in the place of an earlier one."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from ocpperf_assets.ingest.staged import Change
from ocpperf_assets.inventory.load import load_snapshots
from ocpperf_assets.inventory.snapshot import Snapshot, take_snapshot
from ocpperf_assets.inventory.stage import stage
from ocpperf_assets.models import create_raw_tables
from ocpperf_assets.models.windows import all_hours
from ocpperf_mcp.contracts.windows import HOUR, Window
from tests.doubles.kubernetes_api.inhabited import PLANTED, inhabited_kubernetes, inhabited_openshift
from tests.ocpperf_assets.access.conftest import USER, Reach, Serve
from tests.ocpperf_assets.inventory.conftest import TAKEN, taken
from tests.sql.folder_case import SQL, load_case, read_case, shipped_models

OF_HOUR = Change("lab", Window(TAKEN.replace(minute=0), TAKEN.replace(minute=0) + HOUR))


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        create_raw_tables(made, SQL, ("node",))
        yield made


def loaded(con: duckdb.DuckDBPyConnection, root: Path, *snapshots: Snapshot) -> list[tuple[str, str, Change]]:
    """Load them one run after the other; answers with what was recorded of the last."""
    recorded: list[tuple[str, str, Change]] = []
    for number, snapshot in enumerate(snapshots):
        recorded.clear()
        stage(snapshot, root / f"run-{number}")
        load_snapshots(con, root / f"run-{number}", lambda *change: recorded.append(change))
    return recorded


def test_every_row_arrives_and_every_table_is_recorded(
    con: duckdb.DuckDBPyConnection, serve: Serve, reach: Reach, tmp_path: Path
) -> None:
    snapshot = taken(reach(serve(inhabited_openshift(USER))))
    recorded = loaded(con, tmp_path, snapshot)
    held = {table.removeprefix("raw_inventory_"): count(con, table) for table, _, _ in recorded}
    assert {table: rows for table, rows in held.items() if rows} == {
        table: len(rows) for table, rows in snapshot.tables.items()
    }
    assert {(column, change) for _, column, change in recorded} == {("taken_at", OF_HOUR)}
    con.execute("from raw_inventory_node where node = 'master-0'")
    names = [column[0] for column in con.description or ()]
    (node,) = con.fetchall()
    told = next(row for row in snapshot.tables["node"] if row["node"] == "master-0")
    assert {name: value for name, value in zip(names, node, strict=True) if value is not None} == {
        name: value for name, value in told.items() if value is not None
    }


def test_a_later_snapshot_of_the_hour_takes_the_place_of_the_first(
    con: duckdb.DuckDBPyConnection, serve: Serve, reach: Reach, tmp_path: Path
) -> None:
    """Also in tables it brings nothing for: what may not be read any more is not known any more."""
    double = serve(inhabited_openshift(USER))
    api = reach(double)
    first = taken(api)
    double.cluster.deny("list", "nodes")
    later = take_snapshot(api, cluster="lab", taken_at=TAKEN + timedelta(minutes=30))
    before = take_snapshot(api, cluster="lab", taken_at=TAKEN - HOUR)
    loaded(con, tmp_path, before, first, later)
    rows = con.execute("select taken_at, state from raw_inventory_part where part = 'nodes' order by all").fetchall()
    assert rows == [(naive(TAKEN - HOUR), "forbidden"), (naive(TAKEN + timedelta(minutes=30)), "forbidden")]
    assert count(con, "raw_inventory_node") == 0


def test_nothing_secret_is_staged(serve: Serve, reach: Reach, tmp_path: Path) -> None:
    stage(taken(reach(serve(inhabited_kubernetes(USER)))), tmp_path)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*.parquet"))
    assert b"namespaces" in kept
    assert not [word for word in (PLANTED, USER) if word.encode() in kept]


def test_a_snapshot_that_was_not_staged_to_its_end_is_left_alone(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    (tmp_path / "inventory" / "lab").mkdir(parents=True)
    (tmp_path / "inventory" / "lab" / "part.parquet").touch()
    assert load_snapshots(con, tmp_path, lambda *_: None) == []


def test_facts_are_built_over_hours_before_the_first_snapshot() -> None:
    """They rest on dim_node, which the inventory adds to; an inventory begins long after the metrics do."""
    case = read_case(SQL.parent / "tests" / "sql" / "dim_node" / "edge_the_inventory_adds_capacity" / "input.yaml")
    by_name = {model.name: model for model in shipped_models()}
    with duckdb.connect() as con:
        load_case(con, case)
        for table in ("raw_inventory_part", "raw_inventory_node"):
            con.execute(f"update {table} set taken_at = $after", {"after": naive(case.window.end - HOUR / 2)})
        (hours,) = all_hours(con, by_name["fct_target_hourly"], by_name, keep_older=True)
        assert hours.window == case.window


def count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"select count(*) from {table}").fetchall()[0][0])


def naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)
