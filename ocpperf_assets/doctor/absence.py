"""Why a metric has no series: the first of its selectors that finds nothing, and what it lacks."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache

import promql_parser as ast

from ocpperf_assets.catalogue import Metric
from ocpperf_assets.catalogue.promql import parse, selectors
from ocpperf_assets.doctor.ask import ask, exists, side_by_side
from ocpperf_assets.promql import PrometheusClient, QueryError


class Reason(Enum):
    """From the one that is easiest to mend to none at all."""

    FLAVOUR = auto()
    """The selectors of another flavour find series; `about` names it."""
    MIXED = auto()
    """They do, and would lose more of the catalogue than they find; `about` names the flavour."""
    NO_TARGET = auto()
    """No target of the job is known; `about` is the job's matcher."""
    TARGET_DOWN = auto()
    """All targets of the job are down; `about` is the job's matcher."""
    NO_SUCH_SERIES = auto()
    """The exporter is there and does not expose the series; `about` is its name."""
    NOT_SELECTED = auto()
    """Series of the name exist, the selector fits none; `about` is the selector."""
    TOO_YOUNG = auto()
    """Every selector finds series and the expression still has no result."""
    NOTHING_TO_SHOW = auto()
    """The catalogue says that an empty answer is a normal one."""


@dataclass(frozen=True)
class Absence:
    metric: Metric
    reason: Reason
    about: str = ""


class Absences:
    """Asks as of `at_s` (Unix seconds); `others` has the same catalogue by the names of the other flavours."""

    def __init__(self, client: PrometheusClient, at_s: float, others: Mapping[str, Mapping[str, Metric]]) -> None:
        self._client = client
        self._at_s = at_s
        self._others = others
        self._exists = lru_cache(maxsize=None)(lambda query: exists(client, query, at_s))
        self._targets = lru_cache(maxsize=None)(self._asked_targets)

    def explain(self, silent: Sequence[Metric], answering: Sequence[Metric] = ()) -> list[Absence]:
        """The reason for each silent metric, in their order; `answering`: what a change of flavour could lose."""
        found = side_by_side(self._client, self._explain, silent)
        gained = Counter(one.about for one in found if one.reason is Reason.FLAVOUR)
        mixed = {flavour for flavour in gained if self._lost(flavour, answering) >= gained[flavour]}
        return [
            replace(one, reason=Reason.MIXED) if one.reason is Reason.FLAVOUR and one.about in mixed else one
            for one in found
        ]

    def _lost(self, flavour: str, answering: Sequence[Metric]) -> int:
        """How many of the metrics that answer would not with the selectors of that flavour."""
        others = self._others[flavour]
        changed = [other.query for one in answering if (other := others.get(one.name)) and other.query != one.query]
        return side_by_side(self._client, self._exists, changed).count(False)

    def _explain(self, metric: Metric) -> Absence:
        if metric.absent_means == "not_applicable":
            return Absence(metric, Reason.NOTHING_TO_SHOW)
        for flavour, metrics in self._others.items():
            other = metrics.get(metric.name)
            if other and other.query != metric.query and self._exists(other.query):
                return Absence(metric, Reason.FLAVOUR, flavour)
        found = [self._lacking(one) for one in selectors(parse(metric.query))]
        reason, about = next((one for one in found if one), (Reason.TOO_YOUNG, ""))
        if metric.absent_means == "zero" and reason not in (Reason.NO_TARGET, Reason.TARGET_DOWN):
            return Absence(metric, Reason.NOTHING_TO_SHOW)
        return Absence(metric, reason, about)

    def _lacking(self, selector: ast.VectorSelector) -> tuple[Reason, str] | None:
        """What the selector lacks, or None where it finds series."""
        written = _written(selector)
        if self._exists(f"count({written})"):
            return None
        job = _job(selector)
        if job and (unreachable := self._targets(job)):
            return unreachable, job
        if not selector.name or self._exists(f"count({selector.name})"):
            return Reason.NOT_SELECTED, written
        return Reason.NO_SUCH_SERIES, selector.name

    def _asked_targets(self, job: str) -> Reason | None:
        try:
            up = ask(self._client, f"sum(up{{{job}}})", self._at_s).instant.values
        except QueryError:
            return None
        if not up:
            return Reason.NO_TARGET
        return None if up[0] else Reason.TARGET_DOWN


def _written(selector: ast.VectorSelector) -> str:
    matchers = ", ".join(_matcher(one) for one in selector.matchers.matchers)
    return f"{selector.name or ''}{{{matchers}}}" if matchers else str(selector.name)


def _job(selector: ast.VectorSelector) -> str:
    """The selector's matchers of the job, as PromQL writes them; empty without any."""
    return ", ".join(_matcher(one) for one in selector.matchers.matchers if one.name == "job")


_OPERATORS = (
    (ast.MatchOp.Equal, "="),
    (ast.MatchOp.NotEqual, "!="),
    (ast.MatchOp.Re, "=~"),
    (ast.MatchOp.NotRe, "!~"),
)


def _matcher(matcher: ast.Matcher) -> str:
    operator = next(written for known, written in _OPERATORS if known == matcher.op)
    return f"{matcher.name}{operator}{json.dumps(matcher.value, ensure_ascii=False)}"
