"""The runner: what is built, what is left alone, and what it says has changed."""

from dataclasses import replace
from datetime import datetime

import duckdb
import pyarrow as pa
import pytest

from ocpperf_assets.models import Model, create_raw_tables
from ocpperf_assets.models.windows import merge
from ocpperf_mcp.contracts.errors import OcpperfError
from tests.ocpperf_assets.models.conftest import Warehouse, hours, load, simulated
from tests.sql.folder_case import CLUSTER, DOMAINS, SQL, shipped_models


def altered(name: str, old: str, new: str) -> list[Model]:
    """The shipped models with one body edited, as its file would be."""
    return [
        replace(model, body=model.body.replace(old, new), sql_hash=f"{model.sql_hash}-edited")
        if model.name == name
        else model
        for model in shipped_models()
    ]


def test_the_first_build_covers_every_hour_that_has_raw_rows(warehouse: Warehouse) -> None:
    results = warehouse.build(hours(5, 6))
    assert warehouse.rows("select count(distinct hour) from fct_metric_hourly") == [(6,)]
    assert results["fct_metric_hourly"].rows == 12
    assert ("fct_metric_hourly", None, None, None) in warehouse.changed
    assert ("raw_model", None, None, None) in warehouse.changed


def test_building_a_window_twice_gives_the_same_rows(warehouse: Warehouse) -> None:
    warehouse.build(hours(0, 6))
    before = warehouse.tables()
    warehouse.build(hours(0, 6))
    assert warehouse.tables() == before
    assert all(before[name] for name in ("fct_metric_hourly", "fct_latency_hourly", "fct_bottleneck"))


def test_only_the_changed_hours_are_built_and_told(warehouse: Warehouse) -> None:
    warehouse.build(hours(0, 6))
    warehouse.con.execute("update raw_node set value = 0.7 where ts >= '2026-01-01 02:00'")
    results = warehouse.build(hours(2, 3), hours(3, 4))
    assert results["fct_metric_hourly"].rows == 4
    assert warehouse.rows("select distinct hour from fct_metric_hourly where max = 0.7 order by all") == [
        (datetime(2026, 1, 1, 2),),
        (datetime(2026, 1, 1, 3),),
    ]
    told = {(table, column, window) for table, column, _, window in warehouse.changed}
    assert ("fct_metric_5m", "ts", hours(2, 4).window) in told
    assert ("fct_metric_hourly", "hour", hours(2, 4).window) in told
    assert {cluster for _, _, cluster, _ in warehouse.changed} == {CLUSTER}


def test_a_changed_hour_changes_the_verdicts_of_the_hours_after_it(warehouse: Warehouse) -> None:
    warehouse.build(hours(0, 6))
    query = "select hour, duration_s from fct_bottleneck order by hour"
    assert [seconds for _, seconds in warehouse.rows(query)] == [1200, 4800, 6000]
    warehouse.con.execute("update raw_node set value = 0.2 where ts < '2026-01-01 02:00'")
    warehouse.build(hours(1, 2))
    assert [seconds for _, seconds in warehouse.rows(query)] == [3600, 4800]
    assert ("fct_bottleneck", "hour", CLUSTER, hours(1, 6).window) in warehouse.changed
    assert ("fct_metric_hourly", "hour", CLUSTER, hours(1, 2).window) in warehouse.changed


def test_hours_built_one_by_one_are_those_built_at_once(warehouse: Warehouse) -> None:
    warehouse.build(hours(0, 6))
    at_once = warehouse.tables()
    for hour in (3, 0, 5, 1, 4, 2):
        warehouse.build(hours(hour, hour + 1))
    assert warehouse.tables() == at_once


def test_windows_longer_than_a_day_are_built_whole() -> None:
    warehouse = load(simulated(50))
    warehouse.build(hours(0, 50))
    assert warehouse.said.count("building fct_metric_hourly") == 1
    assert warehouse.rows("select count(*) from fct_metric_hourly where samples = 60") == [(100,)]


def test_a_table_that_did_not_change_is_not_written(warehouse: Warehouse) -> None:
    warehouse.build(hours(0, 6))
    assert ("dim_metric", None, None, None) in warehouse.changed
    results = warehouse.build(hours(5, 6))
    assert results["dim_metric"].rows == 0
    assert [table for table, _, cluster, _ in warehouse.changed if cluster is None] == []


