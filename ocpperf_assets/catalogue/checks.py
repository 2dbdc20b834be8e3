"""Checks of one metric's expression against what exporters expose and against its own entry.

Every check yields (field, sentence) pairs; none raises.
"""

from collections.abc import Iterator
from typing import get_args

import promql_parser as ast

from ocpperf_assets.catalogue import promql
from ocpperf_assets.catalogue.facts import Facts, Series
from ocpperf_assets.catalogue.faults import one_of
from ocpperf_assets.catalogue.grain import GrainError, result_labels
from ocpperf_assets.catalogue.metric import MetricEntry
from ocpperf_assets.catalogue.units import UNITS, Dimension, dimension_of, of_histogram, result_dimension
from ocpperf_assets.catalogue.vocabulary import Unit, written_duration
from ocpperf_mcp.contracts.tools import SHOWING

Finding = tuple[str, str]

BUCKET_WINDOW_S = 300
MANY_SERIES = 5000

# Added to every series by service discovery, beside the exporter's own.
_TARGET_LABELS = frozenset(
    {"job", "instance", "namespace", "pod", "container", "service", "endpoint", "node", "metrics_path"}
)
_FOR_COUNTERS = frozenset({"rate", "increase", "resets"})
_FOR_GAUGES = frozenset({"delta", "deriv", "predict_linear"})
_NOT_STORED = {
    "irate": "looks at two samples of the window only; use rate",
    "idelta": "looks at two samples of the window only; use delta",
    "topk": "changes its members from step to step; rank after the query",
    "bottomk": "changes its members from step to step; rank after the query",
    "limitk": "changes its members from step to step; limit after the query",
    "limit_ratio": "changes its members from step to step; limit after the query",
}


def check_expression(
    entry: MetricEntry, tree: promql.Node, facts: Facts, *, window_s: int, minimum_s: int
) -> Iterator[Finding]:
    """Everything wrong with an expression that parses.

    `minimum_s` is the shortest window that holds enough scrapes.
    """
    yield from _forbidden(tree)
    yield from _unknown_series(tree, facts)
    yield from _counters(tree, facts)
    yield from _windows(tree, window_s, minimum_s)
    yield from _quantiles(entry, tree)
    yield from _bucket_family(entry, tree)
    yield from _grain(entry, tree, facts)
    yield from _unit(entry, tree, facts)
    yield from _tools(entry)
    if entry.max_series > MANY_SERIES and not entry.many_because:
        yield "max_series", f"expected at most {MANY_SERIES}, or many_because with the reason, found {entry.max_series}"


def _tools(entry: MetricEntry) -> Iterator[Finding]:
    for place, tool in enumerate(entry.tools):
        if tool not in SHOWING:
            yield f"tools.{place}", one_of(SHOWING, tool)


def _forbidden(tree: promql.Node) -> Iterator[Finding]:
    names = [call.func.name for call in promql.calls(tree)]
    names += [str(aggregation.op) for aggregation in promql.aggregations(tree)]
    for name in dict.fromkeys(names):
        if name in _NOT_STORED:
            yield "expr", f"{name} is not stored: it {_NOT_STORED[name]}"


def _unknown_series(tree: promql.Node, facts: Facts) -> Iterator[Finding]:
    for name in dict.fromkeys(selector.name for selector in promql.selectors(tree)):
        if name is None:
            yield "expr", "a selector names no metric"
        elif facts.find(name) is None:
            hint = facts.nearest(name) or "; if it is new, give it a row in exporters-extra.csv"
            yield "expr", f"no known exporter exposes '{name}'{hint}"


def _counters(tree: promql.Node, facts: Facts) -> Iterator[Finding]:
    for call in promql.calls(tree):
        function = call.func.name
        for series in _known_series(call, facts):
            if function in _FOR_COUNTERS and not series.is_counter:
                yield "expr", f"{function} of '{series.name}', which is a {series.type} and no counter"
            if function in _FOR_GAUGES and series.is_counter:
                yield (
                    "expr",
                    f"{function} of the counter '{series.name}', negative after a restart; use increase",
                )


def _windows(tree: promql.Node, window_s: int, minimum_s: int) -> Iterator[Finding]:
    if window_s < minimum_s:
        yield "window", _too_short(window_s, minimum_s)
    for range_s in _ranges(tree):
        if range_s < minimum_s and range_s != window_s:
            yield "expr", _too_short(range_s, minimum_s)


def _ranges(tree: promql.Node) -> list[int]:
    """Seconds in every pair of brackets."""
    nodes = (node for node in promql.walk(tree) if isinstance(node, ast.MatrixSelector))
    return [int(node.range.total_seconds()) for node in nodes]


