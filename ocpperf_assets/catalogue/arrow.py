"""Catalogue and rules as Arrow tables, from which the warehouse's dimension tables are built."""

from collections.abc import Sequence

import pyarrow as pa

from ocpperf_assets.catalogue.cause import CauseEntry
from ocpperf_assets.catalogue.metric import Catalogue, Metric
from ocpperf_assets.catalogue.rule import Rule

_TEXTS = pa.list_(pa.string())

METRIC_SCHEMA = pa.schema(
    [
        ("name", pa.string()),
        ("domain", pa.string()),
        ("title", pa.string()),
        ("category", pa.string()),
        ("expr", pa.string()),
        ("query", pa.string()),
        ("expr_hash", pa.string()),
        ("kind", pa.string()),
        ("unit", pa.string()),
        ("labels", _TEXTS),
        ("better", pa.string()),
        ("quantile_of", pa.string()),
        ("sum_metric", pa.string()),
        ("count_metric", pa.string()),
        ("objective_value", pa.float64()),
        ("objective_tier", pa.string()),
        ("objective_source", pa.string()),
        ("capacity_value", pa.float64()),
        ("accumulates", pa.bool_()),
        ("absent_means", pa.string()),
        ("tools", _TEXTS),
        ("description", pa.string()),
        ("max_series", pa.int64()),
        ("step_s", pa.int64()),
        ("window_s", pa.int64()),
        ("since", pa.string()),
        ("until", pa.string()),
        ("watch", pa.bool_()),
        ("scope", pa.string()),
        ("job", pa.string()),
    ]
)

_LEVEL = pa.struct(
    [
        ("severity", pa.string()),
        ("value", pa.float64()),
        ("tier", pa.string()),
        ("source", pa.string()),
        ("duration_s", pa.int64()),
        ("roles", _TEXTS),
    ]
)
_OVERRIDE = pa.struct([("clusters", _TEXTS), ("roles", _TEXTS), ("levels", pa.list_(_LEVEL)), ("because", pa.string())])
_ACTION = pa.struct([(field, pa.string()) for field in ("command", "change", "precondition", "risk", "horizon")])

RULE_SCHEMA = pa.schema(
    [
        ("rule", pa.string()),
        ("title", pa.string()),
        ("analyzer", pa.string()),
        ("metric", pa.string()),
        ("domain", pa.string()),
        ("unit", pa.string()),
        ("statistic", pa.string()),
        ("direction", pa.string()),
        ("levels", pa.list_(_LEVEL)),
        ("overrides", pa.list_(_OVERRIDE)),
        ("duration_s", pa.int64()),
        ("min_observations", pa.int64()),
        ("min_denominator", pa.float64()),
        ("denominator", pa.string()),
        ("needs", _TEXTS),
        ("causes", _TEXTS),
        ("actions", pa.list_(_ACTION)),
    ]
)


CAUSE_SCHEMA = pa.schema(
    [
        ("cause", pa.string()),
        ("title", pa.string()),
        ("signs", _TEXTS),
        ("events", _TEXTS),
        ("explains", _TEXTS),
        ("reach", pa.string()),
        ("check_command", pa.string()),
        ("check_tells", pa.string()),
    ]
)


def metric_table(catalogue: Catalogue) -> pa.Table:
    """One row a metric; the objective in three columns, the capacity in two."""
    return pa.Table.from_pylist([_metric_row(metric) for metric in catalogue.metrics], schema=METRIC_SCHEMA)


def rule_table(rules: Sequence[Rule]) -> pa.Table:
    """One row a rule; levels and actions as lists of structs, examples left out."""
    rows = [rule.model_dump(mode="json", exclude={"examples"}) for rule in rules]
    return pa.Table.from_pylist(rows, schema=RULE_SCHEMA)


def cause_table(causes: Sequence[CauseEntry]) -> pa.Table:
    """One row a cause; what tells it apart in two columns."""
    rows = [
        {**cause.model_dump(exclude={"check"}), "check_command": cause.check.command, "check_tells": cause.check.tells}
        for cause in causes
    ]
    return pa.Table.from_pylist(rows, schema=CAUSE_SCHEMA)


def _metric_row(metric: Metric) -> dict[str, object]:
    row = metric.model_dump(mode="json", exclude={"objective", "capacity"})
    row["expr_hash"] = metric.expr_hash
    for field, value in metric.objective or ():
        row[f"objective_{field}"] = value
    if metric.capacity is not None:
        row |= {"capacity_value": metric.capacity.value, "accumulates": metric.capacity.accumulates}
    return row
