"""What clients read without a call, and the investigations they offer."""

import json
import re
from typing import Any

import pytest
from fastmcp import Client
from mcp import MCPError
from mcp_types import TextContent, TextResourceContents

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.server import specs
from tests.ocpperf_mcp.tools.asking import with_client

PROMPTS: dict[str, dict[str, str]] = {
    "slow_etcd": {"duration": "2h"},
    "compare_upgrade": {"before": "build-1", "after": "1h"},
    "morning_round": {},
    "explain_finding": {"finding_id": "0123456789abcdef"},
    "executive_summary": {},
}


def read(home: Home, address: str) -> Any:
    async def act(client: Client[Any]) -> Any:
        (content,) = await client.read_resource(address)
        assert isinstance(content, TextResourceContents)
        return json.loads(content.text)

    return with_client(home, act)


def test_the_catalogue_the_rules_the_findings_and_the_coverage_can_be_read(home: Home) -> None:
    async def act(client: Client[Any]) -> set[str]:
        return {str(resource.uri) for resource in await client.list_resources()}

    addresses = with_client(home, act)
    assert addresses == {f"ocpperf://{name}" for name in ("catalogue", "rules", "findings", "coverage")}
    rows = {address: read(home, address) for address in addresses}
    assert {row["metric"] for row in rows["ocpperf://catalogue"]} >= {"fsync", "busy"}
    assert {row["rule"] for row in rows["ocpperf://rules"]} == {"cpu-busy", "failing"}
    assert [row["cluster"] for row in rows["ocpperf://findings"]] == ["c1"]
    assert {row["domain"]: row["hours_failed_or_partial"] for row in rows["ocpperf://coverage"]}["etcd"] == 4


def test_one_metric_and_one_finding_can_be_read(home: Home) -> None:
    assert read(home, "ocpperf://metrics/fsync_p99")["quantile_of"] == "fsync"
    (latest,) = read(home, "ocpperf://findings")
    assert read(home, f"ocpperf://findings/{latest['finding_id']}")["evidence"]["metric"] == "busy"


@pytest.mark.parametrize(
    ("address", "words"),
    [("metrics/fsynk", "Did you mean 'fsync'"), ("findings/0", "There is no finding '0'")],
)
def test_what_is_not_there_is_an_error_that_leads_on(home: Home, address: str, words: str) -> None:
    with pytest.raises(MCPError, match=words):
        read(home, f"ocpperf://{address}")


def test_the_prompts_name_only_tools_that_there_are(home: Home) -> None:
    async def act(client: Client[Any]) -> dict[str, str]:
        assert {prompt.name for prompt in await client.list_prompts()} == set(PROMPTS)
        texts = {}
        for name, arguments in PROMPTS.items():
            (message,) = (await client.get_prompt(name, arguments)).messages
            assert isinstance(message.content, TextContent)
            texts[name] = message.content.text
        return texts

    texts = with_client(home, act)
    known = {spec.name for spec in specs()}
    for name, text in texts.items():
        named = set(re.findall(r"\b(?:get|query|list|compare|generate)_\w+", text))
        assert named
        assert named <= known, name
        for value in PROMPTS[name].values():
            assert value in text
