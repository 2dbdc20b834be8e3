"""Which metrics belong to an analyzer: those that its tools show."""

from ocpperf_mcp.contracts.tools import OF_ANALYZER as TOOLS

_OWN = " or ".join(
    f"($analyzer = '{analyzer}' and hasany(tools, [{', '.join(repr(tool) for tool in sorted(tools))}]))"
    for analyzer, tools in TOOLS.items()
)
OF_ANALYZER = f"$analyzer is null or {_OWN}".replace("hasany", "list_has_any")
"""SQL over rows of dim_metric."""
