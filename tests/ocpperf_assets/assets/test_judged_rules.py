"""What the check of a rule says of the hours of a run, on a warehouse that was built and published."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from ocpperf_assets.assets.judged.rules import rules_judge
from ocpperf_assets.catalogue.arrow import rule_table
from ocpperf_assets.catalogue.rule import Level, Rule
from ocpperf_assets.models import Change
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import HOUR, Window
from ocpperf_mcp.warehouse import open_published
from tests.conftest import shipped_knowledge
from tests.sql.folder_case import CLUSTER, METRIC_DEFAULTS, Case, publish_case

START = datetime(2026, 1, 1, 10, tzinfo=UTC)
WARN, ERROR = dg.AssetCheckSeverity.WARN, dg.AssetCheckSeverity.ERROR
BUSY, CALM, IDLE = "0.95x60", "0.85x60", "0.2x60"


def level(severity: str, value: float) -> Level:
    return Level.model_validate(
        {"severity": severity, "value": value, "tier": "T1", "source": "mixin", "profile": "default"}
        | {"duration_s": None, "roles": ()}
    )


def rule(levels: Sequence[Level]) -> Rule:
    """Judges how busy a node is, for five minutes."""
    plain: dict[str, Any] = {"min_observations": None, "min_denominator": None, "denominator": None, "needs": ()}
    told = {"rule": "node-busy", "title": "CPU", "analyzer": "node", "domain": "node", "unit": "ratio"}
    judges = {"metric": "busy", "statistic": "value", "direction": "above", "duration_s": 300, "levels": tuple(levels)}
    return shipped_knowledge().rules[0].model_copy(update=plain | told | judges)


JUDGED = ("dim_rule", "fct_coverage_hourly", "rpt_findings", "rpt_not_evaluated")
"""What the checks read."""
TWO_LEVELS = rule([level("warning", 0.8), level("critical", 0.9)])
HARMLESS = rule([level("info", 0.8)])
ACKNOWLEDGED = {
    "cluster": CLUSTER, "rule": "node-busy", "entity_kind": "node", "entity": "n1",
    "lasting": "for-good", "severity": "critical", "note": "a | benchmark",
}  # fmt: skip


def hours(first: int, last: int) -> Change:
    return Change(CLUSTER, Window(START + first * HOUR, START + last * HOUR))


def published(
    root: Path,
    judging: Rule,
    nodes: Mapping[str, str],
    *,
    extraction: Mapping[str, Any] | None = None,
    absent_means: str = "missing",
    acknowledged: bool = False,
) -> Home:
    """Two hours in which the nodes had these samples; `extraction`: what differs in the first hour's."""
    case = Case(
        window=hours(0, 2).window,
        now=START + 2 * HOUR,
        metrics={
            "busy": {**METRIC_DEFAULTS, "title": "busy", "unit": "ratio", "absent_means": absent_means},
            "other": {**METRIC_DEFAULTS, "title": "other"},
            "node_info": {**METRIC_DEFAULTS, "title": "info", "kind": "state"},
        },
        rules=rule_table([judging]).to_pylist(),
        series={
            **{node: {"metric": "busy", "labels": {"instance": node}, "samples": text} for node, text in nodes.items()},
            **{f"i-{n}": {"metric": "node_info", "labels": {"node": n}, "samples": "1x120"} for n in nodes},
            "other": {"metric": "other", "labels": {}, "samples": "1x120"},
        },
        extractions=[{"metric": "busy", "hour": START, **extraction}] if extraction else [],
        told={"user_ack": [ACKNOWLEDGED]} if acknowledged else {},
    )
    return publish_case(Home(root / "home"), case, *JUDGED)


def checked(home: Home, judging: Rule, *changes: Change) -> dg.AssetCheckResult:
    """The result of the rule's check for a run over the hours; the first one unless told."""
    judge = rules_judge([judging], {"node": dg.AssetKey(["raw", "node"])})
    with open_published(home) as con:
        (result,) = judge.results(con, changes or (hours(0, 1),), judge.specs)
    return result


def text(result: dg.AssetCheckResult, name: str) -> object:
    return result.metadata[name].value


@pytest.mark.parametrize(
    ("samples", "severity", "word"), [(BUSY, ERROR, "critical"), (CALM, WARN, "warning")], ids=["critical", "warning"]
)
def test_a_rule_that_fired_fails_its_check_at_its_severity(
    tmp_path: Path, samples: str, severity: dg.AssetCheckSeverity, word: str
) -> None:
    result = checked(published(tmp_path, TWO_LEVELS, {"n1": samples}), TWO_LEVELS)
    assert (result.passed, result.severity, text(result, "verdict")) == (False, severity, word)
    assert str(result.description).startswith("CPU of node n1 was over its limit of")


