"""Events stored in batches are those that Dagster's own storage has."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg
import pytest

from ocpperf_assets.event_log import BatchedEventLog
from ocpperf_assets.instance import prepare_instance
from ocpperf_assets.services.heartbeat import open_instance
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home

DAYS = dg.DailyPartitionsDefinition("2026-01-01", end_date="2026-01-08")
RANGE = {"dagster/asset_partition_range_start": "2026-01-02", "dagster/asset_partition_range_end": "2026-01-05"}
ASSET_COLUMNS = "asset_key, asset_details, wipe_timestamp, tags"


@dg.asset(partitions_def=DAYS, backfill_policy=dg.BackfillPolicy.single_run())
def measured(context: dg.AssetExecutionContext) -> None:
    for key in context.partition_keys:
        context.add_asset_metadata({"dagster/row_count": int(key[-1])}, partition_key=key)


@dg.asset_check(asset=measured)
def sound() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True)


def collect(dagster_home: Path) -> None:
    with open_instance(dagster_home) as instance:
        assert dg.materialize([measured, sound], instance=instance, tags=RANGE).success


def rows(dagster_home: Path) -> dict[str, list[tuple[object, ...]]]:
    """What is in the databases, but for numbers and times that differ between any two runs."""
    runs = dagster_home / "history" / "runs"
    events = "select dagster_event_type, step_key, asset_key, partition from event_logs order by id"
    found = {
        path.stem if path.stem == "index" else "run": sqlite3.connect(path).execute(events).fetchall()
        for path in runs.glob("*.db")
    }
    with sqlite3.connect(runs / "index.db") as index:
        found["assets"] = index.execute(f"select {ASSET_COLUMNS} from asset_keys").fetchall()
        found["tags"] = index.execute("select asset_key, key from asset_event_tags order by 1, 2").fetchall()
        found["checks"] = index.execute(
            "select asset_key, check_name, execution_status, partition from asset_check_executions order by 4"
        ).fetchall()
    return found


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("DAGSTER_EVENT_BATCH_SIZE", raising=False)
    yield prepare_instance(Home(tmp_path / "home"))
    monkeypatch.undo()


def test_they_are_the_same_rows_as_without_batches(
    shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    collect(plain)
    batches: list[int] = []
    store = BatchedEventLog.store_event_batch

    def counted(log: BatchedEventLog, events: Sequence[dg.EventLogEntry]) -> None:
        batches.append(len(events))
        store(log, events)

    monkeypatch.setattr(BatchedEventLog, "store_event_batch", counted)
    collect(shipped)
    assert rows(shipped) == rows(plain)
    assert batches == [5, 4], "what is planned with its check, and what was done"


def test_dagster_answers_what_was_materialized(shipped: Path) -> None:
    collect(shipped)
    key = dg.AssetKey("measured")
    with open_instance(shipped) as instance:
        assert instance.get_materialized_partitions(key) == {f"2026-01-0{day}" for day in range(2, 6)}
        latest = instance.get_latest_materialization_event(key)
        assert latest is not None
        assert latest.asset_materialization is not None
        assert latest.asset_materialization.metadata["dagster/row_count"].value == 5


def test_without_dagster_home_the_sentence_says_what_to_set(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    with pytest.raises(OcpperfError, match=r"DAGSTER_HOME is not set\."):
        dg.DagsterInstance.from_config(str(shipped))
