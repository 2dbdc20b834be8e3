"""Which metrics answer, and for those that do not one line a reason."""

from collections.abc import Sequence

from ocpperf_assets.catalogue import Catalogue, Metric
from ocpperf_assets.doctor.absence import Absence, Reason
from ocpperf_assets.doctor.answers import Answered
from ocpperf_assets.doctor.line import Level, Line, fault, listed, ok, warning

SLOWEST = 5
_NARROWER = "Give the metric a narrower selector in a file of yours in OCPPERF_METRICS, or raise the server's limit."

_SAYINGS = {
    Reason.FLAVOUR: (
        Level.FAULT,
        "{metrics} would answer with the selectors of flavour {about}.",
        "Set OCPPERF_FLAVOUR={about}.",
    ),
    Reason.MIXED: (
        Level.WARNING,
        "{metrics}: the selectors of flavour {about} find them, and would lose as many others.",
        "Put those selectors into a file of yours and name its directory in OCPPERF_METRICS.",
    ),
    Reason.NO_TARGET: (
        Level.WARNING,
        "{metrics}: no target has {about}, so the exporter is missing or the token may not see it.",
        "Install the exporter, or name its job in a selector of your own in OCPPERF_METRICS.",
    ),
    Reason.TARGET_DOWN: (
        Level.WARNING,
        "{metrics}: every target with {about} is down.",
        "Look at the targets page of Prometheus for the reason.",
    ),
    Reason.NO_SUCH_SERIES: (
        Level.WARNING,
        "{metrics}: the exporter is there and does not expose {about}.",
        "Compare the version of the exporter{versions}, and its collectors and relabelling.",
    ),
    Reason.NOT_SELECTED: (
        Level.WARNING,
        "{metrics}: series of that name exist, and none fits {about}.",
        "Put the selector that fits into a file of yours and name its directory in OCPPERF_METRICS.",
    ),
    Reason.TOO_YOUNG: (
        Level.WARNING,
        "{metrics}: every series is there, and the expression has no result yet.",
        "A rate needs two scrapes within its window: ask again in ten minutes.",
    ),
    Reason.NOTHING_TO_SHOW: (Level.OK, "{metrics}: nothing to show now, which is normal for what they measure.", ""),
}


def of_parts_without(catalogue: Catalogue, flavour: str) -> list[Line]:
    """Domains and jobs that a cluster of this flavour does not have, with the reason."""
    return [
        ok(f"{'Domain' if name in catalogue.domains else 'Job'} {name} is not applicable to {flavour}: {reason}.")
        for name, reason in sorted(catalogue.without.items())
    ]


def of_answers(answers: Sequence[Answered], absences: Sequence[Absence], *, verbose: bool) -> list[Line]:
    """How many answer; every answer by itself when `verbose`."""
    there = [one for one in answers if one.series]
    expected = len(answers) - sum(one.reason is Reason.NOTHING_TO_SHOW for one in absences)
    if not there:
        total = fault(
            f"None of the catalogue's {len(answers)} metrics answers.",
            "The reasons below say which setting is wrong; most often it is the address or the token's rights.",
        )
    elif len(there) * 2 < expected:
        total = fault(
            f"{len(there)} of the catalogue's {len(answers)} metrics answer: most of it is missing.",
            "Check that OCPPERF_PROMETHEUS_URL is the cluster's own monitoring, then the reasons below.",
        )
    else:
        total = ok(f"{len(there)} of the catalogue's {len(answers)} metrics answer.")
    each = [ok(f"{one.metric.name}: {_series(one)} in {one.seconds:.3f} s.") for one in there if verbose]
    return [total, *each]


def of_failures(answers: Sequence[Answered], *, verbose: bool) -> list[Line]:
    """Refused queries and partial answers, one line for each text of the server."""
    failures: dict[tuple[str, str], list[str]] = {}
    partial: dict[str, list[str]] = {}
    for one in answers:
        if one.failure:
            failures.setdefault((one.failure.what, one.failure.next_step), []).append(one.metric.name)
        if one.missing:
            partial.setdefault(one.missing[0], []).append(one.metric.name)
    refused = [
        fault(f"{_names(names, verbose)}: {what}", step or _NARROWER) for (what, step), names in failures.items()
    ]
    return refused + [
        warning(
            f"{len(names)} answers are partial: the server says '{text.rstrip('.')[:200]}'.",
            "See which store is away (Thanos: its Stores page); partial hours are stored as such, never as complete.",
        )
        for text, names in partial.items()
    ]


def of_absences(absences: Sequence[Absence], *, verbose: bool) -> list[Line]:
    """One line for each reason and what it is about, or with `verbose` for each metric; the easiest to mend first."""
    groups: dict[tuple[Reason, str, str], list[Metric]] = {}
    for one in sorted(absences, key=lambda one: one.reason.value):
        key = (one.reason, one.about, one.metric.name if verbose else "")
        groups.setdefault(key, []).append(one.metric)
    return [_said(reason, about, metrics, verbose) for (reason, about, _), metrics in groups.items()]


def _said(reason: Reason, about: str, metrics: Sequence[Metric], verbose: bool) -> Line:
    level, sentence, next_step = _SAYINGS[reason]
    names = _names([metric.name for metric in metrics], verbose)
    words = {"metrics": names, "about": about, "versions": _versions(metrics)}
    return Line(level, sentence.format(**words), next_step.format(**words))


def _versions(metrics: Sequence[Metric]) -> str:
    """The OpenShift versions the catalogue names, where it does."""
    since = {f"since OpenShift {metric.since}" for metric in metrics if metric.since}
    until = {f"until OpenShift {metric.until}" for metric in metrics if metric.until}
    return f" (the catalogue says {', '.join(sorted(since | until))})" if since or until else ""


def of_speed(answers: Sequence[Answered]) -> list[Line]:
    """The slowest queries."""
    slowest = sorted((one for one in answers if one.series), key=lambda one: -one.seconds)[:SLOWEST]
    named = ", ".join(f"{one.metric.name} {one.seconds:.3f} s" for one in slowest)
    return [ok(f"Slowest queries: {named}.")] if slowest else []


def _series(answered: Answered) -> str:
    return "1 series" if answered.series == 1 else f"{answered.series:,} series"


def _names(names: list[str], verbose: bool) -> str:
    return listed(names, len(names) if verbose else 6)
