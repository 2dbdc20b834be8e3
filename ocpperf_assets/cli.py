"""The pipeline's commands: `collect`, the same assets Dagster materializes, `doctor`, `catalogue`, `ack`, `notify`."""

from enum import StrEnum
from typing import Annotated

import typer

from ocpperf_mcp.state.acknowledgements import Lasting


def collect(
    last: Annotated[str | None, typer.Option(help="Collect the hours of this last stretch, like 24h or 1h30m.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="First moment, ISO 8601; its hour is collected.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Moment after the last one, ISO 8601.")] = None,
    cluster: Annotated[str | None, typer.Option(help="Which configured cluster; every one when left out.")] = None,
    domain: Annotated[
        list[str] | None, typer.Option(help="Only this domain of the catalogue; may be repeated.")
    ] = None,
    metric: Annotated[list[str] | None, typer.Option(help="Only this metric; may be repeated.")] = None,
) -> None:
    """Collect hours from Prometheus, build the models and publish.

    Exit codes: 0 every query was answered, 1 nothing could be collected, 2 wrong usage, 3 some metrics, some
    clusters or the inventory failed.
    """
    from ocpperf_mcp.contracts.windows import parse_window

    window = parse_window(last, start, end)
    from ocpperf_assets.collecting import collect_window  # heavy: Dagster is imported only when there is work for it
    from ocpperf_assets.settings import Settings

    result = collect_window(
        Settings(), window, cluster=cluster, domains=tuple(domain or ()), metrics=tuple(metric or ())
    )
    raise typer.Exit(result.exit_code)


def doctor(
    verbose: Annotated[bool, typer.Option("--verbose", help="A line for each metric, with its seconds.")] = False,
    cost: Annotated[bool, typer.Option("--cost", help="What collecting asks of server, network and disk.")] = False,
    cluster: Annotated[str | None, typer.Option(help="Which configured cluster; every one when left out.")] = None,
    nodes: Annotated[
        int | None, typer.Option(min=1, help="Make the bill of --cost for a cluster of this many nodes.")
    ] = None,
) -> None:
    """Say whether Prometheus can be collected from, which metrics answer and why others do not.

    Exit codes: 0 no fault was found, 1 at least one, 2 wrong usage.
    """
    from ocpperf_assets.doctor.examine import Wish, examine  # heavy: Arrow is imported only when this runs
    from ocpperf_assets.doctor.line import Level

    wish = Wish(verbose=verbose, cost=cost or nodes is not None, nodes=nodes, cluster=cluster)
    found_fault = False
    for line in examine(wish):
        typer.echo(str(line))
        found_fault = found_fault or line.level is Level.FAULT
    raise typer.Exit(int(found_fault))


class CatalogueFormat(StrEnum):
    TABLE = "table"
    JSON = "json"


def catalogue(
    words: Annotated[list[str] | None, typer.Argument(help="A metric to explain, or words to search for.")] = None,
    domain: Annotated[str | None, typer.Option(help="Only metrics of this domain.")] = None,
    tool: Annotated[str | None, typer.Option(help="Only metrics that this MCP tool shows.")] = None,
    format: Annotated[  # noqa: A002 - the option's name
        CatalogueFormat, typer.Option(help="How metrics are written.")
    ] = CatalogueFormat.TABLE,
) -> None:
    """List the metrics of the catalogue, search them, or explain one of them."""
    from ocpperf_assets.catalogue.command import show  # heavy: Arrow is imported only when this runs

    show(words or (), domain, tool, as_json=format is CatalogueFormat.JSON)


def ack(
    finding: Annotated[str | None, typer.Argument(help="Beginning of a finding's id; left out: lists what is.")] = None,
    until: Annotated[str | None, typer.Option(help="Only for findings before this moment, ISO 8601.")] = None,
    until_worse: Annotated[bool, typer.Option("--until-worse", help="Until it is worse than it is now.")] = False,
    note: Annotated[str, typer.Option(help="Why it is no news.")] = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take it back.")] = False,
) -> None:
    """Acknowledge a finding, so that it and later ones of its rule and entity are no news any more."""
    from ocpperf_assets import acknowledging  # heavy: Arrow and DuckDB are imported only when this runs
    from ocpperf_mcp.contracts.errors import OcpperfError
    from ocpperf_mcp.contracts.windows import parse_moment

    if sum((until is not None, until_worse, withdraw)) > 1:
        raise OcpperfError("More than one of --until, --until-worse and --withdraw was given.", "Give one of them.")
    named = finding is not None and finding.strip() != ""
    if not named and (finding is not None or until is not None or until_worse or withdraw or note):
        raise OcpperfError("No finding was named.", "Give the beginning of its id; rpt_findings has the ids.")
    if finding is None:
        typer.echo(acknowledging.listed())
    elif withdraw:
        typer.echo(acknowledging.withdraw_finding(finding))
    else:
        moment = None if until is None else parse_moment(until)
        lasting: Lasting = "until" if moment else "until-worse" if until_worse else "for-good"
        typer.echo(acknowledging.acknowledge_finding(finding, lasting, moment, note))


def notify(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Send nothing; print what would be sent.")] = False,
) -> None:
    """Tell the targets of OCPPERF_NOTIFY what is new, worse and over in the closed hours since they were told last, and
    which clusters fell silent.

    Exit codes: 0 whoever had to be told was, 1 nobody could be, 2 wrong usage, 3 some target did not take its digest.
    """
    from ocpperf_assets.notify.command import notify_targets  # heavy: DuckDB and requests are imported only here

    lines, is_told = notify_targets(is_dry=dry_run)
    for line in lines:
        typer.echo(line)
    if not is_told:
        raise typer.Exit(3)
