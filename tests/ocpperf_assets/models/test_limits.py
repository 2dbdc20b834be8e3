"""A LIMIT that a person writes holds. DuckDB 2.0.1 drops it where it takes a result for empty before reading it."""

import pytest

from tests.ocpperf_assets.models.conftest import Warehouse, hours

DAY = "('c1', timestamp '2025-12-25', timestamp '2026-01-02')"


@pytest.mark.parametrize(
    "relation", [f"gap{DAY}", f"rpt_latency{DAY}", "rpt_findings", "rpt_coverage", "rpt_objective", "raw_series"]
)
def test_it_holds_while_no_retention_has_removed_anything(warehouse: Warehouse, relation: str) -> None:
    warehouse.build(hours(0, 6))
    ((rows,),) = warehouse.rows(f"select count(*) from {relation}")
    assert rows > 0
    assert len(warehouse.rows(f"from {relation} limit {rows - 1}")) == rows - 1
