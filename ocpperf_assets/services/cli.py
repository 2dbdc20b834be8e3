"""`ocpperf up`, `ocpperf status`, `ocpperf down`."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ocpperf_assets.services.stack import Ports
    from ocpperf_assets.settings import Settings

NOT_ALL_RUN = 3


def up(
    detach: Annotated[bool, typer.Option("--detach", help="Return once all services answer; they go on.")] = False,
    dagster_port: Annotated[int, typer.Option(min=1, max=65535, help="Port of Dagster's UI, on loopback.")] = 3000,
    mcp_port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the MCP server, on loopback.")] = 8000,
) -> None:
    """Run Dagster's UI, its daemon, which starts what is due, and the MCP server. Ctrl-C ends all of them.

    Exit codes: 0 they were told to end (with --detach: they run), 1 they could not be started or one of them ended.
    """
    from ocpperf_assets.services.stack import Ports
    from ocpperf_assets.services.up import detach_services, run_services
    from ocpperf_assets.settings import Settings

    settings, ports = Settings(), Ports(dagster_port, mcp_port)
    if detach:
        detach_services(settings, ports)
        _print_addresses(settings, ports)
    else:
        typer.echo("Starting; Ctrl-C ends all services.", err=True)
        run_services(settings, ports, lambda: _print_addresses(settings, ports))


def status() -> None:
    """Show what runs, what was published last and how the last runs went.

    Exit codes: 0 all services run, 3 not all of them.
    """
    from rich.console import Console

    from ocpperf_assets.services.record import read_record
    from ocpperf_assets.services.stack import Ports, services_of
    from ocpperf_assets.services.status import print_status, states
    from ocpperf_assets.settings import Settings

    home = Settings().paths
    record = read_record(home)
    found = states(home, services_of(home, Ports(**record.ports) if record else Ports()))
    print_status(home, found, Console())
    raise typer.Exit(0 if all(state.running for state in found) else NOT_ALL_RUN)


def down() -> None:
    """End what `ocpperf up` started."""
    from ocpperf_assets.services.down import end_services
    from ocpperf_assets.settings import Settings

    end_services(Settings().paths, typer.echo)


def _print_addresses(settings: "Settings", ports: "Ports") -> None:
    from ocpperf_assets.services.stack import services_of

    for service in services_of(settings.paths, ports):
        if service.address:
            typer.echo(f"{service.title}: {service.address}")
    typer.echo(f"Logs: {settings.paths.logs}")
