"""Whether the server answers, and how its clock goes."""

import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from ocpperf_assets.doctor.ask import ask
from ocpperf_assets.promql import PrometheusClient


@dataclass(frozen=True)
class Reached:
    """The first answer: how long it took, and how far the server's clock is ahead."""

    seconds: float
    ahead_s: float | None
    """Seconds, by the HTTP header Date, which has no fractions; None without one."""


def reach(client: PrometheusClient) -> Reached:
    """Ask for a constant. Raises OcpperfError when the address, the certificate or the token is not accepted."""
    before = time.time()
    measured = ask(client, "vector(1)", before)
    return Reached(measured.seconds, _ahead(measured.date, before, time.time()))


def _ahead(date: str | None, before: float, after: float) -> float | None:
    """How far the date lies outside of the asking: the header is cut to the second before it."""
    try:
        told = parsedate_to_datetime(date or "").timestamp()
    except ValueError:
        return None
    return max(told - after, 0.0) or min(told + 1 - before, 0.0)
