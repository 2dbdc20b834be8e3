"""`ocpperf verify`: does a report still say what the warehouse holds?"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.extent import known_clusters
from ocpperf_mcp.report.as_json import read_json
from ocpperf_mcp.report.asked import Asked
from ocpperf_mcp.report.gather import gather, gather_fleet
from ocpperf_mcp.report.model import Report
from ocpperf_mcp.report.printable import printable
from ocpperf_mcp.report.verify import Difference, Verification
from ocpperf_mcp.report.verify import verify as hold_against
from ocpperf_mcp.settings import QuerySettings
from ocpperf_mcp.warehouse import open_published

DIFFERS = 3
"""Exit code where something does not hold."""
_SHOWN = 40


def verify(
    file: Annotated[Path, typer.Argument(metavar="REPORT.json", help="A report as --format json wrote it.")],
) -> None:
    """Compute every claim of a report again, and tell those that do not hold.

    Exit codes: 0 all of it holds, 1 it cannot be verified, 2 wrong usage, 3 something does not hold.
    """
    try:
        said = read_json(file.read_text(encoding="utf-8"), str(file))
    except (OSError, UnicodeDecodeError):
        raise OcpperfError(
            f"{file} cannot be read.", "Name a file that `ocpperf report --format json` wrote."
        ) from None
    with open_published(QuerySettings().paths) as con:
        _refuse_unknown(con, said)
        verification = hold_against(said, again(con, said), lambda number, unit: _readable(con, number, unit))
    _tell(verification)
    if verification.differences:
        raise typer.Exit(DIFFERS)


def again(con: duckdb.DuckDBPyConnection, said: Report) -> Report:
    """The same report as the warehouse gives it now."""
    analyzer = None if said.analyzer == "all" else said.analyzer
    asked = [Asked(facts.cluster, said.window, said.against, analyzer, said.top, said.typed) for facts in said.clusters]
    return gather_fleet(con, asked) if said.scope == "fleet" else gather(con, asked[0])


def _refuse_unknown(con: duckdb.DuckDBPyConnection, said: Report) -> None:
    known = known_clusters(con)
    for facts in said.clusters:
        if facts.cluster not in known:
            shown = ", ".join(known) or "none yet"
            raise OcpperfError(f"The warehouse holds no cluster '{printable(facts.cluster)}'.", f"Clusters: {shown}.")


def _readable(con: duckdb.DuckDBPyConnection, number: float, unit: str) -> str:
    row = con.execute("select readable($number, $unit)", {"number": number, "unit": unit}).fetchone()
    return str(row[0]) if row else ""


def _tell(verification: Verification) -> None:
    if verification.differences:
        _print(verification.differences)
    for sentence in verification.since:
        typer.echo(printable(sentence))
    if verification.catalogue_changed:
        typer.echo("Expressions or limits of the catalogue have changed since the report was made.")
    typer.echo(f"{verification.holding} of {verification.claims} claims hold.")


def _print(differences: Sequence[Difference]) -> None:
    table = Table("what does not hold", "the report says", "the warehouse has")
    for one in differences[:_SHOWN]:
        table.add_row(*(Text(printable(words)) for words in (one.place, one.said, one.found)))
    Console(markup=False, width=None if sys.stdout.isatty() else 200).print(table)
    if len(differences) > _SHOWN:
        typer.echo(f"and {len(differences) - _SHOWN} more")
