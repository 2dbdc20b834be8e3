"""Levels that a site puts in the place of the shipped ones: what they replace, what is refused, what profiles add."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ocpperf_assets.catalogue import Catalogue, Rule, load_rules
from ocpperf_assets.catalogue.explain import explain
from ocpperf_assets.catalogue.locate import metrics_directory
from ocpperf_assets.catalogue.vocabulary import Profile
from ocpperf_assets.knowledge import load_knowledge
from ocpperf_assets.settings import Settings

Refusal = Callable[[Callable[[], object]], list[str]]

SHIPPED_RULES = metrics_directory() / "rules"
OVERRIDES = """\
overrides:
  - rule: node-load-high
    clusters: [build]
    roles: [worker]
    levels:
      - {severity: info, value: 4, tier: own, source: capacity plan}
    because: Builds are meant to fill their nodes.
  - rule: node-load-high
    clusters: [scratch]
    levels: []
    because: Nobody minds.
"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    return tmp_path / "rules"


def load(shipped: Catalogue, directory: Path, text: str) -> dict[str, Rule]:
    (directory / "own.yaml").write_text(text, encoding="utf-8")
    return {rule.rule: rule for rule in load_rules([SHIPPED_RULES, directory], shipped)}


def test_overrides_stand_beside_the_levels_that_they_replace(shipped: Catalogue, directory: Path) -> None:
    without = {rule.rule: rule for rule in load_rules([SHIPPED_RULES], shipped)}
    rule = load(shipped, directory, OVERRIDES)["node-load-high"]
    assert rule.levels == without["node-load-high"].levels
    assert [(one.clusters, one.roles, [level.value for level in one.levels]) for one in rule.overrides] == [
        (("build",), ("worker",), [4.0]),
        (("scratch",), (), []),
    ]


def test_they_are_told_beside_the_rule(shipped: Catalogue, directory: Path) -> None:
    rule = load(shipped, directory, OVERRIDES)["node-load-high"]
    told = [text for head, text in explain(shipped.metric(rule.metric), shipped, [rule]) if head == "override"]
    assert told == [
        "node-load-high in build on worker: info above 4 ratio for 15m (own); Builds are meant to fill their nodes.",
        "node-load-high in scratch: never; Nobody minds.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "  - rule: node-load-high\n    clusters: [build]",
            "  - rule: node-load-hihg\n    clusters: [build]",
            "rules/own.yaml:2: node-load-hihg: rule: there is no rule 'node-load-hihg'; did you mean 'node-load-high'?",
        ),
        (
            "    because: Nobody minds.\n",
            "",
            "rules/own.yaml:8: node-load-high: because: the field is missing",
        ),
        (
            "source: capacity plan}",
            "source: capacity plan, roles: [infra]}",
            "rules/own.yaml:6: node-load-high: levels.0.roles: the override itself says for which roles",
        ),
        (
            "{severity: info, value: 4, tier: own",
            "{severity: critical, value: 4, tier: T2",
            "rules/own.yaml:6: node-load-high: levels.0.severity: a T2 limit is at most warning, found critical",
        ),
        (
            "overrides:\n",
            "override:\n",
            "rules/own.yaml:1: override: unknown field; did you mean 'overrides'?",
        ),
    ],
)
def test_one_line_says_what_is_wrong_and_where(
    shipped: Catalogue, directory: Path, refusal: Refusal, old: str, new: str, said: str
) -> None:
    assert OVERRIDES.count(old) == 1
    lines = refusal(lambda: load(shipped, directory, OVERRIDES.replace(old, new)))
    assert lines == ["The rules have 1 fault:", said]


def test_shipped_rules_have_no_limit_of_a_site(shipped: Catalogue, directory: Path, refusal: Refusal) -> None:
    text = (SHIPPED_RULES / "node.yaml").read_text(encoding="utf-8").replace("tier: T1", "tier: own", 1)
    (directory / "node.yaml").write_text(text, encoding="utf-8")
    _, said = refusal(lambda: load_rules([directory], shipped))
    assert said.endswith("levels.2.tier: a limit of one's own stands in rule files of one's own")


def test_a_profile_adds_limits_to_the_published_ones(tmp_path: Path) -> None:
    def names(profile: Profile) -> set[str]:
        settings = Settings(home=tmp_path, profile=profile)
        return {rule.rule for rule in load_knowledge(settings).rules}

    assert names("lab") - names("default") == {"network-programming-slow"}
    assert names("upstream") - names("default") == {"net-link-busy-receiving", "net-link-busy-sending"}
