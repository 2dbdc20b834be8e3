"""What is written down of the configured clusters, and what stays of one that is configured no more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from ocpperf_assets.ingest.clusters import KnownCluster, store
from ocpperf_assets.models import create_raw_tables
from tests.conftest import shipped_catalogue
from tests.sql.folder_case import DOMAINS, SQL

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def con(memory: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    create_raw_tables(memory, SQL, DOMAINS)
    return memory


def cluster(name: str, **labels: str) -> KnownCluster:
    return KnownCluster(name, tuple(labels.items()), "openshift", None, 60, shipped_catalogue())


def known(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute("select cluster, configured, removed_at from raw_cluster order by cluster").fetchall()


def test_a_cluster_is_written_down_with_its_metrics_and_then_costs_no_change(con: duckdb.DuckDBPyConnection) -> None:
    assert list(store(con, [cluster("east", env="prod")], NOW)) == ["raw_cluster", "raw_cluster_metric"]
    assert list(store(con, [cluster("east", env="prod")], LATER)) == []
    (row,) = con.execute("select labels['env'], step_s, first_configured_at from raw_cluster").fetchall()
    assert row == ("prod", 60, NOW.replace(tzinfo=None))
    metrics = con.execute("select count(*) from raw_cluster_metric where cluster = 'east'").fetchall()
    assert metrics == [(len(shipped_catalogue().metrics),)]


def test_other_labels_or_another_step_are_a_change_of_the_cluster_alone(con: duckdb.DuckDBPyConnection) -> None:
    east = cluster("east", env="prod")
    list(store(con, [east], NOW))
    assert list(store(con, [replace(east, labels=(("env", "lab"),))], LATER)) == ["raw_cluster"]
    assert list(store(con, [replace(east, labels=(("env", "lab"),), step_s=120)], LATER)) == ["raw_cluster"]


def test_one_that_is_removed_keeps_its_rows_until_it_comes_back(con: duckdb.DuckDBPyConnection) -> None:
    east, west = cluster("east"), cluster("west")
    list(store(con, [east, west], NOW))
    assert list(store(con, [east], LATER)) == ["raw_cluster"]
    assert known(con) == [("east", True, None), ("west", False, LATER.replace(tzinfo=None))]
    ((metrics,),) = con.execute("select count(*) from raw_cluster_metric where cluster = 'west'").fetchall()
    assert metrics
    assert list(store(con, [west, east], LATER)) == ["raw_cluster"]
    assert known(con) == [("east", True, None), ("west", True, None)]
