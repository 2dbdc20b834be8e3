"""Holding a report against the warehouse: everything it says is gathered again and compared, claim by claim.

Nothing of the file is run: it says which cluster, windows and analyzer, and the queries are ours.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isclose
from typing import Any

from ocpperf_mcp.report.claims import claim_id_of
from ocpperf_mcp.report.model import Claim, Report, Section
from ocpperf_mcp.report.notes import noted
from ocpperf_mcp.report.sections.roadmap import roadmap
from ocpperf_mcp.report.sections.states import overall
from ocpperf_mcp.report.summary import summarize
from ocpperf_mcp.report.words import TO_DO, moment_words

_CLOSE = 1e-9
"""Sums over threads differ in their last digits."""
_OF_THE_MOMENT = {"as_of", "published_at", "catalogue"}
"""What a later collection changes without a claim being wrong: `_since` and `catalogue_changed` tell of it."""
_BY_THEMSELVES = ("claims", "summary", "state", "narrative", "notes")
Readable = Callable[[float, str], str]


@dataclass(frozen=True)
class Difference:
    """Something the report says and the warehouse does not, or the other way round."""

    place: str
    said: str
    found: str


@dataclass(frozen=True)
class Verification:
    claims: int
    holding: int
    differences: Sequence[Difference]
    since: Sequence[str]
    """What a later collection made otherwise, and rightly."""
    catalogue_changed: bool


def verify(report: Report, again: Report, readable: Readable) -> Verification:
    """Compare a report with the one that the warehouse gives now; `readable` writes a number with its unit."""
    own = {claim.claim_id: claim for claim in report.claims}
    true = {claim.claim_id: claim for claim in again.claims}
    by_claim = {claim_id: list(_claim(claim, true.get(claim_id))) for claim_id, claim in own.items()}
    differences = [
        *(difference for found in by_claim.values() for difference in found),
        *(Difference(_named(claim), "left out", claim_text(claim)) for name, claim in true.items() if name not in own),
        *_derived(report),
        *_shrunk(report, again),
        *_rest(_content(report), _content(again), "", readable),
    ]
    catalogues = [{one.catalogue for one in each.data} for each in (report, again)]
    holding = sum(not found for found in by_claim.values())
    return Verification(len(own), holding, differences, tuple(_since(report, again)), catalogues[0] != catalogues[1])


def claim_text(claim: Claim) -> str:
    value = "no value" if claim.value is None else f"{claim.value:.6g} {claim.unit}"
    if claim.samples_expected is None:
        return value
    return f"{value}, {claim.samples_found} of {claim.samples_expected} samples"


def _claim(said: Claim, found: Claim | None) -> Iterator[Difference]:
    if claim_id_of(said) != said.claim_id:
        yield Difference(_named(said), f"claim {said.claim_id}", "another claim's id")
    elif found is None:
        yield Difference(_named(said), claim_text(said), "nothing of it in the warehouse")
    elif not _equal(said.value, found.value):
        yield Difference(_named(said), claim_text(said), claim_text(found))
    else:
        for name in ("unit", "samples_expected", "samples_found", "expr_hashes"):
            one, other = getattr(said, name), getattr(found, name)
            if one != other:
                yield Difference(f"{_named(said)}, {name}", str(one), str(other))


def _named(claim: Claim) -> str:
    return f"{claim.statistic} of {claim.metric} of {claim.entity} {claim.part}".strip()


def _faults_of_prose(report: Report) -> Sequence[str]:
    """Its words take a tenth of a second to read, which only reports with prose need."""
    if report.narrative is None:
        return ()
    from ocpperf_mcp.agent.draft import faults_of

    return faults_of(report)


def _derived(report: Report) -> Iterator[Difference]:
    """State, summary, what to do, notes and narrative follow from the report's own parts."""
    yield from (Difference("narrative", fault, "nothing that bears it out") for fault in _faults_of_prose(report))
    state = overall(report.states)
    if report.state != state:
        yield Difference("state", report.state, state)
    said_to_do = next((one for one in report.sections if one.key == TO_DO), None)
    if said_to_do != (to_do := roadmap(report.findings, is_fleet=report.scope == "fleet")):
        yield Difference(TO_DO, _actions(said_to_do), f"{_actions(to_do)} of its findings")
    notes = noted(report.typed, report.window, report.data)
    if report.notes != notes:
        yield Difference("notes", " ".join(report.notes) or "left out", " ".join(notes) or "nothing of it")
    told = summarize(report.state, report.states, report.data, report.findings, report.sections)
    if report.summary != told:
        said = [sentence.text for sentence in report.summary if sentence not in told]
        meant = [sentence.text for sentence in told if sentence not in report.summary]
        yield Difference("summary", " ".join(said) or "left out", " ".join(meant) or "nothing of it")


