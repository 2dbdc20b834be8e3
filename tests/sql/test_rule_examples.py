"""Every rule's own examples, run through the models: it fires, stays silent, and does not judge too little."""

import math
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, get_args

import duckdb
import pytest

from ocpperf_assets.catalogue import Catalogue, Example, Expectation, Metric, Rule, load_catalogue, load_rules
from ocpperf_assets.catalogue.arrow import metric_table, rule_table
from ocpperf_assets.catalogue.locate import metrics_directory
from ocpperf_assets.catalogue.vocabulary import Profile
from ocpperf_mcp.contracts.windows import Window
from tests.sql.folder_case import FIVE_MINUTES, Case, build_case, load_case

START = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = ("firing", "silent", "insufficient")
FACTS = ("node_role", "node_info", "pod_info", "target_up")


@cache
def catalogue() -> Catalogue:
    return load_catalogue([metrics_directory()])


@cache
def rules() -> tuple[Rule, ...]:
    """Every shipped rule, under the first profile in which it has a level."""
    found: dict[str, Rule] = {}
    for profile in get_args(Profile):
        for rule in load_rules([metrics_directory() / "rules"], catalogue(), profile):
            found.setdefault(rule.rule, rule)
    return tuple(found.values())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.rule)
def test_example(rule: Rule, kind: str) -> None:
    hold_to_example(rule, kind)


def hold_to_example(rule: Rule, kind: str) -> None:
    """Collect what the example says, build the models and compare what the rule made of it."""
    example: Example = getattr(rule.examples, kind)
    case = as_case(rule, example)
    with duckdb.connect() as con:
        load_case(con, case)
        build_case(con, case, "fct_bottleneck")
        found = con.execute(
            "select entity, max_by(severity, list_position(['info', 'warning', 'critical'], severity)) "
            "from fct_bottleneck where rule = $rule group by entity",
            {"rule": rule.rule},
        ).fetchall()
    expected = [example.expect.severity] if isinstance(example.expect, Expectation) else []
    assert [severity for _, severity in found] == expected
    assert all(example.entity in entity for entity, _ in found)


def as_case(rule: Rule, example: Example) -> Case:
    """The example's points as collected series of one entity, from midnight on."""
    metric = catalogue().metric(rule.metric)
    step_s = FIVE_MINUTES if metric.kind == "histogram" else metric.step_s or 60
    points = sum((point.gap or 1) * point.repeat for point in example.points)
    hours = math.ceil(points * step_s / 3600)
    needed = {metric.name, *FACTS, *rule.needs} | ({rule.denominator} if rule.denominator else set())
    facts: dict[str, dict[str, Any]] = {
        f"role-{role}": {
            "metric": "node_role",
            "labels": {"node": example.entity, "role": role},
            "samples": f"1 _x{60 * hours - 2} 1",
        }
        for role in example.roles or ("worker",)
    }
    return Case(
        window=Window(START, START + timedelta(hours=hours)),
        now=START + timedelta(hours=hours),
        metrics={
            row["name"]: {**row, "step_s": row["step_s"] or 60}
            for row in metric_table(catalogue()).to_pylist()
            if row["name"] in needed
        },
        rules=rule_table([rule]).to_pylist(),
        series={
            **facts,
            **denominator(rule, example),
            "subject": {"metric": metric.name, "labels": labels(metric, example), **data(example)},
        },
    )


def denominator(rule: Rule, example: Example) -> dict[str, dict[str, Any]]:
    """The metric whose floor makes the example worth judging, on the same entity."""
    if rule.denominator is None:
        return {}
    metric, ample = catalogue().metric(rule.denominator), 10 * (rule.min_denominator or 0)
    points = [
        f"_x{point.gap * point.repeat}" if point.gap
        else f"{ample if point.denominator is None else point.denominator}x{point.repeat}"
        for point in example.points
    ]  # fmt: skip
    return {"denominator": {"metric": metric.name, "labels": labels(metric, example), "samples": " ".join(points)}}


def labels(metric: Metric, example: Example) -> dict[str, str]:
    """Of the entity: pods are static pods of the node it names; of a metric without a place, every label names it."""
    known = {"pod": f"pod-{example.entity}", "instance": example.entity, "node": example.entity}
    other = "x" if known.keys() & set(metric.labels) else example.entity
    return {label: known.get(label, other) for label in metric.labels}


def data(example: Example) -> dict[str, Any]:
    """`buckets` or `samples` as folder cases write them."""
    bounds = next((list(point.buckets) for point in example.points if point.buckets), None)
    if bounds is None:
        words = (
            f"_x{point.gap * point.repeat}" if point.gap else f"{point.value}x{point.repeat}"
            for point in example.points
        )
        return {"samples": " ".join(words)}
    runs = []
    for point in example.points:
        counts = [f"{point.buckets.get(bound, 0.0)}" for bound in bounds] if point.buckets else ["_"]
        runs.append(f"{' '.join(counts)} x{(point.gap or 1) * point.repeat}")
    return {"buckets": {"le": [float(bound) for bound in bounds], "points": runs}}
