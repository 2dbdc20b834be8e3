"""Run the assets over a window from the shell, with progress, and say how it went."""

import dataclasses
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import dagster as dg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table

from ocpperf_assets.abandoned import PROCESS_TAG, fail_abandoned, this_process
from ocpperf_assets.access.kubeconfig import expects_inventory, no_inventory
from ocpperf_assets.assets.inventory import INVENTORY
from ocpperf_assets.assets.raw import raw_key
from ocpperf_assets.definitions import build_definitions
from ocpperf_assets.endpoint import UNVERIFIED, endpoint
from ocpperf_assets.etcd_status.warning import ETCD_EXEC_ON
from ocpperf_assets.healing.within import within_reach
from ocpperf_assets.history import extend_history
from ocpperf_assets.instance import prepare_instance
from ocpperf_assets.knowledge import load_knowledge
from ocpperf_assets.models.retention import CLOSED
from ocpperf_assets.partitions import partition_key
from ocpperf_assets.progress import Progress, listening
from ocpperf_assets.promql import PrometheusClient, QueryError
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import HOUR, Window, floor_hour
from ocpperf_mcp.warehouse import open_published

COMPLETE, PARTLY = 0, 3
_MOMENT = timedelta(microseconds=1)

_SUMMARY = """
select domain, count(distinct metric) as metrics, sum(samples) as samples,
       count(distinct metric) filter (status = 'empty') as empty,
       count(distinct metric) filter (status = 'error') as failed
from raw_extraction
where cluster = $cluster and hour >= $start and hour < $end and (len($domains) = 0 or list_contains($domains, domain))
group by domain order by domain
"""
_INVENTORY = """
select state, case when state = 'ok' then format('{} parts', count(*)) else string_agg(part, ', ' order by part) end
from raw_inventory_part
where cluster = $cluster and taken_at >= $began and state <> 'off'
group by state
order by state <> 'ok', state
"""


@dataclass(frozen=True)
class Collected:
    """Metrics that failed in the window, whether the inventory did, and the exit code that says so."""

    failed_metrics: int
    inventory_failed: bool = False

    @property
    def exit_code(self) -> int:
        return PARTLY if self.failed_metrics or self.inventory_failed else COMPLETE


def collect_window(
    settings: Settings,
    window: Window,
    *,
    cluster: str | None = None,
    domains: Sequence[str] = (),
    metrics: Sequence[str] = (),
    console: Console | None = None,
) -> Collected:
    """Materialize the assets for every hour the window touches, the open one included, and print a summary.

    Raises OcpperfError on an unknown cluster, domain or metric, on a window in the future, and when the run fails.
    """
    console = console or Console(stderr=True)
    chosen = _chosen_domains(settings, cluster, domains, metrics)
    if window.start > datetime.now(UTC):
        raise OcpperfError("The window lies in the future.", "Prometheus can only be asked for what has been.")
    if settings.insecure_tls:
        console.print(f"Warning: {UNVERIFIED}", highlight=False)
    window = _within_reach(settings, window, console)
    extend_history(settings.paths, floor_hour(window.start))
    with _progress(console):
        result = _materialize(settings, window, chosen, metrics)
    _raise_failure(result)
    collected = _summarize(settings, window, chosen, console)
    if domains or metrics or window.end <= floor_hour(datetime.now(UTC)):
        return collected
    return dataclasses.replace(collected, inventory_failed=not take_inventory(settings, console))


def _within_reach(settings: Settings, window: Window, console: Console) -> Window:
    """The part of the window that Prometheus still has; a server that does not answer is left to the run to tell."""
    where = endpoint(settings)
    if where.via:
        console.print(f"Prometheus: {where.described}.", highlight=False)
    for text in where.warnings:
        console.print(f"Warning: {text}", highlight=False)
    client = PrometheusClient(dataclasses.replace(where, attempts=2))
    try:
        cut = within_reach(client, window, datetime.now(UTC))
    except QueryError:
        return window
    finally:
        client.close()
    if cut != window:
        console.print(f"Prometheus has data since {cut.start:%Y-%m-%d %H:%M} UTC; the hours before are left out.")
    return cut


def _chosen_domains(
    settings: Settings, cluster: str | None, domains: Sequence[str], metrics: Sequence[str]
) -> tuple[str, ...]:
    if cluster and cluster != settings.cluster:
        raise OcpperfError(f"No cluster is named '{cluster}'.", f"Configured: {settings.cluster}.")
    catalogue = load_knowledge(settings).catalogue
    for domain in domains:
        if domain not in catalogue.domains:
            raise OcpperfError(f"There is no domain '{domain}'.", f"Domains: {', '.join(catalogue.domains)}.")
    named = {catalogue.metric(metric).domain for metric in metrics}
    return tuple(
        domain for domain in catalogue.domains if (not domains or domain in domains) and (not named or domain in named)
    )


