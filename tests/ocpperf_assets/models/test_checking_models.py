"""Checks look at what was built, and say what they found."""

from ocpperf_assets.models import CheckResult, run_checks
from tests.ocpperf_assets.models.conftest import Warehouse, hours
from tests.sql.folder_case import shipped_models


def found(warehouse: Warehouse) -> dict[str, CheckResult]:
    results = run_checks(warehouse.con, shipped_models(), [hours(0, 6)])
    return {result.name: result for result in results if result.rows}


def test_a_sound_build_passes_every_blocking_check(warehouse: Warehouse) -> None:
    warehouse.build(hours(0, 6))
    assert [result.name for result in found(warehouse).values() if result.blocking] == []


def test_every_table_with_keys_is_checked(warehouse: Warehouse) -> None:
    warehouse.build(hours(0, 6))
    results = run_checks(warehouse.con, shipped_models(), [hours(0, 6)])
    assert {model.name for model in shipped_models() if model.is_table} == {
        result.table for result in results if result.name.endswith("_keys")
    }


def test_a_doubled_row_and_a_missing_key_are_found(warehouse: Warehouse) -> None:
    warehouse.build(hours(0, 6))
    warehouse.con.execute("insert into fct_metric_5m from fct_metric_5m limit 1")
    warehouse.con.execute("update dim_node set node = null")
    results = found(warehouse)
    assert results["check_fct_metric_5m_keys"].blocking
    assert [example["rows"] for example in results["check_fct_metric_5m_keys"].examples] == [2]
    assert results["check_dim_node_keys"].rows == 1


def test_only_the_changed_windows_are_checked(warehouse: Warehouse) -> None:
    warehouse.build(hours(0, 6))
    warehouse.con.execute("insert into fct_metric_hourly from fct_metric_hourly where hour = '2026-01-01 01:00'")
    names = [result.name for result in run_checks(warehouse.con, shipped_models(), [hours(2, 6)]) if result.rows]
    assert "check_fct_metric_hourly_keys" not in names
    assert "check_fct_metric_hourly_keys" in found(warehouse)


def test_falling_counts_are_found(warehouse: Warehouse) -> None:
    warehouse.build(hours(0, 6))
    warehouse.con.execute("update fct_histogram_hourly set increase = 1 where le = 0.016")
    result = found(warehouse)["check_fct_histogram_hourly_cumulative"]
    assert result.blocking
    assert (result.rows, result.table) == (6, "fct_histogram_hourly")


def test_an_unresolved_node_warns_and_does_not_block(warehouse: Warehouse) -> None:
    warehouse.build(hours(0, 6))
    result = found(warehouse)["check_fct_coverage_hourly_unresolved"]
    assert (result.blocking, result.rows) == (False, 6)
    assert result.examples[0]["unresolved_series"] == 1
