"""What `ocpperf catalogue` prints: a list of metrics, or all there is to know of one."""

import json
import sys
from collections.abc import Sequence

import typer
from rich.console import Console
from rich.table import Table

from ocpperf_assets.catalogue.explain import explain, find, no_match, rules_of
from ocpperf_assets.catalogue.metric import Catalogue, Metric
from ocpperf_assets.catalogue.rule import Rule
from ocpperf_assets.knowledge import load_knowledge
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError

_WIDE = 240


def show(words: Sequence[str], domain: str | None, tool: str | None, *, as_json: bool) -> None:
    """Print what fits the words. Raises OcpperfError when nothing does, or on an unknown domain or tool."""
    knowledge = load_knowledge(Settings())
    chosen = _chosen(knowledge.catalogue, domain, tool)
    named = [metric for metric in chosen if list(words) == [metric.name]]
    found = named or find(chosen, words)
    if not found:
        raise no_match(chosen, words)
    if as_json:
        typer.echo(json.dumps([_described(metric, knowledge.rules) for metric in found], indent=2))
    elif named:
        for heading, text in explain(named[0], knowledge.catalogue, knowledge.rules):
            typer.echo(f"{heading + ':':<13}{text}")
    else:
        _print(found)


def _described(metric: Metric, rules: Sequence[Rule]) -> dict[str, object]:
    return {**metric.model_dump(mode="json"), "rules": [rule.rule for rule in rules_of(metric, rules)]}


def _chosen(catalogue: Catalogue, domain: str | None, tool: str | None) -> list[Metric]:
    """Raises OcpperfError on a domain or tool that no metric has."""
    if domain is not None and domain not in catalogue.domains:
        raise OcpperfError(f"There is no domain '{domain}'.", f"Domains are {', '.join(catalogue.domains)}.")
    tools = sorted({name for metric in catalogue.metrics for name in metric.tools})
    if tool is not None and tool not in tools:
        raise OcpperfError(f"No metric is shown by a tool '{tool}'.", f"Tools are {', '.join(tools)}.")
    return [
        metric
        for metric in catalogue.metrics
        if domain in (None, metric.domain) and (tool is None or tool in metric.tools)
    ]


def _print(metrics: Sequence[Metric]) -> None:
    table = Table("domain", "name", "unit", "title")
    for metric in metrics:
        table.add_row(metric.domain, metric.name, metric.unit, metric.title)
    Console(width=None if sys.stdout.isatty() else _WIDE, markup=False).print(table)
    count = "1 metric" if len(metrics) == 1 else f"{len(metrics)} metrics"
    typer.echo(f"{count}; `ocpperf catalogue NAME` explains one.")
