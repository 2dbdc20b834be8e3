"""The query side stands alone: it needs neither the pipeline nor what the pipeline is made of."""

import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import ocpperf_mcp

ROOT = Path(__file__).parents[2]
PIPELINE = {"dagster", "ocpperf_assets", "pandas", "requests", "demo"}
MODULES = sorted(module.name for module in pkgutil.walk_packages(ocpperf_mcp.__path__, "ocpperf_mcp."))
AGENT = [module for module in MODULES if module.startswith("ocpperf_mcp.agent")]
CONTRACTS = [module for module in MODULES if module.startswith("ocpperf_mcp.contracts")]

_IMPORT = """
import importlib, json, sys
known = set(sys.modules)
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps(sorted(set(sys.modules) - known)))
"""
_COMMAND = """
import json, sys
from ocpperf_mcp.cli import main
try:
    main()
except SystemExit:
    pass
print("\\n" + json.dumps(sorted(sys.modules)))
"""


def loaded(code: str, *words: str, home: Path | None = None) -> set[str]:
    """Top-level names of what a fresh interpreter has imported after running the code."""
    finished = subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=ROOT,
        env={"PATH": "", "OCPPERF_HOME": str(home)},
    )
    return {name.partition(".")[0] for name in json.loads(finished.stdout.splitlines()[-1])}


def test_no_module_of_the_query_side_imports_the_pipeline() -> None:
    assert {"ocpperf_mcp.warehouse", "ocpperf_mcp.cli.sql", "ocpperf_mcp.report.html"} <= set(MODULES)
    names = loaded(_IMPORT, *(set(MODULES) - set(AGENT)))
    assert "duckdb" in names
    assert names & (PIPELINE | {"langgraph", "langchain_core"}) == set()


def test_the_report_agent_does_neither() -> None:
    """LangChain comes with a library that imports requests."""
    names = loaded(_IMPORT, *AGENT)
    assert "langgraph" in names
    assert names & (PIPELINE - {"requests"}) == set()


def test_the_contracts_need_the_standard_library_and_pydantic_only() -> None:
    assert len(CONTRACTS) > 1
    pydantic = loaded(_IMPORT, "pydantic")
    assert loaded(_IMPORT, *CONTRACTS) - sys.stdlib_module_names - pydantic == {"ocpperf_mcp"}


@pytest.mark.parametrize("words", [["--help"], ["sql", "--help"], ["sql", "select 1"]])
def test_a_command_of_the_query_side_starts_without_dagster(words: list[str], tmp_path: Path) -> None:
    """The pipeline's commands are on the command line; what they need is imported when they run."""
    names = loaded(_COMMAND, *words, home=tmp_path)
    assert "ocpperf_mcp" in names
    assert names & {"dagster", "pandas", "requests", "numpy", "pyarrow"} == set()
