"""Whatever a client sends, it gets an answer or one sentence that was written for it."""

import asyncio
from typing import Any

import pytest
from fastmcp.exceptions import ToolError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.server import build_server, specs
from ocpperf_mcp.tools.page import dumped
from ocpperf_mcp.tools.schemas import input_schema

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
SHOWN = ("get_etcd_disk_wal_fsync", "get_findings", "get_events", "query_metric", "compare_windows", "list_metrics")
"""One tool of each kind of parameters."""


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A tool and arguments for it, most of the type that its schema asks for."""
    name = draw(st.sampled_from(SHOWN))
    fields = input_schema(SPECS[name].ask)["properties"]
    chosen = draw(st.lists(st.sampled_from(sorted(fields)), unique=True, max_size=4))
    arguments = {field: draw(FITTING[fields[field]["type"]] | VALUES) for field in chosen}
    return name, arguments | draw(st.just({}) | st.dictionaries(WORDS, VALUES, max_size=1))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(call=calls())
def test_every_call_ends_with_an_answer_or_a_sentence(home: Home, call: tuple[str, dict[str, Any]]) -> None:
    """A fault that nobody thought of reads "Error calling tool"."""
    said = outcome(home, *call)
    assert "Error calling tool" not in said
    assert "Traceback" not in said
    assert said.endswith((".", "?", "}"))


def outcome(home: Home, name: str, arguments: dict[str, Any]) -> str:
    """The JSON of the answer, or the words of the error."""
    try:
        return dumped(asyncio.run(build_server(home).call_tool(name, arguments)).structured_content)
    except ToolError as error:
        return str(error)


def test_a_window_that_leaves_the_calendar_is_refused(home: Home) -> None:
    with pytest.raises(ToolError, match="longer than a century"):
        asyncio.run(build_server(home).call_tool("compare_windows", {"start_time": "0001-01-01T00:00Z"}))