def test_a_model_whose_sql_changed_is_built_again_with_all_that_reads_it(warehouse: Warehouse) -> None:
    warehouse.build(hours(0, 6))
    models = altered("fct_metric_hourly", "min(value) as min", "min(value) + 1 as min")
    warehouse.build(hours(5, 6), models=models)
    assert warehouse.rows("select count(*) from fct_metric_hourly where min > 1") == [(12,)]
    assert ("fct_metric_hourly", None, None, None) in warehouse.changed
    assert warehouse.rows("select sql_hash from raw_model where model = 'fct_metric_hourly'") != []


def test_a_new_column_appears_and_hours_without_raw_rows_keep_their_facts(warehouse: Warehouse) -> None:
    warehouse.build(hours(0, 6))
    warehouse.con.execute("delete from raw_node where ts < '2026-01-01 03:00'")
    models = altered(
        "fct_metric_5m", "avg(sample.value) as avg,", "avg(sample.value) as avg, sum(sample.value) as total,"
    )
    warehouse.build(hours(5, 6), models=models)
    assert warehouse.rows(
        "select ts < '2026-01-01 03:00', count(total), count(*) from fct_metric_5m group by 1 order by 1"
    ) == [
        (False, 72, 72),
        (True, 0, 72),
    ]


def test_a_changed_limit_is_judged_over_all_hours(warehouse: Warehouse) -> None:
    warehouse.build(hours(0, 6))
    rules: pa.Table = warehouse.con.sql("from catalogue_rule").to_arrow_table()
    level = {"severity": "info", "value": 0.99, "tier": "T1", "source": "node mixin", "roles": []}
    rule = {**rules.to_pylist()[0], "levels": [level]}
    warehouse.con.register("catalogue_rule", pa.Table.from_pylist([rule], rules.schema))
    warehouse.build(hours(5, 6))
    assert warehouse.rows("from fct_bottleneck") == []
    assert ("fct_bottleneck", None, None, None) in warehouse.changed


def test_a_changed_description_builds_nothing_again(warehouse: Warehouse) -> None:
    warehouse.build(hours(0, 6))
    metrics: pa.Table = warehouse.con.sql("from catalogue_metric").to_arrow_table()
    described = [{**row, "description": "said better"} for row in metrics.to_pylist()]
    warehouse.con.register("catalogue_metric", pa.Table.from_pylist(described, metrics.schema))
    results = warehouse.build(hours(5, 6))
    assert results["dim_metric"].rows == 3
    assert results["fct_metric_hourly"].rows == 2
    assert [table for table, _, cluster, _ in warehouse.changed if cluster is None] == ["dim_metric"]


def test_a_failing_model_is_named_and_leaves_its_table_as_it_was(warehouse: Warehouse) -> None:
    warehouse.build(hours(0, 6))
    before = warehouse.rows("from fct_metric_5m order by all")
    failing = [
        replace(model, body=model.body.replace("count(*) as samples", "error('no')::bigint as samples"))
        if model.name == "fct_metric_5m"
        else model
        for model in shipped_models()
    ]
    with pytest.raises(OcpperfError, match=r"^fct/fct_metric_5m\.sql could not be built: "):
        warehouse.build(hours(0, 6), models=failing)
    assert warehouse.rows("from fct_metric_5m order by all") == before


def test_clusters_are_kept_apart(warehouse: Warehouse) -> None:
    warehouse.build(hours(0, 6))
    warehouse.con.execute("insert into raw_node select 'c2', metric, series_id, ts, value from raw_node")
    warehouse.build(hours(0, 6))
    assert warehouse.rows("select distinct cluster from fct_metric_hourly") == [(CLUSTER,)]


def test_raw_tables_can_be_created_again_without_losing_a_row(memory: duckdb.DuckDBPyConnection) -> None:
    create_raw_tables(memory, SQL, DOMAINS)
    memory.execute("insert into raw_etcd values ('c1', 'm', 1, '2026-01-01', 2)")
    create_raw_tables(memory, SQL, (*DOMAINS, "x"))
    assert memory.execute("select domain, value from raw_sample").fetchall() == [("etcd", 2.0)]
    assert memory.execute("select count(*) from raw_disk").fetchone() == (0,)


def test_adjoining_and_overlapping_changes_are_merged() -> None:
    assert merge([hours(4, 6), hours(0, 1), hours(1, 2), hours(5, 8)]) == [hours(0, 2), hours(4, 8)]
