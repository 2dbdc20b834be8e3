"""What findings are worth against what was planted. Pure: moments are distances from the start of a run.

A finding is expected when it has the rule and the entity that a scenario expects and began while the scenario held; it
is explained when it began then and its root cause is shown by an expected finding of that scenario; else it is false.
One that was there before its scenario is not the scenario's doing.
"""

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

SLACK = timedelta(minutes=10)
"""Rates look back some minutes, so findings begin a little before what causes them or end a little after it."""
SEVERE = ("critical", "warning")
"""What must be right; an info is not held against anybody."""

Verdict = Literal["expected", "explained", "false"]


@dataclass(frozen=True)
class Finding:
    """`ties`: ids of the findings that show one of its root causes."""

    finding_id: str
    rule: str
    entity: str
    severity: str
    start: timedelta
    end: timedelta
    ties: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Expected:
    """A finding that a scenario must bring about; `start` and `end` are the scenario's, `begins` counts from there."""

    scenario: str
    rule: str
    entity: str
    start: timedelta
    end: timedelta
    begins: timedelta = timedelta(0)

    def covers(self, finding: Finding) -> bool:
        """Whether the finding began while the scenario held."""
        return self.start - SLACK <= finding.start <= self.end + SLACK

    def is_met_by(self, finding: Finding) -> bool:
        return (finding.rule, finding.entity) == (self.rule, self.entity) and self.covers(finding)


@dataclass(frozen=True)
class Judged:
    """A critical or warning finding of a run, and what it is."""

    run: str
    finding: Finding
    verdict: Verdict


@dataclass(frozen=True)
class Answered:
    """An expectation of a run with the finding that meets it, or else with findings of its rule on other entities."""

    run: str
    expected: Expected
    found: Finding | None
    elsewhere: tuple[Finding, ...] = ()

    @property
    def delay(self) -> timedelta | None:
        """How long after it was due the finding began."""
        return self.found.start - self.expected.start - self.expected.begins if self.found else None

    @property
    def is_off(self) -> bool:
        return self.delay is not None and abs(self.delay) > SLACK


@dataclass(frozen=True)
class Score:
    """Everything that was judged, of one run or of several."""

    judged: tuple[Judged, ...] = ()
    answered: tuple[Answered, ...] = ()

    def __add__(self, other: "Score") -> "Score":
        return Score(self.judged + other.judged, self.answered + other.answered)

    def of(self, chosen: Callable[[str], bool]) -> "Score":
        """The part that is about the chosen rules."""
        return Score(
            tuple(one for one in self.judged if chosen(one.finding.rule)),
            tuple(one for one in self.answered if chosen(one.expected.rule)),
        )

    @property
    def rules(self) -> list[str]:
        return sorted({one.finding.rule for one in self.judged} | {one.expected.rule for one in self.answered})

    def count(self, verdict: Verdict) -> int:
        return sum(one.verdict == verdict for one in self.judged)

    @property
    def found(self) -> int:
        return sum(one.found is not None for one in self.answered)

    @property
    def precision(self) -> float | None:
        """The share of critical and warning findings that are expected or explained; None without any."""
        return _share(len(self.judged) - self.count("false"), len(self.judged))

    @property
    def recall(self) -> float | None:
        """The share of expectations that are met."""
        return _share(self.found, len(self.answered))

    @property
    def right_entity(self) -> float | None:
        """The share of expectations met, of those whose rule was found at all; not where another one expects it."""
        return _share(self.found, self.found + sum(bool(one.elsewhere) for one in self.answered))

    @property
    def delays(self) -> list[timedelta]:
        """From the shortest to the longest."""
        return sorted(one.delay for one in self.answered if one.delay is not None)

    @property
    def median_delay(self) -> timedelta | None:
        seconds = [delay.total_seconds() for delay in self.delays]
        return timedelta(seconds=statistics.median(seconds)) if seconds else None

    @property
    def worst_delay(self) -> timedelta | None:
        return max(self.delays, default=None)


def score_run(run: str, expectations: Iterable[Expected], findings: Iterable[Finding]) -> Score:
    """Hold the findings of one run against what its scenarios expect.

    An expectation is met by a finding of any severity: some rules have no more than an info to say.
    """
    wanted, found = tuple(expectations), tuple(findings)
    meets = {one.finding_id: [each for each in wanted if each.is_met_by(one)] for one in found}
    judged = (Judged(run, one, _verdict(one, meets)) for one in found if one.severity in SEVERE)
    return Score(tuple(judged), tuple(_answered(run, each, found, meets) for each in wanted))


def _verdict(finding: Finding, meets: dict[str, list[Expected]]) -> Verdict:
    if meets[finding.finding_id]:
        return "expected"
    causes = (each for tied in finding.ties for each in meets.get(tied, ()))
    return "explained" if any(each.covers(finding) for each in causes) else "false"


def _answered(
    run: str, expected: Expected, findings: tuple[Finding, ...], meets: dict[str, list[Expected]]
) -> Answered:
    own = [one for one in findings if expected in meets[one.finding_id]]
    if own:
        return Answered(run, expected, min(own, key=lambda one: one.start))
    strays = (one for one in findings if one.rule == expected.rule and expected.covers(one))
    return Answered(run, expected, None, tuple(one for one in strays if not meets[one.finding_id]))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
