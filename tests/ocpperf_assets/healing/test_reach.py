"""What is remembered of how far Prometheus reaches."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from ocpperf_assets.healing.reach import Reach, remember, remembered, store
from ocpperf_assets.models import create_raw_tables
from ocpperf_mcp.contracts.paths import Home
from tests.sql.folder_case import SQL

T0 = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_last_answer_of_every_cluster_is_remembered(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert list(remembered(home)) == []
    lab, edge = Reach("lab", T0, T0 + timedelta(days=1)), Reach("edge", T0, T0 + timedelta(days=2))
    later = Reach("lab", T0 + timedelta(hours=1), T0 + timedelta(days=1, hours=1))
    for reach in (lab, edge, later):
        remember(home, reach)
    assert {one.cluster: one for one in remembered(home)} == {"lab": later, "edge": edge}


def test_the_warehouse_is_told_once(tmp_path: Path, memory: duckdb.DuckDBPyConnection) -> None:
    create_raw_tables(memory, SQL, ["node"])
    home = Home(tmp_path)
    assert not store(memory, home)
    remember(home, Reach("lab", T0, T0 + timedelta(days=1)))
    assert store(memory, home)
    assert not store(memory, home), "what has not changed is not published again"
    assert memory.execute("from raw_reach").fetchall() == [("lab", datetime(2026, 1, 1), datetime(2026, 1, 2))]
