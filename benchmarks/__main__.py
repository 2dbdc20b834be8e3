"""`python -m benchmarks`: every benchmark, one after the other; exit code 1 when a budget is missed."""

import sys

from benchmarks import (
    collecting,
    dagster_share,
    gathering,
    many_series,
    mcp_callers,
    mcp_tools,
    memory,
    model_hour,
    publishing,
    size,
    sql_guard,
)
from benchmarks.ground import Ground

ALL = (
    collecting,
    memory,
    dagster_share,
    model_hour,
    publishing,
    size,
    many_series,
    sql_guard,
    mcp_tools,
    gathering,
    mcp_callers,
)


def main() -> int:
    ground = Ground.from_arguments(__doc__)
    kept = [module.run(ground) for module in ALL]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
