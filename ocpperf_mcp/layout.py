"""The layout of a warehouse file: which tables and columns its raw tables have."""

import duckdb

from ocpperf_mcp.contracts.errors import OcpperfError

TABLE = "schema_version"
LAYOUT = 1
"""The newest layout this program knows: the number of the last file in sql/migrations, or 1 while there is none."""


def layout_of(con: duckdb.DuckDBPyConnection) -> int | None:
    """The layout of an open warehouse; None before it has one. Raises OcpperfError when a newer ocpperf wrote it."""
    rows: list[tuple[int | None]] = con.execute(f"select max(version) from {TABLE}").fetchall()
    ((version,),) = rows
    if version is not None and version > LAYOUT:
        raise OcpperfError(
            f"The warehouse was written by a newer ocpperf (layout {version}; this one knows {LAYOUT}).",
            "Install the newer ocpperf, or point OCPPERF_HOME at another directory.",
        )
    return version
