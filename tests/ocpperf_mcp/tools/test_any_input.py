"""Whatever a client sends, it gets an answer or one sentence that was written for it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.server import specs
from ocpperf_mcp.serving.app import Policy, http_app
from ocpperf_mcp.serving.guards import Rate
from ocpperf_mcp.tools.schemas import input_schema
from tests.ocpperf_mcp.serving.running import JSON, Response, Server, in_a_thread

WORDS = st.text(max_size=30) | st.sampled_from(
    ["", "1h", "24h", "0m", "9" * 12 + "w", "100000w", "build-1", "build-1/24h", "2026-01-01T10:00Z", "2026-01-01/24h",
     "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00", "c1", "n1", "worker", "fsync", "fsync_rate", "node", "cluster",
     "1@2026-01-01T10:00Z/2026-01-01T11:00Z", "1@2026-01-01T11:00Z/2026-01-01T10:00Z",
     "1@2026-99-99T99:99Z/2026-01-01T11:00Z",     "999999999", "'; drop table raw_net; --", "null", "\x00"]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 10**6) | st.floats() | WORDS,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(WORDS, parts, max_size=2),
    max_leaves=4,
)
FITTING = {
    "string": WORDS,
    "integer": st.integers(-1, 600),
    "boolean": st.booleans(),
    "array": st.lists(WORDS, max_size=3),
}
SPECS = {spec.name: spec for spec in specs()}


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A tool and arguments for it, most of the type that its schema asks for."""
    name = draw(st.sampled_from(sorted(SPECS)))
    fields = input_schema(SPECS[name].ask)["properties"]
    chosen = draw(st.lists(st.sampled_from(sorted(fields)), unique=True, max_size=4))
    arguments = {field: draw(FITTING[fields[field]["type"]] | VALUES) for field in chosen}
    return name, arguments | draw(st.just({}) | st.dictionaries(WORDS, VALUES, max_size=1))


@pytest.fixture(scope="module")
def server(home: Home) -> Iterator[Server]:
    with in_a_thread(http_app(home, None, Policy(rate=Rate(1e6, 1_000_000)))) as running:
        yield running


FUZZED = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZED
@given(call=calls())
def test_every_call_ends_with_an_answer_or_a_sentence(server: Server, call: tuple[str, dict[str, Any]]) -> None:
    """A fault that nobody thought of reads "Error calling tool" and has status 500."""
    check(server.call(*call))


@FUZZED
@given(path=st.sampled_from(["/mcp", "/tools/get_findings", "/tools/run_sql"]), body=st.binary(max_size=200))
def test_every_body_ends_with_a_sentence(server: Server, path: str, body: bytes) -> None:
    answer = server.request("POST", path, body, {**JSON, "Accept": "application/json, text/event-stream"})
    assert answer.status < 500
    assert b"Traceback" not in answer.body


@FUZZED
@given(
    message=st.fixed_dictionaries(
        {"jsonrpc": st.just("2.0") | VALUES, "id": st.integers() | VALUES},
        optional={"method": st.sampled_from(["tools/call", "tools/list", "initialize"]) | WORDS, "params": VALUES},
    )
)
def test_every_message_of_the_protocol_ends_with_one_of_its_own(server: Server, message: dict[str, Any]) -> None:
    headers = {**JSON, "Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-11-25"}
    answer = server.request("POST", "/mcp", json.dumps(message), headers)
    assert answer.status < 500
    assert b"Traceback" not in answer.body


def check(answer: Response) -> None:
    if answer.status == 200:
        assert isinstance(answer.json, dict)
        return
    assert answer.status == 400
    said = answer.json["error"]
    assert "Traceback" not in said
    assert said.endswith((".", "?", "}", "…"))


def test_a_window_that_leaves_the_calendar_is_refused(server: Server) -> None:
    answer = server.call("compare_windows", {"start_time": "0001-01-01T00:00Z"})
    assert "longer than a century" in answer.json["error"]
