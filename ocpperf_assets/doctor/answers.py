"""Every metric of the catalogue, asked for at one instant."""

from collections.abc import Sequence
from dataclasses import dataclass

from ocpperf_assets.catalogue import Metric
from ocpperf_assets.doctor.ask import ask, side_by_side
from ocpperf_assets.promql import PrometheusClient, QueryError


@dataclass(frozen=True)
class Answered:
    """What one metric's query brought."""

    metric: Metric
    labels: tuple[dict[str, str], ...] = ()
    """One a series; the buckets of a family are counted in full."""
    seconds: float = 0.0
    samples_touched: int | None = None
    """Samples the server went through, where it tells."""
    missing: tuple[str, ...] = ()
    """The server's words on data it could not reach."""
    failure: QueryError | None = None

    @property
    def series(self) -> int:
        return len(self.labels)


def ask_catalogue(client: PrometheusClient, metrics: Sequence[Metric], at_s: float) -> list[Answered]:
    """Ask for all of them as of `at_s` (Unix seconds), in their order."""
    return side_by_side(client, lambda metric: _ask(client, metric, at_s), metrics)


def _ask(client: PrometheusClient, metric: Metric, at_s: float) -> Answered:
    try:
        measured = ask(client, metric.query, at_s, stats=True)
    except QueryError as failure:
        return Answered(metric, failure=failure)
    instant = measured.instant
    return Answered(metric, instant.labels, measured.seconds, instant.samples_touched, instant.missing)
