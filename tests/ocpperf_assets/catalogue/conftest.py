"""A small catalogue to break, and the shipped one."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ocpperf_assets.catalogue import Catalogue, Rule, load_catalogue, load_rules
from ocpperf_assets.catalogue.locate import metrics_directory
from ocpperf_mcp.contracts.errors import OcpperfError

Write = Callable[..., Path]
Refusal = Callable[[Callable[[], object]], list[str]]

METRICS = """\
domain: disk
selectors:
  openshift:
    disk: 'job="node-exporter"'
    etcd: 'job="etcd"'
metrics:
  - name: reads
    title: Reads
    category: io
    expr: sum by (instance, device) (rate(node_disk_reads_completed_total{$disk}[$window]))
    unit: operations_per_second
    labels: [instance, device]
    better: neither
    description: Reads a second.
  - name: fsync
    title: WAL fsync
    category: wal
    kind: histogram
    expr: sum by (pod, le) (increase(etcd_disk_wal_fsync_duration_seconds_bucket{$etcd}[$window]))
    unit: seconds
    labels: [pod]
    better: lower
    objective: {value: 0.01, tier: T2, source: etcd FAQ}
    description: How long fsyncs took.
  - name: fsync_p99
    title: WAL fsync P99
    category: wal
    expr: histogram_quantile(0.99, sum by (pod, le) (rate(etcd_disk_wal_fsync_duration_seconds_bucket{$etcd}[$window])))
    quantile_of: fsync
    unit: seconds
    labels: [pod]
    better: lower
    description: P99 of fsyncs.
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the small catalogue, with texts replaced, into a directory that also knows what exporters expose."""

    def write_(
        *changes: tuple[str, str], text: str = METRICS, directory: str = "metrics", name: str = "disk.yaml"
    ) -> Path:
        root = tmp_path / directory
        root.mkdir(exist_ok=True)
        for facts in metrics_directory().glob("exporters*.csv"):
            shutil.copy(facts, root)
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} is not there exactly once"
            text = text.replace(old, new)
        (root / name).write_text(text, encoding="utf-8")
        return root

    return write_


@pytest.fixture
def refusal(tmp_path: Path) -> Refusal:
    """Lines of the fault a call ends with, paths shown from the temporary directory on."""

    def refusal_(call: Callable[[], object]) -> list[str]:
        with pytest.raises(OcpperfError) as refused:
            call()
        assert refused.value.next_step == "metrics/README.md describes every field."
        return [line.strip().replace(f"{tmp_path}/", "") for line in refused.value.what.splitlines()]

    return refusal_


@pytest.fixture(scope="session")
def shipped() -> Catalogue:
    return load_catalogue([metrics_directory()])


@pytest.fixture(scope="session")
def shipped_rules(shipped: Catalogue) -> tuple[Rule, ...]:
    return load_rules([metrics_directory() / "rules"], shipped)
