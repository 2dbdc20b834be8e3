"""The unit that an expression yields, from the units of the series it reads."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import promql_parser as ast

from ocpperf_assets.catalogue.facts import Facts
from ocpperf_assets.catalogue.promql import Node, bare, selectors


@dataclass(frozen=True)
class Dimension:
    """A unit as powers of seconds and bytes; things that are counted have none. `scale`: 0.001 for milliseconds."""

    scale: float = 1.0
    seconds: int = 0
    bytes: int = 0

    def over(self, other: "Dimension") -> "Dimension":
        return Dimension(self.scale / other.scale, self.seconds - other.seconds, self.bytes - other.bytes)

    def times(self, other: "Dimension") -> "Dimension":
        return Dimension(self.scale * other.scale, self.seconds + other.seconds, self.bytes + other.bytes)

    def is_like(self, other: "Dimension") -> bool:
        same = (self.seconds, self.bytes) == (other.seconds, other.bytes)
        return same and math.isclose(self.scale, other.scale, rel_tol=1e-9)


NUMBER = Dimension()
SECONDS = Dimension(seconds=1)
_A_SECOND = Dimension(seconds=-1)
_BYTES = Dimension(bytes=1)
_NUMBERS = """count ratio cores boolean info packets events pods seats requests inodes processes operations containers
    connections periods messages datagrams segments nodes items entries endpoints threads samples rules ports
    pages sectors faults cpus objects addresses flows shares images volumes attempts series"""
UNITS = {
    "seconds": SECONDS,
    "unix_seconds": SECONDS,
    "milliseconds": Dimension(0.001, seconds=1),
    "microseconds": Dimension(1e-6, seconds=1),
    "bytes": _BYTES,
    "percent": Dimension(0.01),
    "hertz": _A_SECOND,
    "per_second": _A_SECOND,
    "bytes_per_second": _BYTES.over(SECONDS),
    "bits_per_second": Dimension(1 / 8).times(_BYTES).over(SECONDS),
    "operations_per_second": _A_SECOND,
    "requests_per_second": _A_SECOND,
    "packets_per_second": _A_SECOND,
    **dict.fromkeys(_NUMBERS.split(), NUMBER),
}
_COUNTED = frozenset({"changes", "resets", "absent", "absent_over_time", "count_over_time", "present_over_time"})
_A_RATE = frozenset({"rate", "irate", "deriv"})
_OF_BUCKETS = "histogram_quantile"
_COMPARISONS = frozenset({"==", "!=", ">", "<", ">=", "<="})
_FIRST_SIDE = frozenset({"and", "or", "unless"})


def dimension_of(unit: str) -> Dimension | None:
    """None for what is no unit of measure, such as an enumeration."""
    return UNITS.get(unit)


def of_histogram(bucket: str, facts: Facts) -> Dimension | None:
    """The unit in which the limits of a histogram's buckets are."""
    series = facts.find(bucket.removesuffix("_bucket") + "_sum")
    return dimension_of(series.unit) if series else None


def result_dimension(node: Node, facts: Facts) -> Dimension | None:
    """What the values of an expression are; None where its parts do not tell, or contradict each other."""

    def of(inner: Node) -> Dimension | None:
        return result_dimension(inner, facts)

    match bare(node):
        case ast.NumberLiteral():
            return NUMBER
        case ast.VectorSelector() as selector:
            series = facts.find(selector.name or "")
            return dimension_of(series.unit) if series else None
        case ast.MatrixSelector() as matrix:
            return of(matrix.vector_selector)
        case ast.AggregateExpr() as aggregation:
            return NUMBER if str(aggregation.op) in ("count", "group") else of(aggregation.expr)
        case ast.UnaryExpr() | ast.SubqueryExpr() as outer:
            return of(outer.expr)
        case ast.Call() as call:
            return _called(call, of, facts)
        case ast.BinaryExpr() as operation:
            return _operated(operation, of)
        case _:
            return None


def _called(call: ast.Call, of: Callable[[Node], Dimension | None], facts: Facts) -> Dimension | None:
    name = call.func.name
    if name == "time":
        return SECONDS
    if name in _COUNTED:
        return NUMBER
    if name == _OF_BUCKETS:
        return next((of_histogram(bucket, facts) for bucket in _names(call.args[1])), None)
    inner = of(call.args[0]) if call.args else None
    return inner.over(SECONDS) if inner and name in _A_RATE else inner


def _names(node: Node) -> list[str]:
    return [selector.name for selector in selectors(node) if selector.name]


def _operated(operation: ast.BinaryExpr, of: Callable[[Node], Dimension | None]) -> Dimension | None:
    operator, left, right = str(operation.op), of(operation.lhs), of(operation.rhs)
    if operator in _COMPARISONS:
        return NUMBER if operation.modifier and operation.modifier.return_bool else left
    if operator in _FIRST_SIDE or left is None or right is None:
        return left
    if operator in ("*", "/"):
        factor = _factor(operation.rhs)
        if factor is not None:
            return left.over(Dimension(factor)) if operator == "*" else left.times(Dimension(factor))
        return left.times(right) if operator == "*" else left.over(right)
    return left if left.is_like(right) else None


def _factor(node: Node) -> float | None:
    """Multiplying what is in bytes by 8 yields what is in bits: the unit shrinks as the number grows."""
    number = bare(node)
    return number.val if isinstance(number, ast.NumberLiteral) else None
