"""`ocpperf collect`: the same assets Dagster materializes, from the shell."""

from typing import Annotated

import typer


def collect(
    last: Annotated[str | None, typer.Option(help="Collect the hours of this last stretch, like 24h or 1h30m.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="First moment, ISO 8601; its hour is collected.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Moment after the last one, ISO 8601.")] = None,
    cluster: Annotated[str | None, typer.Option(help="Which configured cluster; the only one when left out.")] = None,
    domain: Annotated[
        list[str] | None, typer.Option(help="Only this domain of the catalogue; may be repeated.")
    ] = None,
    metric: Annotated[list[str] | None, typer.Option(help="Only this metric; may be repeated.")] = None,
) -> None:
    """Collect hours from Prometheus, build the models and publish.

    Exit codes: 0 every query was answered, 1 nothing could be collected, 2 wrong usage, 3 some metrics failed.
    """
    from ocpperf_mcp.contracts.windows import parse_window

    window = parse_window(last, start, end)
    from ocpperf_assets.collecting import collect_window  # heavy: Dagster is imported only when there is work for it
    from ocpperf_assets.settings import Settings

    result = collect_window(
        Settings(), window, cluster=cluster, domains=tuple(domain or ()), metrics=tuple(metric or ())
    )
    raise typer.Exit(result.exit_code)
