"""Consistent histograms: how many operations fell into each bucket follows from how long they took."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from demo.series import Series, Target, accumulate, either
from demo.timeline import Bools, Floats, Ints

EXPONENTIAL_1MS = tuple(0.001 * 2**k for k in range(14))
"""etcd's buckets for fsync and commit, seconds."""
EXPONENTIAL_100US = tuple(0.0001 * 2**k for k in range(16))
"""etcd's buckets for round trips, seconds."""


@dataclass(frozen=True)
class Operations:
    """Operations an interval and their latency: lognormal with `median_s` and the spread `sigma` of its logarithm."""

    count: Ints
    median_s: Floats
    sigma: float


def normal_cdf(x: Floats) -> Floats:
    """Standard normal distribution to 1.5e-7 (Abramowitz and Stegun, 7.1.26)."""
    z = np.abs(x) / np.sqrt(2)
    t = 1 / (1 + 0.3275911 * z)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = 1 - series * np.exp(-(z**2))
    return np.asarray(0.5 * (1 + np.sign(x) * erf))


def share_below(operations: Operations, bound_s: float) -> Floats:
    """The share of each interval's operations that took at most `bound_s`."""
    with np.errstate(divide="ignore"):
        return normal_cdf(np.log(bound_s / operations.median_s) / operations.sigma)


def quantile(operations: Operations, q: float, window: slice) -> float:
    """The planted quantile of a window: that of the mixture of its intervals, by bisection. Seconds."""
    count = operations.count[window]
    part = Operations(count, operations.median_s[window], operations.sigma)
    low, high = 1e-6, 1e3
    for _ in range(60):
        middle = np.sqrt(low * high)
        reached = float((share_below(part, float(middle)) * count).sum()) / max(int(count.sum()), 1)
        low, high = (middle, high) if reached < q else (low, middle)
    return float(high)


def draw(random: np.random.Generator, operations: Operations, bounds_s: Sequence[float]) -> tuple[Ints, Floats]:
    """Observations by bucket and interval (the last one beyond all bounds), and each interval's sum of seconds."""
    edges = np.vstack([share_below(operations, bound) for bound in bounds_s] + [np.ones_like(operations.median_s)])
    shares = np.clip(np.diff(edges, axis=0, prepend=0.0), 0, None)
    shares /= shares.sum(axis=0)
    counts = random.multinomial(operations.count, shares.T).T
    lower = np.array([bounds_s[0] / 2, *bounds_s])
    upper = np.array([*bounds_s, bounds_s[-1] * 1.5])
    typical = np.sqrt(np.where(lower > 0, lower, upper / 4) * upper)
    return counts, np.asarray(typical @ counts)


def histogram(
    target: Target,
    name: str,
    bounds: Sequence[float],
    counts: Ints,
    sums: Floats,
    resets: Bools | None = None,
    /,
    **labels: str,
) -> Iterator[Series]:
    """The series of one histogram: `_bucket` by le, `_count` equal to the last of them, `_sum`."""
    resets = either(resets, target.starts)
    buckets = accumulate(np.cumsum(counts, axis=0), resets)
    shared = {**target.labels, **labels}
    limits = [*(_le(bound) for bound in bounds), "+Inf"]
    for limit, values in zip(limits, buckets, strict=True):
        yield Series(name, "histogram", f"{name}_bucket", {**shared, "le": limit}, values, target)
    yield Series(name, "histogram", f"{name}_count", shared, buckets[-1], target)
    yield Series(name, "histogram", f"{name}_sum", shared, accumulate(sums, resets), target)


def latency(
    target: Target,
    name: str,
    bounds_s: Sequence[float],
    random: np.random.Generator,
    operations: Operations,
    resets: Bools | None = None,
    /,
    **labels: str,
) -> Iterator[Series]:
    """The histogram of operations whose latency is known."""
    counts, sums = draw(random, operations, bounds_s)
    return histogram(target, name, bounds_s, counts, sums, resets, **labels)


def _le(bound: float) -> str:
    """A bucket limit as Go writes it."""
    return f"{bound:.10g}" if bound != int(bound) else f"{bound:g}" if bound < 1e6 else f"{bound:.0f}"