def test_every_entity_is_listed_with_its_finding_the_worst_first(tmp_path: Path) -> None:
    home = published(tmp_path, TWO_LEVELS, {"n1": CALM, "n2": BUSY, "n3": IDLE})
    result = checked(home, TWO_LEVELS)
    with open_published(home) as con:
        ids = dict(con.execute("select entity, finding_id from rpt_findings").fetchall())
    lines = str(text(result, "found")).splitlines()
    assert [line.split(" | ")[:3] for line in lines[2:4]] == [
        [f"| {ids['n2']}", "critical", "n2"],
        [f"| {ids['n1']}", "warning", "n1"],
    ]
    assert text(result, "entities") == f"n2 (critical, {ids['n2']}), n1 (warning, {ids['n1']})"
    assert f"finding_id = '{ids['n2']}'" in lines[-1], "how to read on"
    assert text(result, "findings") == 2
    assert "n3" not in "".join(lines)


def test_an_info_passes_and_is_told(tmp_path: Path) -> None:
    result = checked(published(tmp_path, HARMLESS, {"n1": BUSY}), HARMLESS)
    assert (result.passed, text(result, "verdict"), text(result, "findings")) == (True, "info", 1)
    assert "CPU of node n1" in str(result.description)


def test_what_is_acknowledged_passes_and_is_named(tmp_path: Path) -> None:
    result = checked(published(tmp_path, TWO_LEVELS, {"n1": BUSY}, acknowledged=True), TWO_LEVELS)
    assert (result.passed, text(result, "verdict"), text(result, "findings")) == (True, "acknowledged", 0)
    assert result.description == "Acknowledged: n1."
    assert "| critical | n1 | " in str(text(result, "acknowledged"))
    assert "| a / benchmark |" in str(text(result, "acknowledged"))


def test_an_acknowledged_entity_hides_no_other(tmp_path: Path) -> None:
    home = published(tmp_path, TWO_LEVELS, {"n1": BUSY, "n2": CALM}, acknowledged=True)
    result = checked(home, TWO_LEVELS)
    assert (result.passed, result.severity, text(result, "findings")) == (False, WARN, 1)
    assert "n1" not in str(text(result, "found"))


def test_silence_that_was_judged_passes_and_says_how_long(tmp_path: Path) -> None:
    result = checked(published(tmp_path, TWO_LEVELS, {"n1": f"{IDLE} {IDLE}"}), TWO_LEVELS, hours(0, 2))
    assert (result.passed, text(result, "verdict")) == (True, "silent")
    assert result.description == "Silent in all 2 hours, every one of them judged."


def test_a_rule_that_could_not_be_judged_is_not_healthy(tmp_path: Path) -> None:
    home = published(tmp_path, TWO_LEVELS, {"n1": f"_x60 {IDLE}"}, extraction={"status": "error"})
    result = checked(home, TWO_LEVELS, hours(0, 2))
    assert (result.passed, result.severity, text(result, "verdict")) == (False, WARN, "not evaluated")
    assert result.description == "Not evaluated in 1 of 2 hours: its collection failed (1)."
    assert text(result, "hours judged") == "1 of 2"
    assert checked(home, TWO_LEVELS, hours(1, 2)).passed, "the other hour was judged"


def test_a_finding_beside_hours_without_a_verdict_tells_both(tmp_path: Path) -> None:
    home = published(tmp_path, TWO_LEVELS, {"n1": f"_x60 {BUSY}"}, extraction={"status": "error"})
    result = checked(home, TWO_LEVELS, hours(0, 2))
    assert (result.severity, text(result, "verdict")) == (ERROR, "critical")
    assert str(result.description).endswith("Not evaluated in 1 of 2 hours: its collection failed (1).")


def test_an_info_beside_hours_without_a_verdict_does_not_pass(tmp_path: Path) -> None:
    home = published(tmp_path, HARMLESS, {"n1": f"_x60 {BUSY}"}, extraction={"status": "error"})
    result = checked(home, HARMLESS, hours(0, 2))
    assert (result.passed, result.severity) == (False, WARN)


def test_what_the_cluster_does_not_have_passes_as_not_applicable(tmp_path: Path) -> None:
    home = published(tmp_path, TWO_LEVELS, {}, extraction={"status": "empty"}, absent_means="not_applicable")
    result = checked(home, TWO_LEVELS)
    assert (result.passed, text(result, "verdict")) == (True, "not applicable")
    assert (
        result.description == "Not evaluated: the cluster does not have what it judges, or an override switches it off."
    )


def test_hours_of_which_nothing_was_collected_are_not_healthy(tmp_path: Path) -> None:
    result = checked(published(tmp_path, TWO_LEVELS, {"n1": IDLE}), TWO_LEVELS, hours(5, 6))
    assert (result.passed, result.severity) == (False, WARN)
    assert result.description == "Not evaluated: nothing was collected."


def test_only_the_hours_of_the_run_are_judged(tmp_path: Path) -> None:
    home = published(tmp_path, TWO_LEVELS, {"n1": f"{BUSY} {IDLE}"})
    assert not checked(home, TWO_LEVELS, hours(0, 1)).passed
    assert checked(home, TWO_LEVELS, hours(1, 2)).passed


def test_a_finding_that_two_windows_touch_is_one(tmp_path: Path) -> None:
    home = published(tmp_path, TWO_LEVELS, {"n1": f"{BUSY} {BUSY}"})
    assert text(checked(home, TWO_LEVELS, hours(0, 1), hours(1, 2)), "findings") == 1
