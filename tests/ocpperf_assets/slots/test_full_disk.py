"""A disk without room: a real one is a file size limit, which the kernel enforces on a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.ocpperf_assets.slots.conftest import Warehouse

_WRITER = """
import resource, signal, sys
from pathlib import Path
from ocpperf_assets.slots import write_turn
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    with write_turn(Home(Path(sys.argv[1])), "big") as turn:
        turn.con.execute("create table big as select hash(i) as value from range(4000000) as numbers(i)")
        turn.changed_whole("big")
except OcpperfError as fault:
    sys.exit(str(fault))
"""

_STAGE = """
import resource, signal, sys
from pathlib import Path
import numpy as np
import pyarrow as pa
from ocpperf_assets.extraction.stage import SCHEMAS, Stage, repeated, times
from ocpperf_mcp.contracts.errors import OcpperfError

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
count = 1_000_000
numbers = np.random.default_rng(1).integers(0, 1 << 40, count)
table = pa.Table.from_arrays(
    [repeated("lab", count), repeated("load", count), pa.array(numbers), times(numbers), pa.array(numbers * 0.5)],
    schema=SCHEMAS["samples"],
)
try:
    with Stage(Path(sys.argv[1])) as stage:
        stage.append("samples", table)
except OcpperfError as fault:
    sys.exit(str(fault))
"""


def limited(script: str, path: Path, limit: int) -> str:
    """What the script says when no file may grow beyond the limit."""
    done = subprocess.run(
        [sys.executable, "-c", script, str(path), str(limit)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done
    assert "Traceback" not in done.stderr
    return done.stderr


def test_the_published_file_stays_and_the_sentence_says_what_to_free(warehouse: Warehouse) -> None:
    for number in range(2):
        warehouse.publish(number)
    before, content = warehouse.published, warehouse.published.read_bytes()
    said = limited(_WRITER, warehouse.home.root, 8 << 20)
    assert f"There is no room left on the disk of {warehouse.home.slots}" in said
    assert "Free at least 100 MiB" in said
    assert warehouse.published == before
    assert before.read_bytes() == content
    assert warehouse.slots == [before.name], "what was half written gave its room back"
    warehouse.publish(2)
    assert warehouse.totals() == [(number, 1000.0) for number in range(3)]


@pytest.mark.parametrize("limit", [100_000, 5_000_000])
def test_staging_is_given_up_and_takes_no_room(tmp_path: Path, limit: int) -> None:
    said = limited(_STAGE, tmp_path / "run" / "node", limit)
    assert "There is no room left" in said
    assert not (tmp_path / "run" / "node").exists()
