"""Every action of a shipped rule says by when it can be done."""

from collections.abc import Callable
from pathlib import Path

from ocpperf_assets.catalogue import Catalogue, load_rules
from ocpperf_assets.catalogue.arrow import rule_table
from ocpperf_assets.catalogue.locate import metrics_directory

Refusal = Callable[[Callable[[], object]], list[str]]

RULES = metrics_directory() / "rules"
HORIZON = "        horizon: now\n"


def written(folder: Path, horizon: str) -> Path:
    """A folder with the rules of one file, whose first action has that line instead of its horizon."""
    text = (RULES / "cni.yaml").read_text(encoding="utf-8")
    (folder / "cni.yaml").write_text(text.replace(HORIZON, horizon, 1), encoding="utf-8")
    return folder


def test_an_unknown_horizon_is_refused(shipped: Catalogue, refusal: Refusal, tmp_path: Path) -> None:
    folder = written(tmp_path, "        horizon: soon\n")
    (fault,) = [line for line in refusal(lambda: load_rules([folder], shipped)) if "horizon" in line]
    assert "days, months, now, weeks" in fault
    assert "'soon'" in fault


def test_rules_of_one_s_own_may_leave_it_out(shipped: Catalogue, tmp_path: Path) -> None:
    actions = [action for rule in load_rules([written(tmp_path, "")], shipped) for action in rule.actions]
    assert [action.horizon for action in actions].count(None) == 1


def test_what_only_reads_is_done_at_once(shipped: Catalogue) -> None:
    actions = [action for rule in load_rules([RULES], shipped) for action in rule.actions]
    reading = [action for action in actions if action.risk.startswith("None; it reads only")]
    assert len(reading) > 50
    assert {action.horizon for action in reading} == {"now"}


def test_the_warehouse_is_told_the_horizon(shipped: Catalogue) -> None:
    rows = rule_table(load_rules([RULES], shipped)).to_pylist()
    assert {action["horizon"] for row in rows for action in row["actions"]} == {"now", "days", "weeks", "months"}
