"""DuckDB's faults as one sentence with the next step."""

import duckdb

from ocpperf_mcp.contracts.errors import OcpperfError

_HINTS = ("Did you mean", "Candidate bindings", "Candidate functions")
# A text that error() was called with, or a name, may be as long as memory allows.
_LONGEST = 1_000
EXAMPLES = "`select table_name, examples from dim_table` has three examples of each table."
"""The next step where DuckDB proposes none."""


def first_line(fault: Exception) -> str:
    return str(fault).strip().splitlines()[0][:_LONGEST]


def failed(fault: duckdb.Error) -> OcpperfError:
    """A query that failed: DuckDB's first line, and as the next step the names that it proposes, or examples."""
    hints = [line.strip()[:_LONGEST] for line in str(fault).splitlines()[1:] if line.startswith(_HINTS)]
    return OcpperfError(f"The query failed: {first_line(fault)}", hints[0] if hints else EXAMPLES)


def too_slow(seconds: float) -> OcpperfError:
    return OcpperfError(
        f"The query took longer than {seconds:g} s and was ended.",
        "Narrow it: one cluster, fewer hours, one metric, hourly tables instead of samples.",
    )


def out_of_memory(memory_bytes: int) -> OcpperfError:
    return OcpperfError(
        f"The query needed more memory than the {memory_bytes >> 20:,} MiB it may take.",
        "Narrow it, or aggregate before joining and sorting.",
    )
