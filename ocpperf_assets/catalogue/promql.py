"""Walking PromQL's syntax tree."""

from collections.abc import Iterator
from typing import TypeAlias

import promql_parser as ast

Node: TypeAlias = ast.Expr


def parse(query: str) -> Node:
    """Raises ValueError with the parser's own words."""
    return ast.parse(query)


def children(node: Node) -> tuple[Node, ...]:
    match node:
        case ast.AggregateExpr():
            return (node.expr, node.param) if isinstance(node.param, ast.Expr) else (node.expr,)
        case ast.BinaryExpr():
            return (node.lhs, node.rhs)
        case ast.Call():
            return tuple(node.args)
        case ast.MatrixSelector():
            return (node.vector_selector,)
        case ast.ParenExpr() | ast.UnaryExpr() | ast.SubqueryExpr():
            return (node.expr,)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from walk(child)


def selectors(node: Node) -> list[ast.VectorSelector]:
    return [found for found in walk(node) if isinstance(found, ast.VectorSelector)]


def calls(node: Node) -> list[ast.Call]:
    return [found for found in walk(node) if isinstance(found, ast.Call)]


def aggregations(node: Node) -> list[ast.AggregateExpr]:
    return [found for found in walk(node) if isinstance(found, ast.AggregateExpr)]


def is_by(aggregation: ast.AggregateExpr) -> bool:
    return aggregation.modifier is not None and aggregation.modifier.type == ast.AggModifierType.By


def bare(node: Node) -> Node:
    """Without parentheses around it."""
    while isinstance(node, ast.ParenExpr):
        node = node.expr
    return node


def only_job(node: Node) -> str | None:
    """The job of every selector, where all name exactly one and the same."""
    jobs = {_job(selector) for selector in selectors(node)}
    return jobs.pop() if len(jobs) == 1 else None


def _job(selector: ast.VectorSelector) -> str | None:
    named = [
        matcher.value
        for matcher in selector.matchers.matchers
        if matcher.name == "job" and matcher.op == ast.MatchOp.Equal
    ]
    return named[0] if len(named) == 1 else None
