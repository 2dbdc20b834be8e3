"""How much memory the writer may use: little, and more only where an hour of a large cluster needs it."""

import duckdb
import psutil


def allow_more(con: duckdb.DuckDBPyConnection) -> bool:
    """Double the database's limit, up to half of the machine's memory; answers whether it is wider now."""
    ((limit,),) = con.execute("select parse_formatted_bytes(current_setting('memory_limit'))").fetchall()
    wider = min(2 * limit, psutil.virtual_memory().total // 2)
    if wider < 1.1 * limit:  # DuckDB tells its limit rounded
        return False
    con.execute(f"set memory_limit = '{wider}B'")
    return True
