"""The graph of common causes: what is refused, and that the shipped one speaks of rules that exist."""

from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from ocpperf_assets.catalogue import load_causes
from ocpperf_assets.catalogue.cause import EventKind
from ocpperf_assets.catalogue.locate import metrics_directory, sql_directory

Refusal = Callable[[Callable[[], object]], list[str]]

RULES = "rules:\n  - rule: fsync-slow\n  - rule: api-slow\n"
MAKERS_OF_EVENTS = ("fct/fct_event.sql", "rpt/rpt_change_window.sql")
CAUSES = """\
causes:
  - cause: slow-disk
    title: a slow disk
    signs: [fsync-slow]
    explains: [api-slow]
    check: {command: iostat, tells: how long writes wait}
"""


@pytest.fixture
def directories(tmp_path: Path) -> tuple[Path, Path]:
    causes, rules = tmp_path / "causes", tmp_path / "rules"
    for directory, text in ((causes, CAUSES), (rules, RULES)):
        directory.mkdir()
        (directory / "one.yaml").write_text(text, encoding="utf-8")
    return causes, rules


def test_a_cause_reaches_as_far_as_its_node_unless_it_says_otherwise(directories: tuple[Path, Path]) -> None:
    causes, rules = directories
    (cause,) = load_causes([causes], [rules])
    assert (cause.cause, cause.signs, cause.explains, cause.reach) == (
        "slow-disk",
        ("fsync-slow",),
        ("api-slow",),
        "node",
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "signs: [fsync-slow]",
            "signs: [fsync-slwo]",
            "causes/one.yaml:4: slow-disk: signs.0: there is no rule 'fsync-slwo'; did you mean 'fsync-slow'?",
        ),
        (
            "explains: [api-slow]",
            "explains: [fsync-slow]",
            "causes/one.yaml:5: slow-disk: explains.0: 'fsync-slow' is a sign of it already",
        ),
        (
            "    signs: [fsync-slow]\n",
            "",
            "causes/one.yaml:2: slow-disk: expected signs or events that show it",
        ),
        (
            "signs: [fsync-slow]",
            "signs: [fsync-slow]\n    events: [earthquake]",
            "causes/one.yaml:5: slow-disk: events.0: expected one of",
        ),
    ],
)
def test_a_faulty_cause_is_refused_by_place_and_reason(
    directories: tuple[Path, Path], refusal: Refusal, old: str, new: str, said: str
) -> None:
    causes, rules = directories
    path = causes / "one.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert refusal(lambda: load_causes([causes], [rules]))[1].startswith(said)


def test_a_later_directory_replaces_a_cause(directories: tuple[Path, Path], tmp_path: Path) -> None:
    causes, rules = directories
    own = tmp_path / "own"
    own.mkdir()
    (own / "mine.yaml").write_text(CAUSES.replace("a slow disk", "my array"), encoding="utf-8")
    (cause,) = load_causes([causes, own], [rules])
    assert cause.title == "my array"


def test_the_shipped_causes_are_sound() -> None:
    causes = load_causes([metrics_directory() / "causes"], [metrics_directory() / "rules"])
    assert {"slow-disk", "cpu-starvation", "memory-pressure", "network-loss", "upgrade", "defragmentation"} <= {
        cause.cause for cause in causes
    }
    (disk,) = (cause for cause in causes if cause.cause == "slow-disk")
    assert {"etcd-wal-fsync-slow", "etcd-backend-commit-slow"} <= set(disk.signs), "siblings, not cause and effect"


def test_every_kind_of_event_that_a_cause_may_name_is_one_that_the_models_know() -> None:
    texts = [(sql_directory() / name).read_text(encoding="utf-8") for name in MAKERS_OF_EVENTS]
    assert [kind for kind in get_args(EventKind) if not any(f"'{kind}'" in text for text in texts)] == []
