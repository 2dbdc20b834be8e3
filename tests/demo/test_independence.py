"""The simulator knows nothing of what is collected and judged, so that a finding proves something."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

DEMO = Path(__file__).parents[2] / "demo"
PRODUCT = {
    "demo/tour.py": {
        "ocpperf_assets.collecting",
        "ocpperf_assets.settings",
        "ocpperf_mcp.report.asked",
        "ocpperf_mcp.report.gather",
        "ocpperf_mcp.report.html",
        "ocpperf_mcp.report.model",
        "ocpperf_mcp.report.needed",
        "ocpperf_mcp.report.reading",
        "ocpperf_mcp.state.runs",
        "ocpperf_mcp.warehouse",
    },
}
"""What the steps that run the product may import beside the contracts."""
FILES = sorted(path.relative_to(DEMO.parent).as_posix() for path in DEMO.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import hides what it imports"
            yield node.module or ""


@pytest.mark.parametrize("file", FILES)
def test_nothing_of_the_pipeline_is_imported(file: str) -> None:
    ours = {name for name in imported(DEMO.parent / file) if name.startswith("ocpperf")}
    assert {name for name in ours if not name.startswith("ocpperf_mcp.contracts.")} <= PRODUCT.get(file, set())


@pytest.mark.parametrize("file", [file for file in FILES if file not in ("demo/tour.py", "demo/cli.py")])
def test_the_simulator_does_not_import_the_tour(file: str) -> None:
    assert not {"demo.tour", "demo.cli"} & set(imported(DEMO.parent / file))
