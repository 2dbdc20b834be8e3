"""The narrative without a language model: the report's own sentences in the same form."""

from collections.abc import Iterator

from ocpperf_mcp.report.model import Finding, Judgement, Narrative, Report, Sentence, Step

RULES = "rules"
"""Who wrote it."""
_STEPS = 5


def by_rules(report: Report, note: str = "") -> Narrative:
    """Summary, cause, order of actions from what the rules found; `note` says why no model's words stand here."""
    return Narrative(
        author=RULES,
        summary=_said(report, "state", "worst", "changed"),
        explanation=_said(report, "cause", "certainty"),
        steps=tuple(_steps(report)),
        judgement=_judgement(report),
        note=note,
    )


def steps_of(finding: Finding) -> tuple[str, ...]:
    """What a finding gives to do: the check that tells its first cause apart, then its actions."""
    checks = [cause.check_command for cause in finding.root_causes[:1] if cause.check_command]
    return (*checks, *(action.command or action.change for action in finding.actions))


def told(report: Report) -> tuple[Finding, ...]:
    """Findings that somebody should act on, the worst first."""
    return tuple(one for one in report.findings if not one.acknowledged and one.severity != "info")


def _said(report: Report, *about: str) -> str:
    sentences: list[Sentence] = [one for topic in about for one in report.summary if one.about == topic]
    return " ".join(one.text for one in sentences)


def _steps(report: Report) -> Iterator[Step]:
    """The first of each finding, none twice."""
    seen: set[str] = set()
    for finding in told(report):
        first = next(iter(steps_of(finding)), None)
        if first is not None and first not in seen and len(seen) < _STEPS:
            seen.add(first)
            yield Step(finding=finding.finding_id, what=first)


def _judgement(report: Report) -> Judgement | None:
    """The cause best shown; with rivals little is certain, and the rules never claim high confidence."""
    caused = next((one for one in told(report) if one.root_causes), None)
    if caused is None:
        return None
    cause = caused.root_causes[0]
    return Judgement(
        cause=cause.title,
        confidence="low" if cause.rivals else "medium",
        rivals=cause.rivals,
        evidence=(caused.finding_id, *cause.evidence),
    )
