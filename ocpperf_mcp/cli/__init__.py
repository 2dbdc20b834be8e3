"""The `ocpperf` command. Commands of other packages are found through the entry-point group `ocpperf.commands`."""

import sys
from importlib.metadata import entry_points

import typer

from ocpperf_mcp.cli.compare import compare
from ocpperf_mcp.cli.mcp import mcp
from ocpperf_mcp.cli.report import report
from ocpperf_mcp.cli.run import run
from ocpperf_mcp.cli.sql import sql
from ocpperf_mcp.cli.verify import verify
from ocpperf_mcp.contracts.errors import OcpperfError

COMMANDS = "ocpperf.commands"


def application() -> typer.Typer:
    """The command line with every installed package's commands on it."""
    app = typer.Typer(
        name="ocpperf",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
        help="A memory and a diagnostician for OpenShift and Kubernetes performance.",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.command()(sql)
    app.command()(compare)
    app.command()(report)
    app.command()(verify)
    app.command()(mcp)
    app.add_typer(run, name="run")
    for command in sorted(entry_points(group=COMMANDS), key=lambda point: point.name):
        app.command(name=command.name)(command.load())
    return app


def main() -> None:
    """Run the command line; a fault a person can act on ends with its sentence and exit code 1."""
    try:
        application()()
    except OcpperfError as fault:
        print(f"ocpperf: {fault.what}", file=sys.stderr)
        if fault.next_step:
            print(f"  {fault.next_step}", file=sys.stderr)
        sys.exit(1)
