"""The report agent: gather, analyse, draft, check, and back to draft at most twice, render."""

import asyncio

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langsmith import tracing_context

from ocpperf_mcp.agent.chat_model import Progress, chat_model
from ocpperf_mcp.agent.nodes import Nodes
from ocpperf_mcp.agent.state import State
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.report.model import Report
from ocpperf_mcp.settings import ModelSettings


def build_graph(nodes: Nodes) -> CompiledStateGraph[State]:
    """The same graph with and without a model."""
    graph = StateGraph(State)
    graph.add_node("gather", nodes.gather)
    graph.add_node("analyse", nodes.analyse)
    graph.add_node("draft", nodes.draft)
    graph.add_node("check", nodes.check)
    graph.add_node("render", nodes.render)
    graph.add_edge(START, "gather")
    graph.add_edge("gather", "analyse")
    graph.add_edge("analyse", "draft")
    graph.add_edge("draft", "check")
    graph.add_conditional_edges("check", nodes.onward)
    graph.add_edge("render", END)
    return graph.compile()


def narrated(report: Report, home: Home, settings: ModelSettings, progress: Progress) -> Report:
    """The report with a narrative: of the model that the settings name, or of the rules.

    Raises OcpperfError where the settings do not suffice; whatever the model does, there is a report.
    """
    nodes = Nodes(home, chat_model(settings), settings.llm_alias, progress)
    # Findings go to the API that the settings name and to no service that records calls.
    with tracing_context(enabled=False):
        ended = asyncio.run(build_graph(nodes).ainvoke({"report": report}))
    made: Report = ended["report"]
    return made
