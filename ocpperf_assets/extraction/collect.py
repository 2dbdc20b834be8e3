"""Collect one domain: its metrics side by side within the endpoint's concurrency, each staged as it arrives."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ocpperf_assets.catalogue import Metric
from ocpperf_assets.extraction.plan import Grid, halves, hours, next_piece, ranges
from ocpperf_assets.extraction.stage import Stage, naive
from ocpperf_assets.extraction.tables import rows_of
from ocpperf_assets.extraction.truncate import truncated
from ocpperf_assets.promql import Matrix, PrometheusClient, QueryError, TooLargeError, decode_matrix
from ocpperf_assets.promql.decode import DecodeError
from ocpperf_assets.promql.faults import of_content
from ocpperf_assets.promql.instant import ANNOTATIONS
from ocpperf_mcp.contracts.windows import Window

_WHICH = "`ocpperf doctor --verbose` asks every query once and names those that are refused."


@dataclass(frozen=True)
class DomainRequest:
    """What is wanted: hours of a cluster's domain, nothing at or after `until`.

    `resume` tells by (metric, expr_hash, hour) up to when the open hour is known already.
    """

    cluster: str
    domain: str
    metrics: tuple[Metric, ...]
    windows: tuple[Window, ...]
    until: datetime | None = None
    resume: Mapping[tuple[str, str, datetime], datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class MetricReport:
    """What one metric brought."""

    metric: str
    series: int = 0
    by_hour: Mapping[int, int] = field(default_factory=dict)
    """Samples of every hour (Unix ms) that has one."""
    nan: int = 0
    bytes: int = 0
    seconds: float = 0.0
    failure: str | None = None
    """The first failed piece's sentence."""

    @property
    def samples(self) -> int:
        return sum(self.by_hour.values())


@dataclass(frozen=True)
class DomainReport:
    """What a domain's collection brought, metric by metric."""

    domain: str
    metrics: tuple[MetricReport, ...]

    @property
    def samples(self) -> int:
        return sum(metric.samples for metric in self.metrics)

    @property
    def by_hour(self) -> Mapping[int, int]:
        """Samples of every hour (Unix ms) that has one."""
        return sum((Counter(metric.by_hour) for metric in self.metrics), Counter[int]())

    @property
    def series(self) -> int:
        return sum(metric.series for metric in self.metrics)

    @property
    def bytes(self) -> int:
        return sum(metric.bytes for metric in self.metrics)

    @property
    def failures(self) -> tuple[str, ...]:
        return tuple(f"{metric.metric}: {metric.failure}" for metric in self.metrics if metric.failure)


def collect_domain(
    request: DomainRequest,
    client: PrometheusClient,
    staging: Path,
    *,
    default_step_s: int = 60,
    on_progress: Callable[[int, int], None] | None = None,
) -> DomainReport:
    """Ask for every metric and leave the answers under `staging/<domain>`.

    A metric that fails is recorded and does not lose its neighbours. Memory holds at most one answer a connection.
    `on_progress` hears metrics done and metrics in all.
    """
    reports: dict[str, MetricReport] = {}
    with Stage(staging / request.domain) as stage, ThreadPoolExecutor(client.endpoint.concurrency) as pool:
        futures = [
            pool.submit(_Collection(request, metric, client, stage, default_step_s).run) for metric in request.metrics
        ]
        for done, future in enumerate(as_completed(futures), start=1):
            report = future.result()
            reports[report.metric] = report
            if on_progress:
                on_progress(done, len(futures))
    return DomainReport(request.domain, tuple(reports[metric.name] for metric in request.metrics))


