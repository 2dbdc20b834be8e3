"""What a model is asked to fill in, and what becomes of it: the narrative, or what is wrong with it."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ocpperf_mcp.agent.by_rules import RULES, by_rules, steps_of
from ocpperf_mcp.agent.check import check, check_cause
from ocpperf_mcp.agent.facts import Facts, facts_in
from ocpperf_mcp.agent.notes import NOTES
from ocpperf_mcp.report.model import Judgement, Narrative, Report, Step

_LONGEST, _STEPS, _RIVALS = 2000, 8, 5
_UNKNOWN_TO_STRICT = frozenset({"default", "title", "maxLength", "minItems", "maxItems"})
Prose = Annotated[str, Field(max_length=_LONGEST)]


class DraftStep(BaseModel):
    """One action of the data."""

    model_config = ConfigDict(extra="forbid")

    action: Annotated[str, Field(description="key of an action in the data, such as A1")]
    why: Annotated[Prose, Field(description="one sentence: why in this place of the order")]


class DraftJudgement(BaseModel):
    """The root cause as you judge it."""

    model_config = ConfigDict(extra="forbid")

    cause: Prose
    confidence: Literal["low", "medium", "high"]
    rivals: Annotated[
        list[Prose], Field(description="at most five other causes that the same signs speak for", max_length=_RIVALS)
    ] = []
    evidence: Annotated[list[str], Field(description="ids of findings in the data, at least one", min_length=1)]


class Draft(BaseModel):
    """The words of the report."""

    model_config = ConfigDict(extra="forbid")

    summary: Annotated[Prose, Field(description="three to five sentences for people who decide")]
    explanation: Annotated[Prose, Field(description="what happened and how it hangs together, for engineers")]
    steps: Annotated[
        list[DraftStep], Field(description="at most eight actions in the order to take them", max_length=_STEPS)
    ] = []
    judgement: Annotated[DraftJudgement | None, Field(description="null where there is no finding")] = None


def _strict(schema: Any) -> Any:
    """What OpenAI's strict mode takes of a schema: all properties required, and none of the limits it does not know.

    The limits hold when the answer is read.
    """
    if not isinstance(schema, dict):
        return [_strict(one) for one in schema] if isinstance(schema, list) else schema
    kept = {name: part for name, part in schema.items() if name not in _UNKNOWN_TO_STRICT}
    made = {
        name: {key: _strict(one) for key, one in part.items()} if name in ("properties", "$defs") else _strict(part)
        for name, part in kept.items()
    }
    return {**made, "required": list(made["properties"])} if "properties" in made else made


SCHEMA: dict[str, Any] = _strict(Draft.model_json_schema())
"""Of a draft, as it is sent."""


def actions_of(report: Report) -> dict[str, Step]:
    """What findings give to do, by the key that a draft names it with."""
    given = [Step(finding=one.finding_id, what=what) for one in report.findings for what in steps_of(one)]
    return {f"A{place}": step for place, step in enumerate(given, 1)}


def narrative_of(draft: Draft, report: Report, author: str) -> Narrative:
    """The draft with its actions in the report's own words. Raises KeyError on an action that there is none of."""
    actions = actions_of(report)
    judged = draft.judgement
    return Narrative(
        author=author,
        summary=draft.summary,
        explanation=draft.explanation,
        steps=tuple(actions[one.action].model_copy(update={"why": one.why}) for one in draft.steps),
        judgement=None if judged is None else Judgement.model_validate(judged.model_dump()),
    )


def unknown_actions(draft: Draft, report: Report) -> list[str]:
    """A sentence for each action that the report does not give."""
    known = actions_of(report)
    return [f'"{one.action}": there is no such action in the data' for one in draft.steps if one.action not in known]


def faults_of(report: Report) -> list[str]:
    """What of the report's narrative the report does not bear out; the rules' text must be what they write now."""
    narrative = report.narrative
    if narrative is None:
        return []
    if narrative.note and narrative.note not in NOTES:
        return ["the note is none that ocpperf writes"]
    if narrative.author == RULES:
        return [] if narrative == by_rules(report, narrative.note) else ["the text is not what the rules write"]
    return list(_faults(narrative, report, facts_in(report)))


def _faults(narrative: Narrative, report: Report, facts: Facts) -> Iterator[str]:
    for prose in _prose(narrative):
        yield from map(str, check(prose, facts))
    judged = narrative.judgement
    for cause in (judged.cause, *judged.rivals) if judged else ():
        yield from map(str, check_cause(cause, facts))
    known = {one.finding_id: one for one in report.findings}
    evidence = narrative.judgement.evidence if narrative.judgement else ()
    yield from (f'"{one}": no finding has this id' for one in evidence if one not in known)
    for step in narrative.steps:
        if step.finding not in known or step.what not in steps_of(known[step.finding]):
            yield f'"{step.what}": this is no action of finding {step.finding}'


def _prose(narrative: Narrative) -> Iterator[str]:
    yield narrative.summary
    yield narrative.explanation
    yield from (step.why for step in narrative.steps)
    if narrative.judgement is not None:
        yield narrative.judgement.cause
        yield from narrative.judgement.rivals
