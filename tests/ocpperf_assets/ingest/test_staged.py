"""Which staged files count, and what becomes of those that do not."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ocpperf_assets.extraction.stage import Stage
from ocpperf_assets.ingest.staged import merge_hours, staged_domains, sweep
from ocpperf_mcp.contracts.windows import HOUR, Window

DAY = datetime(2026, 1, 1)


def test_a_domain_whose_staging_died_is_left_alone(tmp_path: Path) -> None:
    with Stage(tmp_path / "etcd"):
        pass
    with pytest.raises(KeyboardInterrupt), Stage(tmp_path / "node"):
        raise KeyboardInterrupt
    assert [domain.domain for domain in staged_domains(tmp_path)] == ["etcd"]


def test_a_run_that_staged_nothing_has_no_domains(tmp_path: Path) -> None:
    assert staged_domains(tmp_path / "missing") == []


def test_neighbouring_hours_of_a_cluster_are_one_window() -> None:
    rows = [("a", DAY), ("a", DAY + HOUR), ("a", DAY + 3 * HOUR), ("b", DAY + 4 * HOUR)]
    start = DAY.replace(tzinfo=UTC)
    assert [(change.cluster, change.window) for change in merge_hours(rows)] == [
        ("a", Window(start, start + 2 * HOUR)),
        ("a", Window(start + 3 * HOUR, start + 4 * HOUR)),
        ("b", Window(start + 4 * HOUR, start + 5 * HOUR)),
    ]


def test_what_dead_runs_left_is_swept_and_what_lives_stays(tmp_path: Path) -> None:
    old, young = tmp_path / "dead" / "etcd" / "samples-0000.parquet", tmp_path / "alive" / "etcd" / "x.parquet"
    for path in (old, young):
        path.parent.mkdir(parents=True)
        path.touch()
    long_ago = datetime.now(UTC).timestamp() - 100_000
    for path in (old, old.parent, old.parent.parent, young.parent, young.parent.parent):
        os.utime(path, (long_ago, long_ago))
    sweep(tmp_path, timedelta(days=1))
    assert [path.name for path in tmp_path.iterdir()] == ["alive"]


def test_sweeping_before_anything_was_staged_does_nothing(tmp_path: Path) -> None:
    sweep(tmp_path / "staging", timedelta(days=1))
    assert not (tmp_path / "staging").exists()
