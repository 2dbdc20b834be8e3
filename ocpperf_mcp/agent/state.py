"""The state that the graph's nodes hand on."""

from collections.abc import Mapping
from typing import Annotated, Any, TypedDict

from langchain_core.messages import BaseMessage
from langgraph.graph.message import add_messages

from ocpperf_mcp.agent.aliases import Aliases
from ocpperf_mcp.agent.draft import Draft
from ocpperf_mcp.report.model import Report

Row = Mapping[str, Any]


class State(TypedDict, total=False):
    """Begins with `report`, the deterministic one, and ends with `report` that has a narrative."""

    report: Report
    found: frozenset[str]
    """Ids of the findings that the tools answer with."""
    not_judged: tuple[Row, ...]
    """Rules that the tools could not judge, with the reason."""
    aliases: Aliases
    messages: Annotated[list[BaseMessage], add_messages]
    """The conversation with the model, as it is sent: with aliases where they are asked for."""
    draft: Draft | None
    wrong: tuple[str, ...]
    """What is to be mended in the draft."""
    drafts: int
    note: str
    """Why the model's words are not used."""
