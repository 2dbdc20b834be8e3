"""How many bytes a sample has on the wire, measured on an hour of the largest answers."""

from collections.abc import Sequence
from datetime import UTC, datetime

from ocpperf_assets.doctor.answers import Answered
from ocpperf_assets.doctor.ask import side_by_side
from ocpperf_assets.extraction.plan import Grid, next_piece
from ocpperf_assets.promql import PrometheusClient, QueryError, decode_matrix
from ocpperf_assets.promql.decode import DecodeError
from ocpperf_mcp.contracts.windows import HOUR, Window

_MEASURED = 5


def sample_bytes(client: PrometheusClient, answers: Sequence[Answered], newest_s: float, step_s: int) -> float | None:
    """Bytes of JSON a sample, before compression and with the labels' share; None when nothing answers.

    Asks for the last hour before `newest_s` (Unix seconds) of the metrics with the most series, each in one piece as
    a collection would.
    """
    largest = sorted((one for one in answers if one.series), key=lambda one: -one.series)[:_MEASURED]
    measured = side_by_side(client, lambda one: _measure(client, one, newest_s, step_s), largest)
    samples = sum(count for _, count in measured)
    return sum(size for size, _ in measured) / samples if samples else None


def _measure(client: PrometheusClient, answered: Answered, newest_s: float, step_s: int) -> tuple[int, int]:
    """Bytes and samples of one answer; none of both when it is refused."""
    grid = Grid.of(answered.metric, step_s)
    end = datetime.fromtimestamp(newest_s // grid.step_s * grid.step_s - grid.shift_s, UTC)
    piece = next_piece(Window(end - HOUR, end), grid, answered.series)
    asked = grid.asked(piece.start, piece.end)
    if asked is None:
        return 0, 0
    try:
        body = client.query_range(answered.metric.query, *asked, grid.step_s).body
        return len(body), int(decode_matrix(body).lengths.sum())
    except (QueryError, DecodeError):
        return 0, 0