def _materialize(
    settings: Settings, window: Window, domains: Sequence[str], metrics: Sequence[str]
) -> dg.ExecuteInProcessResult:
    left_out = [raw_key(domain) for domain in load_knowledge(settings).catalogue.domains if domain not in domains]
    hours = Window(floor_hour(window.start), floor_hour(min(window.end, datetime.now(UTC) + HOUR) - _MOMENT) + HOUR)
    steps = {f"raw__{domain}": {"config": {"metrics": list(metrics)}} for domain in domains}
    return _run(settings, dg.AssetSelection.all() - dg.AssetSelection.assets(*left_out, INVENTORY), hours, steps)


def take_inventory(settings: Settings, console: Console) -> bool:
    """A snapshot of the Kubernetes API, in a run of its own: what fails there is told and costs nothing else.

    Answers whether all is well; a snapshot that is not to be taken is well, and told where somebody might expect it.
    """
    if reason := no_inventory(settings):
        if expects_inventory(settings):
            console.print(f"No inventory: {reason}", highlight=False)
        return True
    if settings.etcd_exec:
        console.print(f"Warning: {ETCD_EXEC_ON}", highlight=False)
    began = datetime.now(UTC)
    hour = floor_hour(began)
    with _progress(console):
        result = _run(settings, dg.AssetSelection.assets(INVENTORY), Window(hour, hour + HOUR), {})
    if not result.success:
        console.print(f"No inventory: {_failure_of(result)}", highlight=False)
        return False
    with open_published(settings.paths) as con:
        parts = con.execute(_INVENTORY, {"cluster": settings.cluster, "began": began.replace(tzinfo=None)}).fetchall()
    told = "; ".join(f"{state}: {names}" for state, names in parts)
    console.print(f"Inventory: {told or 'none, since the hour ended meanwhile'}.", highlight=False)
    return True


def _run(
    settings: Settings, selection: dg.AssetSelection, hours: Window, steps: Mapping[str, object]
) -> dg.ExecuteInProcessResult:
    """`steps`: the run configuration of ops by name."""
    definitions = build_definitions(settings)
    with _instance(settings) as instance:
        fail_abandoned(instance)
        return dg.materialize(
            [
                asset
                for asset in (*(definitions.assets or ()), *(definitions.asset_checks or ()))
                if isinstance(asset, dg.AssetsDefinition)
            ],
            selection=selection,
            instance=instance,
            resources=definitions.resources,
            run_config={"ops": dict(steps), "loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            tags={
                PROCESS_TAG: this_process(),
                "dagster/asset_partition_range_start": str(partition_key(settings.cluster, hours.start)),
                "dagster/asset_partition_range_end": str(partition_key(settings.cluster, hours.end - HOUR)),
            },
            raise_on_error=False,
        )


@contextmanager
def _instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The warehouse's own Dagster instance, so that its UI shows what the shell has run."""
    os.environ["DAGSTER_HOME"] = str(prepare_instance(settings.paths))
    with dg.DagsterInstance.get() as instance:
        yield instance


@contextmanager
def _progress(console: Console) -> Iterator[None]:
    """One line a piece of work: a bar where the length is known."""
    bars = Bars(
        TextColumn("{task.description:<28}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
    tasks: dict[str, TaskID] = {}

    def show(progress: Progress) -> None:
        if progress.task not in tasks:
            tasks[progress.task] = bars.add_task(progress.task, total=None)
        task = tasks[progress.task]
        bars.update(task, completed=progress.done, total=progress.total or None)

    with bars, listening(show):
        yield


def _raise_failure(result: dg.ExecuteInProcessResult) -> None:
    """Say a failed run's own sentence instead of a stack trace."""
    if not result.success:
        raise failed_run(_failure_of(result), result.run_id)


def _failure_of(result: dg.ExecuteInProcessResult) -> str:
    """The sentence of the first step that failed."""
    failures = [event.step_failure_data for event in result.all_events if event.is_step_failure]
    error = next((failure.error for failure in failures if failure.error), None)
    while error and error.cause:
        error = error.cause
    return error.message.strip().partition(": ")[2] if error else "the run failed before its first step"


def failed_run(text: str, run_id: str) -> OcpperfError:
    """`text`: the sentence of the first step that failed."""
    return OcpperfError(
        f"The collection failed: {text.rstrip('.')}.", f"Run {run_id} in Dagster's UI has every step's log."
    )


def _summarize(settings: Settings, window: Window, domains: Sequence[str], console: Console) -> Collected:
    parameters = {
        "cluster": settings.cluster,
        "start": floor_hour(window.start).replace(tzinfo=None),
        "end": window.end.replace(tzinfo=None),
        "domains": list(domains),
    }
    with open_published(settings.paths) as con:
        rows = con.execute(_SUMMARY, parameters).fetchall()
        ((closed,),) = con.execute(
            "select count(*) from raw_closed_hour where cluster = $cluster and hour >= $start and hour < $end",
            {name: parameters[name] for name in ("cluster", "start", "end")},
        ).fetchall()
    if closed:
        console.print(f"{closed} hours stay as they are: {CLOSED}")
    table = Table("domain", "metrics", "samples", "empty", "failed")
    for name, *counts in rows:
        table.add_row(name, *(f"{count:,}" for count in counts))
    console.print(table)
    return Collected(sum(failed for *_, failed in rows))
