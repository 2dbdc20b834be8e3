"""What to do, by when: every action of the findings once, with the findings that it follows from."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from ocpperf_mcp.report.model import Action, Column, Finding, Horizon, Section, Table, Value
from ocpperf_mcp.report.words import TO_DO

_TITLES: dict[Horizon | None, str] = {
    "now": "At once: look, and restore what is broken",
    "days": "Within days: configuration and workloads",
    "weeks": "Within weeks: with a maintenance window or a roll-out",
    "months": "Within months: hardware, topology, network",
    None: "Without a time: the rule names none",
}
_TEXT = "Each action stands once, those of the worst findings first. Check its precondition before it is done."
_THINGS = 4
"""Of a rule that are named; the findings name all."""
_SEVERITIES = ("critical", "warning", "info")
_COLUMNS = (
    Column(key="severity", title="For"),
    Column(key="command", title="Run"),
    Column(key="change", title="Change"),
    Column(key="follows", title="Follows from"),
    Column(key="precondition", title="Before"),
    Column(key="risk", title="Risk"),
)


def roadmap(findings: Sequence[Finding], *, is_fleet: bool = False) -> Section | None:
    """By horizon; None where no finding that nobody has acknowledged says what to do."""
    told = sorted(
        (finding for finding in findings if not finding.acknowledged),
        key=lambda one: _SEVERITIES.index(one.severity),
    )
    of_action: dict[Action, list[Finding]] = {}
    for finding in told:
        for action in finding.actions:
            of_action.setdefault(action, []).append(finding)
    tables = tuple(
        _table(horizon, rows, is_fleet)
        for horizon in _TITLES
        if (rows := [(action, found) for action, found in of_action.items() if action.horizon == horizon])
    )
    return Section(key=TO_DO, title="What to do", text=(_TEXT,), tables=tables) if tables else None


def _table(horizon: Horizon | None, rows: Sequence[tuple[Action, list[Finding]]], is_fleet: bool) -> Table:
    return Table(
        key=f"{TO_DO}-{horizon or 'unknown'}",
        title=_TITLES[horizon],
        columns=_COLUMNS,
        rows=tuple(_row(action, found, is_fleet) for action, found in rows),
        rows_in_all=len(rows),
    )


def _row(action: Action, found: Sequence[Finding], is_fleet: bool) -> tuple[Value, ...]:
    severity = found[0].severity
    return (
        Value(text=severity, marks=() if severity == "info" else (severity,)),
        Value(text=action.command),
        Value(text=action.change),
        Value(text=_follows(found, is_fleet)),
        Value(text=action.precondition),
        Value(text=action.risk),
    )


def _follows(found: Sequence[Finding], is_fleet: bool) -> str:
    """Rules, each with the things on which it fired."""
    by_rule = groupby(sorted(found, key=lambda one: one.rule), key=lambda one: one.rule)
    return "; ".join(f"{rule} on {_things(of_rule, is_fleet)}" for rule, of_rule in by_rule)


def _things(found: Iterable[Finding], is_fleet: bool) -> str:
    names = list(dict.fromkeys(f"{one.entity} of {one.cluster}" if is_fleet else one.entity for one in found))
    more = len(names) - _THINGS
    return f"{', '.join(names[:_THINGS])}{f' and {more} more' if more > 0 else ''}"
