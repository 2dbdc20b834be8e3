"""What a publication says of itself in Dagster, whose UI shows Markdown in place below 1,000 characters."""

from datetime import timedelta
from pathlib import Path

from ocpperf_assets.assets.told import of_published
from ocpperf_assets.ingest.staged import Change
from ocpperf_assets.resources import WarehouseResource
from ocpperf_assets.slots import write_turn
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import Window
from tests.ocpperf_assets.slots.conftest import CLUSTER, FIRST

DAY = Change(CLUSTER, Window(FIRST, FIRST + timedelta(days=1)))
COVERAGE = "create table fct_coverage_hourly as select $cluster as cluster, $start::timestamp as hour, * from values"
FINDINGS = """
create table rpt_findings as
select $cluster as cluster, 'warning' as severity, 'etcd-database-filling' as rule, 'master-' || i as entity,
       $start::timestamp as start, start + interval 1 hour as "end", false as acknowledged
from range($found) as findings(i)
"""


def told(root: Path, *, counted: str = "(60, 60)", found: int = 0) -> dict[str, str]:
    """Of a day whose first hour has the rows (samples, expected), with that many findings."""
    home, begin = Home(root), {"cluster": CLUSTER, "start": FIRST.replace(tzinfo=None)}
    with write_turn(home, "run") as turn:
        turn.con.execute(f"{COVERAGE} {counted} as counted(samples, expected)", begin)
        turn.con.execute(FINDINGS, {**begin, "found": found})
        turn.changed_whole("rpt_findings")
    metadata = of_published(1, WarehouseResource(database=str(home.link)), [DAY])
    return {name: str(value.value) for name, value in metadata.items()}


def test_coverage_leaves_out_samples_of_which_none_can_be_expected(tmp_path: Path) -> None:
    assert "Coverage an hour: 0 to 0.5, 1 of 48 hours" in told(tmp_path, counted="(30, 60), (500, null)")["coverage"]


def test_ten_findings_are_shown_in_place(tmp_path: Path) -> None:
    findings = told(tmp_path, found=10)["findings"]
    assert len(findings) < 1000
    assert findings.count("\n| warning | etcd-database-filling | master-") == 10
    assert findings.endswith("| 2026-01-01 00:00 |")


def test_of_more_findings_the_number_is_said(tmp_path: Path) -> None:
    assert told(tmp_path, found=12)["findings"].endswith("and 2 more in rpt_findings")


def test_no_finding_is_said(tmp_path: Path) -> None:
    assert told(tmp_path)["findings"] == "No finding in this window."
