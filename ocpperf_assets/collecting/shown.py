"""What a person sees of a collection: progress while it runs, and what it brought."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table

from ocpperf_assets.models.retention import CLOSED
from ocpperf_assets.progress import Progress, listening
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import Window, floor_hour
from ocpperf_mcp.warehouse import open_published

_SUMMARY = """
select domain, count(distinct metric) as metrics, sum(samples) as samples,
       count(distinct metric) filter (status = 'empty') as empty,
       count(distinct metric) filter (status = 'error') as failed
from raw_extraction
where cluster = $cluster and hour >= $start and hour < $end and (len($domains) = 0 or list_contains($domains, domain))
group by domain order by domain
"""


@contextmanager
def progress(console: Console) -> Iterator[None]:
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


def summarize(home: Home, cluster: str, window: Window, domains: Sequence[str], console: Console) -> int:
    """Print what was collected, domain by domain; answers with the number of metrics that failed."""
    parameters = {
        "cluster": cluster,
        "start": floor_hour(window.start).replace(tzinfo=None),
        "end": window.end.replace(tzinfo=None),
        "domains": list(domains),
    }
    with open_published(home) as con:
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
    return sum(failed for *_, failed in rows)
