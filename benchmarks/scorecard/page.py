"""The scorecard as a page: goals first, then what failed by name, then every family and rule. No date, no machine."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.scorecard.score import SEVERE, Answered, Finding, Score

AT_LEAST = 0.95
NONE = "none"
Row = Sequence[str]


@dataclass(frozen=True)
class Quiet:
    """A run without a scenario."""

    run: str
    findings: tuple[Finding, ...]

    def count(self, severity: str) -> int:
        return sum(one.severity == severity for one in self.findings)


@dataclass(frozen=True)
class Goal:
    """`kept`: None when nothing was measured."""

    name: str
    measured: str
    goal: str
    kept: bool | None


@dataclass(frozen=True)
class Card:
    """What was measured, and on what."""

    score: Score
    quiet: tuple[Quiet, ...]
    families: Mapping[str, str]
    head: tuple[str, ...]
    """Lines that say which scenarios and seeds it rests on."""

    def goals(self) -> list[Goal]:
        shares = (
            ("precision", self.score.precision),
            ("recall", self.score.recall),
            ("right entity", self.score.right_entity),
        )
        return [*(_at_least(name, share) for name, share in shares), *map(self._none_of, SEVERE)]

    def _none_of(self, severity: str) -> Goal:
        count = sum(run.count(severity) for run in self.quiet)
        measured = str(count) if self.quiet else "not measured"
        return Goal(f"{severity} findings on quiet clusters", measured, NONE, count == 0 if self.quiet else None)

    @property
    def is_good(self) -> bool:
        return all(goal.kept is not False for goal in self.goals())


def render(card: Card) -> str:
    parts = [
        "# Scorecard",
        _ABOUT,
        "\n".join(card.head),
        "## Goals",
        table(("", "measured", "goal", ""), map(_goal_row, card.goals())),
        "## What failed",
        *failures(card),
        "## Quiet clusters",
        table(("run", *SEVERE, "info"), map(_quiet_row, card.quiet)),
        "## Families of rules",
        table(_HEADINGS, _families(card)),
        "## Rules",
        table(_HEADINGS, ((f"`{rule}`", *_numbers(card.score.of(rule.__eq__))) for rule in card.score.rules)),
        _LEGEND,
    ]
    return "\n\n".join(parts) + "\n"


def failures(card: Card) -> Iterator[str]:
    """A heading and a list for each kind of failure."""
    answered = card.score.answered
    yield "### Expected and not found"
    yield _bullets(_missed(one) for one in answered if one.found is None)
    yield "### False findings"
    false = [(one.run, one.finding) for one in card.score.judged if one.verdict == "false"]
    quiet = [(run.run, one) for run in card.quiet for one in run.findings if one.severity in SEVERE]
    yield _bullets(f"{run}: {_named(one)}, {clock(one.start)} to {clock(one.end)}" for run, one in (*false, *quiet))
    yield "### Found early or late"
    yield _bullets(
        f"{one.run}: {_pair(one)} of {one.expected.scenario}, {minutes(one.delay)}" for one in answered if one.is_off
    )


def table(headings: Row, rows: Iterable[Row]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def clock(moment: timedelta) -> str:
    """Hours and minutes since the start of the run."""
    hours, rest = divmod(round(moment.total_seconds() / 60), 60)
    return f"{hours}:{rest:02d}"


def minutes(duration: timedelta | None) -> str:
    return "" if duration is None else f"{duration.total_seconds() / 60:+.1f} min"


def share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


_ABOUT = """\
How well ocpperf's findings agree with what was planted in simulated clusters. `make scorecard` writes this page, the
same one for the same code. Moments are hours and minutes since the start of a run.

Simulated faults are cleaner than those of real clusters, and their authors knew what rules there are: a miss here is a
fault of ocpperf's, a full score no promise about a cluster that nobody has seen."""

_HEADINGS = (
    "",
    "expected",
    "explained",
    "false",
    "precision",
    "found",
    "recall",
    "right entity",
    "median delay",
    "worst delay",
)

_LEGEND = """\
- *expected*: critical and warning findings with the rule and the entity that a scenario expects, begun while it held
- *explained*: others that began then, with a root cause that an expected finding of the scenario shows
- *false*: the other critical and warning findings
- *precision*: expected and explained of all three
- *found*, *recall*: expectations met, by a finding of any severity, as a number and as a share
- *right entity*: expectations met, of these and those whose rule was found on an entity where nothing expects it
- *delay*: from when a finding was due to its first sample beyond the limit. Rates look back some minutes, which can put
  it before. A rule speaks once its own duration has passed and the hour is collected

What is empty was not measured."""


def _at_least(name: str, value: float | None) -> Goal:
    measured = "not measured" if value is None else share(value)
    return Goal(name, measured, f"at least {AT_LEAST}", None if value is None else value >= AT_LEAST)


def _goal_row(goal: Goal) -> Row:
    return goal.name, goal.measured, goal.goal, {True: "kept", False: "**missed**", None: ""}[goal.kept]


def _quiet_row(run: Quiet) -> Row:
    return run.run, *(str(run.count(severity)) for severity in (*SEVERE, "info"))


def _families(card: Card) -> Iterator[Row]:
    family = {rule: card.families.get(rule, "(no such rule)") for rule in card.score.rules}
    for name in sorted(set(family.values())):
        yield name, *_numbers(card.score.of({rule for rule in family if family[rule] == name}.__contains__))
    yield "all", *_numbers(card.score)


def _numbers(score: Score) -> Row:
    return (
        *(str(score.count(verdict)) for verdict in ("expected", "explained", "false")),
        share(score.precision),
        f"{score.found} of {len(score.answered)}",
        *map(share, (score.recall, score.right_entity)),
        *map(minutes, (score.median_delay, score.worst_delay)),
    )


def _missed(one: Answered) -> str:
    held = f"{clock(one.expected.start)} to {clock(one.expected.end)}"
    others = ", ".join(sorted({stray.entity for stray in one.elsewhere}))
    return f"{one.run}: {_pair(one)} of {one.expected.scenario}, {held}" + (f"; found on {others}" if others else "")


def _pair(one: Answered) -> str:
    return f"`{one.expected.rule}` on {one.expected.entity}"


def _named(finding: Finding) -> str:
    return f"{finding.severity} `{finding.rule}` on {finding.entity}"


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines) or "None."
