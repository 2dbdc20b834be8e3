"""The example queries of every relation, as `describe_tables` hands them out, behind the guard."""

from collections.abc import Iterator

import pytest

from ocpperf_assets.models.described import SHOWN
from ocpperf_mcp.sql.describe import describe_tables
from ocpperf_mcp.sql.limits import Limits
from ocpperf_mcp.sql.run import SqlRunner
from ocpperf_mcp.warehouse import open_published
from tests.conftest import Demo, shipped_knowledge

RELATIONS = sorted(model.name for model in shipped_knowledge().models if model.folder in SHOWN)

EMPTY = {"rpt_not_evaluated"} | {name for name in RELATIONS if name.startswith("rpt_inventory")}
"""Macros that have no row on the demo, where every rule was judged in every hour and no Kubernetes API is."""


@pytest.fixture(scope="module")
def runner(faulty: Demo) -> Iterator[SqlRunner]:
    with SqlRunner(faulty.home, Limits(seconds=120)) as made:
        yield made


@pytest.mark.parametrize("name", RELATIONS)
def test_every_example_runs_and_two_of_three_have_rows_where_there_are_any(
    name: str, faulty: Demo, runner: SqlRunner
) -> None:
    """The third may ask for what a good day does not have, such as hours that are missing."""
    with open_published(faulty.home) as con:
        (table,) = describe_tables(con, [name])
    found = [bool(runner.run(example).rows) for example in table.examples]
    has_rows = name not in EMPTY if table.kind == "macro" else bool(runner.run(f"from {name} limit 1").rows)
    assert len(found) == 3
    assert sum(found) >= (2 if has_rows else 0), table.examples
