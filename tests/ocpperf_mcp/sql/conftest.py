"""A small published warehouse, and what may not be asked of it."""

from pathlib import Path

import pytest

from ocpperf_assets.slots import write_turn
from ocpperf_mcp.contracts.paths import Home

ROWS = 3_000


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("guarded") / "home")
    with write_turn(made, "run") as turn:
        turn.con.execute(
            "create table measured as select range as n, 'node-' || range % 3 as node, range / 2 as wait_s, 'busy' "
            f"as metric from range({ROWS})"
        )
        turn.con.execute("create table dim_metric as select 'busy' as metric, 'ratio' as unit")
        turn.con.execute("create macro above(least) as table select * from measured where n > least")
        turn.changed_whole("measured")
    return made


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file beside the warehouse that no statement may read."""
    path = tmp_path / "secret.csv"
    path.write_text("word\nhidden\n", encoding="utf-8")
    return path