class _Collection:
    """One metric's ranges, piece after piece."""

    def __init__(
        self,
        request: DomainRequest,
        metric: Metric,
        client: PrometheusClient,
        stage: Stage,
        default_step_s: int,
    ) -> None:
        self._request = request
        self._metric = metric
        self._client = client
        self._stage = stage
        self._grid = Grid.of(metric, default_step_s)
        # Until an answer has told how many series there are, as many are expected as the metric may have.
        self._expected_series = metric.max_series
        self._series: set[int] = set()
        self._by_hour: Counter[int] = Counter()
        self._nan = self._bytes = 0
        self._seconds = 0.0
        self._failure: str | None = None

    def run(self) -> MetricReport:
        request = self._request
        for window in ranges(self._metric, self._grid, request.windows, request.until, request.resume):
            for piece in self._pieces(window):
                self._collect(piece)
        return MetricReport(
            self._metric.name,
            len(self._series),
            self._by_hour,
            self._nan,
            self._bytes,
            self._seconds,
            self._failure,
        )

    def _pieces(self, window: Window) -> Iterator[Window]:
        start = window.start
        while start < window.end:
            piece = next_piece(Window(start, window.end), self._grid, self._expected_series)
            yield piece
            start = piece.end

    def _collect(self, piece: Window) -> None:
        """Ask for a piece; one that is too large is asked for in two."""
        asked = self._grid.asked(piece.start, piece.end)
        if asked is None:
            return
        try:
            answer = self._client.query_range(self._metric.query, *asked, self._grid.step_s)
            matrix = self._decoded(answer.body, answer.attempts)
        except TooLargeError as fault:
            if parts := halves(piece, self._grid):
                for part in parts:
                    self._collect(part)
                return
            self._failed(piece, fault)
        except QueryError as fault:
            self._failed(piece, fault)
        else:
            self._seconds += answer.seconds
            self._bytes += len(answer.body)
            self._keep(piece, matrix, answer.attempts, len(answer.body), answer.seconds)

    def _decoded(self, body: bytes, attempts: int) -> Matrix:
        try:
            return decode_matrix(body)
        except DecodeError as fault:
            address = self._client.endpoint.address
            if body.lstrip()[:1] == b"{" and body.rstrip()[-1:] == b"}":
                raise QueryError(f"{address} answered, but {fault}.", _WHICH, attempts) from None
            raise of_content(body, address, attempts) from None

    def _keep(self, piece: Window, matrix: Matrix, attempts: int, size: int, seconds: float) -> None:
        self._expected_series = max(len(matrix.labels), 1)
        status, notes = _status_and_notes(matrix)
        matrix, over = truncated(self._metric, matrix, self._grid.shift_s)
        if over:
            notes.append(f"{max(over.values())} series, {self._metric.max_series} kept")
        rows = rows_of(self._request.cluster, self._metric, matrix, self._grid)
        self._stage.append(rows.kind, rows.points)
        self._stage.append("series", rows.series)
        self._series.update(rows.series["series_id"].to_pylist())
        self._by_hour.update(rows.by_hour)
        self._nan += rows.nan
        answered = dict.fromkeys(rows.by_hour, status) | dict.fromkeys(over, "truncated")
        self._record(piece, answered, status, attempts, size, seconds, notes=notes)

    def _failed(self, piece: Window, fault: QueryError) -> None:
        self._failure = self._failure or str(fault)
        self._record(piece, {}, "error", fault.attempts, 0, 0.0, error=str(fault))

    def _record(
        self,
        piece: Window,
        answered: Mapping[int, str],
        status: str,
        attempts: int,
        size: int,
        seconds: float,
        *,
        error: str | None = None,
        notes: list[str] | None = None,
    ) -> None:
        """One extraction row an hour; an answer's bytes and seconds are shared out over its hours.

        `answered`: the status of the hours (Unix ms) that have samples; another one is empty if the piece went well.
        """
        parts = list(hours(piece))
        without_samples = "empty" if status == "ok" else status
        self._stage.append_rows(
            "extraction",
            [
                {
                    "cluster": self._request.cluster,
                    "domain": self._metric.domain,
                    "metric": self._metric.name,
                    "hour": naive(hour),
                    "asked_start": naive(part.start),
                    "asked_end": naive(part.end),
                    "status": answered.get(_ms(hour), without_samples),
                    "attempts": attempts,
                    "bytes": size // len(parts),
                    "seconds": seconds / len(parts),
                    "error": error,
                    "notes": "; ".join(notes) if notes else None,
                    "expr_hash": self._metric.expr_hash,
                    "step_s": self._grid.step_s,
                    "extracted_at": naive(datetime.now(UTC)),
                }
                for hour, part in parts
            ],
        )


def _status_and_notes(matrix: Matrix) -> tuple[str, list[str]]:
    """An answer is partial when the server says that data is missing; its remarks on PromQL change nothing."""
    remarks = [text for text in matrix.warnings if text.startswith(ANNOTATIONS)]
    missing = [text for text in matrix.warnings if not text.startswith(ANNOTATIONS)]
    notes = [*missing, *remarks, *matrix.infos]
    if matrix.native_histograms:
        notes.append(f"{matrix.native_histograms} series answered with native histograms, which are not stored")
    return ("partial" if missing else "ok"), notes


def _ms(hour: datetime) -> int:
    return int(np.int64(hour.timestamp()) * 1000)
