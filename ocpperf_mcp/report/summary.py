"""The executive summary: sentences of fact from the model, without a language model.

Healthy or not, what is worst, what changed, why, what to do first, how sure. Text of the warehouse is taken as it is;
renderers escape it.
"""

from collections.abc import Iterator, Sequence

from ocpperf_mcp.report.model import AnalyzerState, Data, Finding, Section, Sentence, State

_WORST = 3


def summarize(
    state: State,
    states: Sequence[AnalyzerState],
    data: Sequence[Data],
    findings: Sequence[Finding],
    sections: Sequence[Section],
) -> tuple[Sentence, ...]:
    """A handful of sentences, each of which can be checked against the rest of the report."""
    told = [finding for finding in findings if not finding.acknowledged]
    return tuple(
        sentence
        for part in (
            _standing(state, states, data),
            _worst(told, findings),
            _changed(sections),
            _filling(sections),
            _cause(told),
            _action(told),
            _certainty(states, data),
        )
        for sentence in part
    )


def _standing(state: State, states: Sequence[AnalyzerState], data: Sequence[Data]) -> Iterator[Sentence]:
    if not any(one.hours_collected for one in data):
        yield Sentence(about="state", text="The state is unknown: no closed hour of this window was collected.")
        return
    several = len(data) > 1
    parts = ", ".join(f"{f'{one.cluster} ' if several else ''}{one.analyzer} {one.state}" for one in states)
    yield Sentence(about="state", text=f"The state is {state}: {parts}.")


def _worst(told: Sequence[Finding], findings: Sequence[Finding]) -> Iterator[Sentence]:
    grave = [finding for finding in told if finding.severity != "info"]
    for finding in grave[:_WORST]:
        still = "; it was still going on at the end of the data" if finding.open else ""
        during = f", during the {finding.during}" if finding.during else ""
        words = f"{finding.severity.capitalize()}: {finding.summary.rstrip('.')}{during}{still}."
        yield Sentence(about="worst", text=words, findings=(finding.finding_id,))
    if len(grave) > _WORST:
        yield Sentence(
            about="worst", text=f"{_counted(len(grave) - _WORST, 'more finding')} of critical or warning severity."
        )
    if known := len(findings) - len(told):
        yield Sentence(about="worst", text=f"{_counted(known, 'more finding')} known and acknowledged.")


def _changed(sections: Sequence[Section]) -> Iterator[Sentence]:
    changes = next((section for section in sections if section.key == "changes"), None)
    if changes is None:
        return
    worse = next((table for table in changes.tables if table.key == "worse"), None)
    if worse is None:
        yield Sentence(about="changed", text="Against the comparison window nothing that is watched got worse.")
        return
    metric, thing, statistic, before, after, *_ = worse.rows[0]
    yield Sentence(
        about="changed",
        text=(
            f"Against the comparison window {_counted(worse.rows_in_all, 'watched measurement')} got worse, "
            f"first of them {metric.text} of {thing.text}, {statistic.text} {before.text} before, {after.text} after."
        ),
    )


def _filling(sections: Sequence[Section]) -> Iterator[Sentence]:
    """What limited resource is full soonest, where the pace of the window tells of any."""
    tables = (table for section in sections if section.key == "capacity" for table in section.tables)
    rows = [
        dict(zip((column.key for column in table.columns), row, strict=True)) for table in tables for row in table.rows
    ]
    filling = [row for row in rows if row["verdict"].text in ("full", "filling")]
    if not filling:
        return
    first = filling[0]
    what = f"{first['metric'].text} of {first['thing'].text}"
    if first["verdict"].text == "full":
        words = f"Nothing is left of {what}"
    elif first["full_by"].text:
        when = f"between {first['full_from'].text} and {first['full_by'].text} UTC"
        words = f"At the pace of this window nothing is left of {what} {when}"
    else:
        words = f"At the pace of this window nothing may be left of {what} from {first['full_from'].text} UTC on"
    others = f"; {_counted(len(filling) - 1, 'more resource')} filling" if len(filling) > 1 else ""
    yield Sentence(about="changed", text=f"{words}{others}.")


def _cause(told: Sequence[Finding]) -> Iterator[Sentence]:
    caused = [finding for finding in told if finding.root_causes and finding.severity != "info"]
    if not caused:
        return
    first = caused[0]
    cause = first.root_causes[0]
    rivals = f"Rivals: {', '.join(cause.rivals)}." if cause.rivals else "No other known cause is shown."
    yield Sentence(
        about="cause",
        text=f"The cause best shown of {first.rule} on {first.entity}: {_lowered(cause.statement)} {rivals}",
        findings=(first.finding_id, *cause.evidence),
    )


def _action(told: Sequence[Finding]) -> Iterator[Sentence]:
    first = next((finding for finding in told if finding.severity != "info"), None)
    if first is None:
        return
    if first.root_causes and first.root_causes[0].check_command:
        cause = first.root_causes[0]
        yield Sentence(
            about="action",
            text=f"To tell first: {cause.check_command}. {cause.check_tells}",
            findings=(first.finding_id,),
        )
    elif first.actions:
        action = first.actions[0]
        yield Sentence(
            about="action", text=f"To do first: {action.command or action.change}", findings=(first.finding_id,)
        )


def _certainty(states: Sequence[AnalyzerState], data: Sequence[Data]) -> Iterator[Sentence]:
    hours, collected = sum(one.hours for one in data), sum(one.hours_collected for one in data)
    covered = [one.coverage for one in data if one.coverage is not None]
    coverage = f", coverage {sum(covered) / len(covered):.1%}" if covered and collected else ""
    unjudged, rules = sum(one.rules_unjudged for one in states), sum(one.rules for one in states)
    judged = (
        f"{unjudged} of {rules} rules could not be judged in every hour"
        if unjudged
        else f"all {rules} rules were judged in every hour"
    )
    yield Sentence(
        about="certainty", text=f"Data: {collected} of {_counted(hours, 'hour')} collected{coverage}; {judged}."
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _lowered(words: str) -> str:
    return f"{words[:1].lower()}{words[1:]}"
