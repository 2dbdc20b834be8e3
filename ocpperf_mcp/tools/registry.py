"""Which tools there are, and which analyzers show each."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any

from ocpperf_mcp.contracts.tools import GENERAL, OF_ANALYZER, OF_ANY_METRIC, SHARED
from ocpperf_mcp.tools.asks import Ask, Some
from ocpperf_mcp.tools.draft import Draft
from ocpperf_mcp.tools.question import Question

ANALYZERS = tuple(OF_ANALYZER)
_OF_ALL = SHARED | GENERAL | OF_ANY_METRIC


@dataclass(frozen=True)
class ToolSpec:
    """A tool's name is its function's; its description, the docstring."""

    name: str
    title: str
    description: str
    ask: type[Ask]
    answer: Callable[[Question[Any]], Draft]

    @property
    def analyzers(self) -> frozenset[str]:
        """Those whose servers show it. Raises KeyError on a name that is not in the contract."""
        if self.name in _OF_ALL:
            return frozenset(ANALYZERS)
        shown = frozenset(analyzer for analyzer, names in OF_ANALYZER.items() if self.name in names)
        if not shown:
            raise KeyError(self.name)
        return shown


class Toolbox:
    """The tools of one module, in the order in which it defines them."""

    def __init__(self) -> None:
        self.specs: list[ToolSpec] = []

    def tool(
        self, title: str, ask: type[Some]
    ) -> Callable[[Callable[[Question[Some]], Draft]], Callable[[Question[Some]], Draft]]:
        """Make a tool of a function."""

        def keep(function: Callable[[Question[Some]], Draft]) -> Callable[[Question[Some]], Draft]:
            name = function.__name__
            self.specs.append(ToolSpec(name, title, cleandoc(function.__doc__ or ""), ask, function))
            return function

        return keep
