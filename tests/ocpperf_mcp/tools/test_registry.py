"""Which tools a server shows, how it describes them, and what the list of them costs a model."""

from typing import Any

import pytest
from fastmcp import Client
from mcp_types import Tool

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.tools import GENERAL, OF_ANALYZER, OF_ANY_METRIC, SHARED
from ocpperf_mcp.server import specs
from ocpperf_mcp.tools.page import dumped
from ocpperf_mcp.tools.registry import ANALYZERS
from ocpperf_mcp.tools.tokens import tokens
from tests.ocpperf_mcp.tools.asking import with_client

BUDGET = {"input": 8_000, "with output": 10_000}
SPENT = {
    "etcd": {"input": 6_734, "with output": 9_398},
    "network": {"input": 7_010, "with output": 9_785},
    "ovnk": {"input": 6_992, "with output": 9_767},
}
"""Tokens of each analyzer's list when it was last written down: more than 5 % over needs a reason, and a new number."""


def listed(home: Home, analyzer: str | None) -> list[Tool]:
    async def act(client: Client[Any]) -> list[Tool]:
        return await client.list_tools()

    return with_client(home, act, analyzer)


def cost(tools: list[Tool]) -> dict[str, int]:
    shown = [{"name": one.name, "description": one.description, "input_schema": one.input_schema} for one in tools]
    whole = [{**part, "output_schema": one.output_schema} for part, one in zip(shown, tools, strict=True)]
    return {"input": tokens(dumped(shown)), "with output": tokens(dumped(whole))}


@pytest.mark.parametrize("analyzer", ANALYZERS)
def test_an_analyzer_shows_the_tools_of_the_contract(home: Home, analyzer: str) -> None:
    contract = OF_ANALYZER[analyzer] | SHARED | GENERAL | OF_ANY_METRIC
    names = [tool.name for tool in listed(home, analyzer)]
    assert set(names) == contract
    assert len(names) == len(set(names))


def test_without_an_analyzer_all_are_shown(home: Home) -> None:
    contract = SHARED.union(GENERAL, OF_ANY_METRIC, *OF_ANALYZER.values())
    assert {tool.name for tool in listed(home, None)} == contract


@pytest.mark.parametrize("analyzer", ANALYZERS)
def test_the_list_of_tools_stays_within_its_tokens(home: Home, analyzer: str) -> None:
    spent = cost(listed(home, analyzer))
    for part, most in BUDGET.items():
        assert spent[part] <= most
        assert spent[part] <= SPENT[analyzer][part] * 1.05


def test_every_tool_only_reads_this_warehouse(home: Home) -> None:
    for tool in listed(home, None):
        assert tool.annotations is not None
        said = tool.annotations
        assert (said.read_only_hint, said.idempotent_hint, said.open_world_hint, said.destructive_hint) == (
            True, True, False, False,
        ), tool.name  # fmt: skip
        assert tool.title


@pytest.mark.parametrize("spec", specs(), ids=lambda spec: spec.name)
def test_a_description_answers_what_and_gives_an_example(spec: Any) -> None:
    first, *_, last = spec.description.splitlines()
    assert first.endswith(".")
    assert last.startswith("Example: ")
    names = {one.name for one in specs()}
    named = {word.strip(".,;:()") for word in spec.description.split() if word.startswith(("get_", "query_", "list_"))}
    assert named <= names - {spec.name}


def test_parameters_are_the_same_everywhere(home: Home) -> None:
    kinds: dict[str, set[str]] = {}
    for tool in listed(home, None):
        assert tool.input_schema["additionalProperties"] is False
        for name, field in tool.input_schema["properties"].items():
            kinds.setdefault(name, set()).add(field["type"])
    assert {name: len(types) for name, types in kinds.items()} == dict.fromkeys(kinds, 1)
