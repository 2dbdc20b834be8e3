"""`ocpperf run`: give a window a name, list the names, forget one."""

import re
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ocpperf_mcp.cli.window_argument import chosen_cluster
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import parse_window, reads_as_duration
from ocpperf_mcp.extent import data_range
from ocpperf_mcp.settings import QuerySettings
from ocpperf_mcp.state.runs import NAME, NamedRun, delete_run, name_run, named_runs
from ocpperf_mcp.warehouse import open_published

run = typer.Typer(no_args_is_help=True, help="Name windows, to compare them by their names.")


@run.command("name")
def give_name(
    name: Annotated[str, typer.Argument(help="Letters, digits, dots, dashes.")],
    start: Annotated[str | None, typer.Option("--from", help="First moment, ISO 8601.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Moment after the last one, ISO 8601.")] = None,
    last: Annotated[str | None, typer.Option(help="The last stretch of the data, like 2h.")] = None,
    cluster: Annotated[str | None, typer.Option(help="Which cluster; the only one when left out.")] = None,
    note: Annotated[str, typer.Option(help="A word about it.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Take the name from another window.")] = False,
) -> None:
    """Give a window a name."""
    if not re.fullmatch(NAME, name):
        raise OcpperfError(
            f"'{name}' is no name for a run.", "Use up to 80 letters, digits, dots, dashes and underscores."
        )
    if reads_as_duration(name):
        raise OcpperfError(f"'{name}' is a stretch of time where windows are compared.", "Choose another name.")
    home = QuerySettings().paths
    with open_published(home) as con:
        of_cluster = chosen_cluster(con, cluster)
        window = parse_window(last, start, end, data_range=data_range(con, of_cluster))
    named = NamedRun(name=name, cluster=of_cluster, start=window.start, end=window.end, note=note)
    name_run(home, named, replace=replace)
    typer.echo(f"{name} is {_written(named)}.")


@run.command("list")
def show() -> None:
    """List the names with their windows."""
    runs = named_runs(QuerySettings().paths)
    if not runs:
        typer.echo("No run has a name yet. `ocpperf run name NAME --from START --to END` gives one.")
        return
    table = Table("name", "cluster", "from", "to", "note")
    for one in runs:
        table.add_row(one.name, one.cluster, f"{one.start:%Y-%m-%d %H:%M}", f"{one.end:%Y-%m-%d %H:%M}", one.note)
    Console(markup=False).print(table)


@run.command("delete")
def forget(name: Annotated[str, typer.Argument(help="The name; the data stay.")]) -> None:
    """Forget a name."""
    delete_run(QuerySettings().paths, name)
    typer.echo(f"{name} is forgotten; its data stay.")


def _written(named: NamedRun) -> str:
    return f"{named.start:%Y-%m-%d %H:%M} to {named.end:%Y-%m-%d %H:%M} UTC of {named.cluster}"
