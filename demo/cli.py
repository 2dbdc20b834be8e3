"""`ocpperf demo`: the whole way from a simulated cluster to findings, on a real Prometheus."""

from typing import Annotated

import typer


def demo(
    home: Annotated[str, typer.Option(help="Directory for everything the demo makes.")] = ".demo",
    hours: Annotated[int, typer.Option(min=2, max=24 * 14, help="Hours of history to simulate.")] = 24,
    workers: Annotated[int, typer.Option(min=1, max=200, help="Worker nodes in the simulated cluster.")] = 4,
    seed: Annotated[int, typer.Option(help="Same seed, same cluster.")] = 1,
    quiet: Annotated[bool, typer.Option(help="Plant no faults: the findings should stay empty.")] = False,
    fresh: Annotated[bool, typer.Option(help="Simulate anew even when an earlier simulation is there.")] = False,
    serve: Annotated[bool, typer.Option(help="Only keep the demo's Prometheus running, for Dagster's UI.")] = False,
) -> None:
    """Simulate a cluster with planted faults, collect it through Dagster and show what was found."""
    from demo.tour import Tour  # heavy: numpy, Dagster and pyarrow are imported only when this runs

    tour = Tour.plan(home, hours=hours, workers=workers, seed=seed, quiet=quiet, fresh=fresh)
    if serve:
        tour.serve()
    else:
        raise typer.Exit(tour.run())