def _actions(to_do: Section | None) -> str:
    return f"{sum(len(table.rows) for table in to_do.tables)} actions" if to_do else "no action"


def _shrunk(report: Report, again: Report) -> Iterator[Difference]:
    """A moment up to which the warehouse does not reach cannot have been that of the report's data."""
    for place, (said, found) in enumerate(zip(report.data, again.data, strict=False)):
        for name in ("as_of", "published_at"):
            moment, newest = getattr(said, name), getattr(found, name)
            if moment is not None and (newest is None or newest < moment):
                yield Difference(f"data/{place}/{name}", str(moment), str(newest or "nothing"))


def _since(report: Report, again: Report) -> Iterator[str]:
    """What was collected after the report was made, and which of its notes would not be made now."""
    for said, found in zip(report.data, again.data, strict=False):
        if found.as_of is not None and (said.as_of is None or said.as_of < found.as_of):
            yield (
                f"Collected of {said.cluster} since: the data go to {moment_words(found.as_of)} UTC, "
                f"those of the report to {_until(said.as_of)}."
            )
    yield from (f"No longer so, since more was collected: {note}" for note in report.notes if note not in again.notes)


def _until(as_of: datetime | None) -> str:
    return "no moment" if as_of is None else f"{moment_words(as_of)} UTC"


def _content(report: Report) -> dict[str, Any]:
    dumped = report.model_dump(mode="json")
    return {name: value for name, value in dumped.items() if name not in _BY_THEMSELVES}


def _rest(said: Any, found: Any, place: str, readable: Readable) -> Iterator[Difference]:
    """Where two pieces of JSON differ, the outermost place of it."""
    if isinstance(said, dict) and isinstance(found, dict) and said.keys() == found.keys():
        found = _with_own_text(said, found, readable)
        for name in said:
            if name not in _OF_THE_MOMENT:
                yield from _rest(said[name], found[name], f"{place}/{name}", readable)
    elif isinstance(said, list) and isinstance(found, list) and len(said) == len(found):
        for number, (one, other) in enumerate(zip(said, found, strict=True)):
            yield from _rest(one, other, f"{place}/{number}", readable)
    elif not _equal(said, found):
        yield Difference(place.removeprefix("/"), _short(said), _short(found))


def _with_own_text(said: Mapping[str, Any], found: dict[str, Any], readable: Readable) -> dict[str, Any]:
    """A number whose last digit differs may be rounded another way: then its own text is the right one."""
    number, other = said.get("number"), found.get("number")
    if "text" not in said or number is None or said["text"] == found["text"] or not _equal(number, other):
        return found
    return {**found, "text": said["text"]} if readable(float(number), said["unit"]) == said["text"] else found


def _equal(one: Any, other: Any) -> bool:
    numbers = all(isinstance(each, float | int) and not isinstance(each, bool) for each in (one, other))
    return isclose(one, other, rel_tol=_CLOSE, abs_tol=1e-12) if numbers else bool(one == other)


def _short(value: Any) -> str:
    if isinstance(value, list):
        return f"{len(value)} of them"
    return str(value)
