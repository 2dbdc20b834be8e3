"""The narrative as every renderer shows it: headings and lines, who wrote it, and why the rules did."""

from collections.abc import Iterator

from ocpperf_mcp.report.model import Judgement, Narrative, Step

TITLE = "In words"


def author_words(narrative: Narrative) -> str:
    """Who wrote it, and what was done about that."""
    if narrative.author == "rules":
        return narrative.note or "Written by the rules."
    return f"Written by {narrative.author}; its figures, names, states and trends were checked against this report."


def paragraphs(narrative: Narrative) -> Iterator[str]:
    yield from filter(None, (narrative.summary, narrative.explanation))
    if narrative.judgement is not None:
        yield judgement_words(narrative.judgement)


def judgement_words(judgement: Judgement) -> str:
    rivals = f" Rivals: {'; '.join(judgement.rivals)}." if judgement.rivals else ""
    cause = judgement.cause.rstrip(".")
    return (
        f"Root cause: {cause}. Confidence: {judgement.confidence}.{rivals} Evidence: {', '.join(judgement.evidence)}."
    )


def step_words(step: Step) -> str:
    """What to do in the finding's own words, then why."""
    why = f" - {step.why}" if step.why else ""
    return f"{step.what}{why} ({step.finding})"
