"""The layout a warehouse file has, so that an older file is brought forward and a newer one is left alone."""

import duckdb

from ocpperf_mcp.contracts.errors import OcpperfError

TABLE = "schema_version"
CURRENT = 1
"""Raised by one whenever raw tables change in a way their `create table if not exists` cannot express."""


def check(con: duckdb.DuckDBPyConnection) -> bool:
    """Stamp a new file; answers whether it was stamped. Raises OcpperfError when a newer ocpperf wrote the file."""
    con.execute(f"create table if not exists {TABLE} (version integer, applied_at timestamp)")
    ((version,),) = con.execute(f"select max(version) from {TABLE}").fetchall()
    if version is None:
        con.execute(f"insert into {TABLE} values (?, now() at time zone 'UTC')", [CURRENT])
        return True
    if version > CURRENT:
        raise OcpperfError(
            f"The warehouse was written by a newer ocpperf (layout {version}; this one knows {CURRENT}).",
            "Install the newer ocpperf, or point OCPPERF_HOME at another directory.",
        )
    return False
