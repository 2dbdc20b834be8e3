"""Warehouses that the tools are asked about beside the small one: two clusters, one whose older samples are gone."""

from datetime import UTC, datetime, timedelta

import pytest

from ocpperf_assets.models import Change, build_models
from ocpperf_assets.models.retention import Ages, expire
from ocpperf_assets.slots import write_turn
from ocpperf_mcp.contracts.paths import Home
from tests.conftest import copy_of
from tests.ocpperf_mcp.conftest import CASE
from tests.sql.folder_case import (
    DOMAINS,
    load_case,
    read_case,
    shipped_models,
    unregister_catalogue,
)

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def aged(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The same after samples older than two hours and five-minute statistics older than three were removed."""
    made = copy_of(home, tmp_path_factory.mktemp("aged"))
    ages = Ages(raw=timedelta(hours=2), five_minutes=timedelta(hours=3))
    with write_turn(made, "expire") as turn:
        expire(turn.con, shipped_models(), ages, NOW, turn.changed)
    return made


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """That cluster and a second one, c2, with the same samples and a CPU that is busy by half as much."""
    made = Home(tmp_path_factory.mktemp("two") / "home")
    case = read_case(CASE)
    with write_turn(made, "run") as turn:
        load_case(turn.con, case)
        for table in ("raw_histogram", "raw_series_label", "raw_extraction", *(f"raw_{name}" for name in DOMAINS)):
            turn.con.execute(f"insert into {table} by name select * replace ('c2' as cluster) from {table}")
        turn.con.execute("update raw_node set value = value / 2 where cluster = 'c2' and metric = 'busy'")
        changes = [*case.changes, Change("c2", case.window)]
        build_models(turn.con, shipped_models(), changes, now=case.now, on_change=lambda *_: None)
        unregister_catalogue(turn.con)
    return made