def _too_short(found_s: int, minimum_s: int) -> str:
    return (
        f"expected a window of at least {written_duration(minimum_s)} (four scrapes, one step), "
        f"found {written_duration(found_s)}"
    )


def _quantiles(entry: MetricEntry, tree: promql.Node) -> Iterator[Finding]:
    quantiles = [call for call in promql.calls(tree) if call.func.name == "histogram_quantile"]
    if quantiles and entry.quantile_of is None:
        yield "quantile_of", "histogram_quantile needs quantile_of, the bucket family beside it"
    for call in quantiles:
        inner = promql.bare(call.args[1])
        if not isinstance(inner, ast.AggregateExpr):
            continue
        named = inner.modifier.labels if inner.modifier else []
        if promql.is_by(inner) != ("le" in named):
            yield "expr", "histogram_quantile over an aggregation that loses le; add le to its by"


def _bucket_family(entry: MetricEntry, tree: promql.Node) -> Iterator[Finding]:
    if entry.kind != "histogram":
        for field in ("sum_metric", "count_metric"):
            if getattr(entry, field):
                yield field, f"only an entry of kind histogram has a {field}"
        return
    shape = "expected sum by (..., le) (increase(x_bucket{...}[$window])) for kind histogram"
    outer = promql.bare(tree)
    if not isinstance(outer, ast.AggregateExpr) or str(outer.op) != "sum" or not promql.is_by(outer):
        yield "expr", f"{shape}, found no sum by"
        return
    if "le" not in (outer.modifier.labels if outer.modifier else []):
        yield "expr", f"{shape}, found no le in the by"
    inner = promql.bare(outer.expr)
    if not isinstance(inner, ast.Call) or inner.func.name != "increase":
        yield "expr", f"{shape}, found no increase in the sum"
        return
    for selector in promql.selectors(inner):
        if not (selector.name or "").endswith("_bucket"):
            yield "expr", f"{shape}, found '{selector.name}'"
    if set(_ranges(inner)) != {BUCKET_WINDOW_S} or entry.step:
        yield "window", "buckets are kept in steps of five minutes: expected a window of 5m and no step"


def _grain(entry: MetricEntry, tree: promql.Node, facts: Facts) -> Iterator[Finding]:
    yield from _foreign_labels(tree, facts)
    try:
        labels = result_labels(tree)
    except GrainError as error:
        yield "expr", str(error)
        return
    if labels is None:
        yield "expr", "the labels of the result are left to the exporter; aggregate by the ones wanted"
        return
    expected = sorted(labels - {"le"}) if entry.kind == "histogram" else sorted(labels)
    if expected != sorted(entry.labels):
        found = ", ".join(entry.labels)
        yield "labels", f"expected [{', '.join(expected)}] as the expression yields, found [{found}]"


def _foreign_labels(tree: promql.Node, facts: Facts) -> Iterator[Finding]:
    """Labels to aggregate by that no series below carries."""
    for aggregation in promql.aggregations(tree):
        known = [facts.find(selector.name or "") for selector in promql.selectors(aggregation)]
        if not promql.is_by(aggregation) or any(series is None or series.labels is None for series in known):
            continue
        carried = _TARGET_LABELS.union(*(series.labels or frozenset() for series in known if series))
        carried |= {arg.val for arg in promql.walk(aggregation) if isinstance(arg, ast.StringLiteral)}
        for label in aggregation.modifier.labels if aggregation.modifier else []:
            if label not in carried:
                own = ", ".join(sorted(carried - _TARGET_LABELS)) or "none of their own"
                yield "expr", f"by ({label}): the series below carry no such label (they have {own})"


def _unit(entry: MetricEntry, tree: promql.Node, facts: Facts) -> Iterator[Finding]:
    """The unit must be what the expression yields, where the units of its series tell."""
    declared = dimension_of(entry.unit)
    if entry.kind == "histogram":
        yielded = next((of_histogram(one.name, facts) for one in promql.selectors(tree) if one.name), None)
    else:
        yielded = result_dimension(tree, facts)
    if declared and yielded and not yielded.is_like(declared):
        yield "unit", f"{_expected_unit(yielded)}, found '{entry.unit}'"


def _expected_unit(yielded: Dimension) -> str:
    fitting = [unit for unit in get_args(Unit) if yielded.is_like(UNITS[unit])]
    if fitting:
        return f"expected {', '.join(fitting)} as the expression yields"
    return "expected an expression that yields a base unit: scale it, or divide like by like"


def _known_series(node: promql.Node, facts: Facts) -> list[Series]:
    """Series directly below a call; those of calls within are theirs to judge."""
    found: list[Series] = []
    for child in promql.children(node):
        if isinstance(child, ast.VectorSelector):
            series = facts.find(child.name or "")
            found += [series] if series else []
        elif not isinstance(child, ast.Call):
            found += _known_series(child, facts)
    return found
