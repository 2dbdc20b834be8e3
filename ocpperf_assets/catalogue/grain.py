"""Which labels the result of an expression carries, as far as the expression itself decides it."""

from typing import TypeAlias

import promql_parser as ast

from ocpperf_assets.catalogue.promql import Node, bare, is_by

# None: decided by the series that answer, not by the expression.
Labels: TypeAlias = frozenset[str] | None

_ADDS_A_LABEL = frozenset({"label_replace", "label_join"})
_KEEPS_LABELS = frozenset({"topk", "bottomk"})
_SET_OPERATORS = frozenset({"and", "unless"})
_NO_LABELS = frozenset({"vector"})
_DECIDED_BY_MATCHERS = frozenset({"absent", "absent_over_time"})


class GrainError(Exception):
    """The expression contradicts itself; the text says how."""


def result_labels(node: Node) -> Labels:
    """Labels of the result, or None where only an aggregation could decide them. Raises GrainError."""
    match bare(node):
        case ast.AggregateExpr() as aggregation:
            return _aggregated(aggregation)
        case ast.BinaryExpr() as operation:
            return _operated(operation)
        case ast.Call() as call:
            return _called(call)
        case ast.UnaryExpr() | ast.SubqueryExpr() as outer:
            return result_labels(outer.expr)
        case _:
            return None


def is_scalar(node: Node) -> bool:
    match bare(node):
        case ast.NumberLiteral():
            return True
        case ast.UnaryExpr() as negated:
            return is_scalar(negated.expr)
        case ast.Call() as call:
            return call.func.name in ("scalar", "time", "pi")
        case ast.BinaryExpr() as operation:
            return is_scalar(operation.lhs) and is_scalar(operation.rhs)
        case _:
            return False


def _aggregated(aggregation: ast.AggregateExpr) -> Labels:
    inner = result_labels(aggregation.expr)
    if str(aggregation.op) in _KEEPS_LABELS:
        return inner
    named = frozenset(aggregation.modifier.labels) if aggregation.modifier else frozenset()
    if aggregation.modifier and not is_by(aggregation):
        return None if inner is None else inner - named
    if inner is not None and named - inner:
        raise GrainError(f"by ({_listed(named)}) of a result that carries ({_listed(inner)})")
    return named


def _called(call: ast.Call) -> Labels:
    name = call.func.name
    if name in _NO_LABELS:
        return frozenset()
    if name in _DECIDED_BY_MATCHERS:
        return None
    vectors = [arg for arg in call.args if isinstance(arg, ast.Expr) and not _is_literal(arg)]
    inner = result_labels(vectors[0]) if vectors else None
    if inner is None:
        return None
    if name == "histogram_quantile":
        return inner - {"le"}
    if name in _ADDS_A_LABEL:
        target = call.args[1]
        return inner | {target.val} if isinstance(target, ast.StringLiteral) else None
    return inner


def _is_literal(node: Node) -> bool:
    return isinstance(bare(node), ast.StringLiteral) or is_scalar(node)


def _operated(operation: ast.BinaryExpr) -> Labels:
    if is_scalar(operation.lhs):
        return result_labels(operation.rhs)
    left = result_labels(operation.lhs)
    if is_scalar(operation.rhs) or str(operation.op) in _SET_OPERATORS:
        return left
    right = result_labels(operation.rhs)
    if str(operation.op) == "or":
        if left != right and left is not None and right is not None:
            raise GrainError(f"'or' of ({_listed(left)}) with ({_listed(right)})")
        return left if left == right else None
    return _joined(left, right, operation.modifier)


def _joined(left: Labels, right: Labels, modifier: ast.BinModifier | None) -> Labels:
    matching = modifier.matching if modifier else None
    named = frozenset(matching.labels) if matching else frozenset()
    on = matching is not None and matching.type == ast.LabelModifierType.Include
    if on:
        _check_on(named, left, right)
    many = modifier.card if modifier else None
    added = frozenset((modifier.group_labels or []) if modifier else [])
    if many == ast.VectorMatchCardinality.ManyToOne:
        return None if left is None else left | added
    if many == ast.VectorMatchCardinality.OneToMany:
        return None if right is None else right | added
    if on:
        return named
    if left is None or right is None:
        return None
    if left - named != right - named:
        raise GrainError(f"matches ({_listed(left - named)}) with ({_listed(right - named)}), which can pair nothing")
    return left - named


def _check_on(named: frozenset[str], left: Labels, right: Labels) -> None:
    for side in (left, right):
        if side is not None and named - side:
            raise GrainError(f"on ({_listed(named)}) with a side that carries ({_listed(side)})")


def _listed(labels: frozenset[str]) -> str:
    return ", ".join(sorted(labels))
