"""Every action of a rule says by when it can be done."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ocpperf_assets.catalogue import Catalogue, load_rules
from ocpperf_assets.catalogue.arrow import rule_table
from ocpperf_assets.catalogue.locate import metrics_directory

Refusal = Callable[[Callable[[], object]], list[str]]

RULES = metrics_directory() / "rules"
HORIZON = "        horizon: now\n"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("", "the field is missing"),
        ("        horizon: soon\n", "expected one of days, months, now, weeks, found 'soon'"),
    ],
    ids=["left out", "unknown"],
)
def test_an_action_without_a_horizon_is_refused(
    shipped: Catalogue, refusal: Refusal, tmp_path: Path, written: str, told: str
) -> None:
    text = (RULES / "cni.yaml").read_text(encoding="utf-8")
    (tmp_path / "cni.yaml").write_text(text.replace(HORIZON, written, 1), encoding="utf-8")
    (fault,) = [line for line in refusal(lambda: load_rules([tmp_path], shipped)) if "horizon" in line]
    assert told in fault


def test_what_only_reads_is_done_at_once(shipped: Catalogue) -> None:
    actions = [action for rule in load_rules([RULES], shipped) for action in rule.actions]
    reading = [action for action in actions if action.risk.startswith("None; it reads only")]
    assert len(reading) > 50
    assert {action.horizon for action in reading} == {"now"}


def test_the_warehouse_is_told_the_horizon(shipped: Catalogue) -> None:
    rows = rule_table(load_rules([RULES], shipped)).to_pylist()
    assert {action["horizon"] for row in rows for action in row["actions"]} == {"now", "days", "weeks", "months"}
