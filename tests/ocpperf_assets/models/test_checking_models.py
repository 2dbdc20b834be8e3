"""Checks look at what was built, and say what they found."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from ocpperf_assets.models import CheckResult, run_checks
from tests.ocpperf_assets.models.conftest import Warehouse, hours, load, simulated
from tests.sql.folder_case import METRIC_DEFAULTS, shipped_models


@pytest.fixture(scope="module")
def built() -> Iterator[Warehouse]:
    """Six hours with a row in every table of facts: an alert begins in the second one, and a target answers."""
    calm = simulated(6)
    alert = {"metric": "top_alerts", "labels": {"alertname": "Slow", "severity": "info"}, "samples": "_x90 1x30"}
    target = {"metric": "target_up", "labels": {"job": "node", "instance": "n1"}, "samples": "1x360"}
    made = load(
        replace(
            calm,
            metrics={
                **calm.metrics,
                "top_alerts": {**METRIC_DEFAULTS, "title": "alerts", "absent_means": "zero"},
                "target_up": {**METRIC_DEFAULTS, "title": "up", "kind": "state"},
            },
            series={**calm.series, "alert": alert, "target": target},
        )
    )
    made.build(hours(0, 6))
    yield made
    made.con.close()


@pytest.fixture
def eventful(built: Warehouse) -> Iterator[Warehouse]:
    """The same for each test: what a test does to it is taken back."""
    built.con.begin()
    yield built
    built.con.rollback()


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


@pytest.mark.parametrize(
    ("damage", "check", "blocking"),
    [
        ("update fct_bottleneck set severity = 'fatal'", "check_fct_bottleneck_ordered", True),
        ("update fct_bottleneck set last_seen = first_seen - interval 1 minute", "check_fct_bottleneck_ordered", True),
        ("update fct_bottleneck set last_seen = hour + interval 2 hours", "check_fct_bottleneck_ordered", True),
        ("update fct_event set start = hour + interval 1 hour", "check_fct_event_near", False),
        ("update fct_event set start = hour - interval 2 hours", "check_fct_event_near", False),
        ("update fct_alert_hourly set firing_s = 3660", "check_fct_alert_hourly_bounded", False),
        ("update fct_alert_hourly set last_seen = hour + interval 1 hour", "check_fct_alert_hourly_bounded", False),
        ("update fct_metric_hourly set avg = 2 * max", "check_fct_metric_hourly_ordered", False),
        ("update fct_metric_hourly set p95 = 2 * max", "check_fct_metric_hourly_ordered", False),
        ("update fct_metric_5m set last = max + 1", "check_fct_metric_5m_ordered", False),
        ("update fct_series_hourly set nan = samples + 1", "check_fct_series_hourly_counted", False),
        ("update fct_series_hourly set expected = samples - 1", "check_fct_series_hourly_counted", False),
        ("update fct_target_hourly set up_until = hour + interval 1 hour", "check_fct_target_hourly_within", False),
    ],
)
def test_facts_that_cannot_be_are_found(eventful: Warehouse, damage: str, check: str, blocking: bool) -> None:
    assert check not in found(eventful)
    eventful.con.execute(damage)
    assert found(eventful)[check].blocking == blocking
