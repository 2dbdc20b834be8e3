"""The same plan gives the same bytes, and what a fault does not touch stays as it was."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from demo.cluster import every_series
from demo.remote_write import encode
from tests.demo.conftest import Disturbed, Exposed, plan, scenario

_WRITE = """
import sys
from tests.demo.test_same_plan import digest
sys.stdout.write(digest(int(sys.argv[1])))
"""


def digest(seed: int) -> str:
    """The digest of what an hour of a cluster is as one request."""
    made = plan(hours=1, workers=1, seed=seed)
    request, samples = encode(made.timeline, every_series(made))
    assert samples > 100_000
    return sha256(request).hexdigest()


@pytest.fixture(scope="module")
def first() -> str:
    return digest(1)


def test_another_process_writes_the_same_bytes(first: str) -> None:
    """With another hash seed, so that no order rests on Python's."""
    other = subprocess.run(
        [sys.executable, "-c", _WRITE, "1"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert other.stdout == first


def test_another_seed_writes_other_bytes(first: str) -> None:
    assert digest(2) != first


def changed_by(fault: Exposed, quiet: Exposed) -> set[str]:
    """Where the series come from that a fault changed: `instance`s of their targets."""
    before, after = quiet.by_identity(), fault.by_identity()
    assert before.keys() == after.keys()
    return {
        one.target.labels["instance"]
        for key, one in after.items()
        if not np.array_equal(one.values, before[key].values, equal_nan=True)
    }


def test_a_busy_worker_changes_the_series_of_that_worker_and_no_other(quiet: Exposed, disturbed: Disturbed) -> None:
    fault = disturbed(scenario("cpu", "worker-0", extra_demand=1.6))
    assert changed_by(fault, quiet) == {"worker-0", "10.0.1.30:10250", "10.0.1.30:9103", "10.0.1.30:9637"}


def test_a_slow_etcd_disk_leaves_other_nodes_machines_as_they_were(quiet: Exposed, disturbed: Disturbed) -> None:
    changed = changed_by(disturbed(scenario("disk", "master-1", service_time_factor=120)), quiet)
    machines = {one.labels["instance"] for one in quiet.all("node_load1")}
    assert changed & machines == {"master-1"}
