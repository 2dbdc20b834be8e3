"""Sentences made of a report's own facts pass, and each is caught once something in it is altered."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ocpperf_mcp.agent.check import check
from ocpperf_mcp.agent.facts import Facts
from ocpperf_mcp.report.model import Finding, Report, Table, Value

NODES = ("n1", "n2", "n3")
SCALES = {"seconds": {"s": 1.0, "ms": 1e3, "milliseconds": 1e3}, "ratio": {"%": 100.0, "percent": 100.0}}
LEVELS = (
    "{metric} of {node} reached {figure}.",
    "On {node} the {metric} peaked at {figure}.",
    "{node}'s {metric} was as high as {figure}.",
    "{node} had a {metric} of up to {figure}, which is over its limit.",
)
SPANS = (
    "{metric} of {node} was over its limit from {start} to {end} UTC.",
    "Between {start} and {end} UTC {node} was over its {metric} limit.",
)
EARLIER = (
    "{one} was over its limit before {other} was.",
    "{one} over its limit was followed by {other} over its limit.",
    "After {one} went over its limit, {other} did too.",
    "First {one} was over its limit, then {other}.",
)
CHANGES = (
    "{metric} of {node} {verb} from {before} to {after}.",
    "On {node}, {metric} {verb} from {before} to {after}.",
)
MADE = settings(deadline=None, max_examples=120)


@dataclass(frozen=True)
class Change:
    """A row of the table of what got worse."""

    metric: str
    node: str
    before: Value
    after: Value


def metric_of(finding: Finding, report: Report) -> str:
    return next(one.title for one in report.metrics if one.metric == finding.metric)


def changes(report: Report) -> list[Change]:
    rows = [(table, row) for table in tables(report) if table.key == "worse" for row in table.rows]
    cells = [dict(zip((column.key for column in table.columns), row, strict=True)) for table, row in rows]
    return [Change(one["metric"].text, one["thing"].text, one["before"], one["after"]) for one in cells]


def tables(report: Report) -> Iterator[Table]:
    yield from (table for section in report.sections for table in section.tables)


def numbers(report: Report, unit: str) -> list[float]:
    """All that the report says in that unit."""
    said = [value.number for table in tables(report) for row in table.rows for value in row if value.unit == unit]
    said += [value.number for one in report.findings for value in (one.observed, one.limit) if value.unit == unit]
    return [one for one in said if one is not None]


def figure(data: st.DataObject, number: float, unit: str) -> str:
    """The number rounded to two digits or more, in one of its units."""
    sign, scale = data.draw(st.sampled_from(sorted(SCALES[unit].items())))
    decimals = data.draw(st.sampled_from([one for one in range(6) if number * scale * 10**one >= 10]))
    return f"{number * scale:.{decimals}f} {sign}"


def caught(facts: Facts, said: str) -> bool:
    return bool(check(said, facts))


def level(data: st.DataObject, report: Report) -> tuple[str, Finding, dict[str, str]]:
    finding = data.draw(st.sampled_from(report.findings))
    assert finding.observed.number is not None
    words = {
        "metric": metric_of(finding, report),
        "node": finding.entity,
        "figure": figure(data, finding.observed.number, finding.observed.unit),
    }
    return data.draw(st.sampled_from(LEVELS)), finding, words


@MADE
@given(data=st.data())
def test_a_level_passes_in_any_unit_and_rounding(data: st.DataObject, report: Report, facts: Facts) -> None:
    template, _, words = level(data, report)
    assert check(template.format(**words), facts) == ()


@MADE
@given(data=st.data())
def test_a_level_of_another_node_is_caught(data: st.DataObject, report: Report, facts: Facts) -> None:
    template, finding, words = level(data, report)
    other = data.draw(st.sampled_from([one for one in NODES if one != finding.entity]))
    theirs = [one.observed.number for one in report.findings if (one.entity, one.rule) == (other, finding.rule)]
    sign = words["figure"].partition(" ")
    decimals = len(sign[0].partition(".")[2])
    scale = SCALES[finding.observed.unit][sign[2]]
    assume(all(number is None or f"{number * scale:.{decimals}f}" != sign[0] for number in theirs))
    assert caught(facts, template.format(**{**words, "node": other}))


@MADE
@given(data=st.data(), factor=st.one_of(st.floats(0.05, 0.8), st.floats(1.25, 20)))
def test_a_level_beyond_its_rounding_is_caught(
    data: st.DataObject, factor: float, report: Report, facts: Facts
) -> None:
    template, finding, words = level(data, report)
    assert finding.observed.number is not None
    other = finding.observed.number * factor
    assume(all(abs(one - other) > 0.06 * max(one, other) for one in numbers(report, finding.observed.unit)))
    altered = {**words, "figure": figure(data, other, finding.observed.unit)}
    assert caught(facts, template.format(**altered))


@MADE
@given(data=st.data())
def test_a_level_in_another_unit_is_caught(data: st.DataObject, report: Report, facts: Facts) -> None:
    template, finding, words = level(data, report)
    digits, _, sign = words["figure"].partition(" ")
    known = SCALES[finding.observed.unit]
    other = data.draw(st.sampled_from(["s", "ms", "minutes", "µs", "%", "MB", "GiB/s"]))
    assume(known.get(other) != known[sign])
    assert caught(facts, template.format(**{**words, "figure": f"{digits} {other}"}))


@MADE
@given(data=st.data())
def test_when_it_was_passes_and_other_times_are_caught(data: st.DataObject, report: Report, facts: Facts) -> None:
    finding = data.draw(st.sampled_from(report.findings))
    template = data.draw(st.sampled_from(SPANS))
    words = {
        "metric": metric_of(finding, report),
        "node": finding.entity,
        "start": f"{finding.start:%H:%M}",
        "end": f"{finding.end:%H:%M}",
    }
    assert check(template.format(**words), facts) == ()
    assert caught(facts, template.format(**{**words, "start": words["end"], "end": words["start"]}))
    minute = data.draw(st.integers(0, 24 * 60 - 1))
    other = f"{minute // 60:02}:{minute % 60:02}"
    assume(other not in {f"{at:%H:%M}" for one in report.findings for at in (one.start, one.end)})
    which = data.draw(st.sampled_from(["start", "end"]))
    assert caught(facts, template.format(**{**words, which: other}))


@MADE
@given(data=st.data())
def test_an_order_passes_and_its_reverse_is_caught(data: st.DataObject, report: Report, facts: Facts) -> None:
    pairs = list(combinations(sorted(report.findings, key=lambda one: one.start), 2))
    named = [f"the {metric_of(finding, report)} of {finding.entity}" for finding in data.draw(st.sampled_from(pairs))]
    template = data.draw(st.sampled_from(EARLIER))
    assert check(template.format(one=named[0], other=named[1]), facts) == ()
    assert caught(facts, template.format(one=named[1], other=named[0]))


@MADE
@given(data=st.data(), template=st.sampled_from(CHANGES))
def test_a_change_passes_and_is_caught_in_the_other_direction(
    data: st.DataObject, template: str, report: Report, facts: Facts
) -> None:
    change = data.draw(st.sampled_from(changes(report)))
    assert change.before.number is not None
    assert change.after.number is not None
    before = figure(data, change.before.number, change.before.unit)
    after = figure(data, change.after.number, change.after.unit)
    up, down = data.draw(st.sampled_from([("rose", "fell"), ("increased", "decreased"), ("climbed", "dropped")]))
    words = {"metric": change.metric, "node": change.node, "verb": up, "before": before, "after": after}
    assert check(template.format(**words), facts) == ()
    assert caught(facts, template.format(**{**words, "verb": down}))
    assert caught(facts, template.format(**{**words, "before": after, "after": before}))
    assert caught(facts, template.format(**{**words, "verb": down, "before": after, "after": before}))
    assert caught(facts, template.format(**{**words, "node": "n2"}))


@pytest.mark.parametrize("rule", ["fsync-slow", "cpu-busy"])
def test_one_alone_passes_where_the_report_has_one(rule: str, report: Report, facts: Facts) -> None:
    found = [one for one in report.findings if one.rule == rule]
    nodes = {one.entity for one in found}
    for node in NODES:
        for said in (f"Only {node} was over its {metric_of(found[0], report)} limit.",
                     f"No other node than {node} was over its {metric_of(found[0], report)} limit."):  # fmt: skip
            assert caught(facts, said) is (nodes != {node})


@pytest.mark.parametrize("rule", ["fsync-slow", "cpu-busy"])
def test_an_extreme_passes_of_the_thing_that_has_it(rule: str, report: Report, facts: Facts) -> None:
    found = sorted((one for one in report.findings if one.rule == rule), key=lambda one: one.observed.number or 0)
    for node in NODES:
        said = f"{node} had the highest {metric_of(found[0], report)} of all nodes."
        assert caught(facts, said) is (node != found[-1].entity)
