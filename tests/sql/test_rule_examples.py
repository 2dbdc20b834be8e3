"""Every rule's own examples, run through the models: it fires, stays silent, and does not judge too little."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
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
from tests.sql.folder_case import CLUSTER, FIVE_MINUTES, Case, build_table, load_cases

START = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = ("firing", "silent", "insufficient")
Verdicts = list[tuple[str, str]]
"""Entities a rule named, each with the worst severity."""
FACTS = ("node_role", "node_info", "pod_info", "target_up")


@cache
def catalogue() -> Catalogue:
    return load_catalogue([metrics_directory()])


@cache
def catalogue_rows() -> Sequence[Mapping[str, Any]]:
    rows: list[dict[str, Any]] = metric_table(catalogue()).to_pylist()
    return rows


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
    assert_example(rule, kind, shipped_verdicts(kind)[rule.rule])


def hold_to_example(rule: Rule, kind: str) -> None:
    """Judge one rule's example alone and compare what the rule made of it."""
    assert_example(rule, kind, verdicts([rule], kind)[rule.rule])


def assert_example(rule: Rule, kind: str, found: Verdicts) -> None:
    example = example_of(rule, kind)
    expected = [example.expect.severity] if isinstance(example.expect, Expectation) else []
    assert [severity for _, severity in found] == expected
    assert all(example.entity in entity for entity, _ in found)


@cache
def shipped_verdicts(kind: str) -> dict[str, Verdicts]:
    """All examples of one kind, judged in one warehouse: most of the work is the same for each."""
    return verdicts(rules(), kind)


def verdicts(of: Sequence[Rule], kind: str) -> dict[str, Verdicts]:
    """Collect what the examples say, each in a cluster of its own, and build the models.

    Every rule judges in every cluster; what counts is what each made of its own example.
    """
    cases = [as_case(rule, example_of(rule, kind)) for rule in of]
    known = {name: metric for case in cases for name, metric in case.metrics.items()}
    now = max(case.now for case in cases)
    with duckdb.connect() as con:
        load_cases(con, cases, replace(cases[0], metrics=known, rules=rule_table(of).to_pylist()))
        build_table(con, "fct_bottleneck", [change for case in cases for change in case.changes], now)
        rows = con.execute(
            "select rule, entity, max_by(severity, list_position(['info', 'warning', 'critical'], severity)) "
            "from fct_bottleneck where cluster = $prefix || rule group by all order by all",
            {"prefix": cluster_of("")},
        ).fetchall()
    return {rule.rule: [(entity, severity) for name, entity, severity in rows if name == rule.rule] for rule in of}


def cluster_of(rule: str) -> str:
    """Where an example's entity is the cluster itself, its name is within this one."""
    return f"{CLUSTER}-{rule}"


def example_of(rule: Rule, kind: str) -> Example:
    example: Example = getattr(rule.examples, kind)
    return example


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
        cluster=cluster_of(rule.rule),
        window=Window(START, START + timedelta(hours=hours)),
        now=START + timedelta(hours=hours),
        metrics={
            row["name"]: {**row, "step_s": row["step_s"] or 60} for row in catalogue_rows() if row["name"] in needed
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
