"""From when to when the server has data, found with a few cheap instant queries."""

from dataclasses import dataclass

from ocpperf_assets.doctor.ask import ask, side_by_side
from ocpperf_assets.promql import PrometheusClient

# Every scrape leaves a sample of it, whatever the target.
_ANY = "count(up)"
_YOUNGEST_S = 120
"""A sample of now is not there yet: scrapes are 15 s to a minute apart, and Thanos hears of them a little later."""
_LOOKBACK_S = 300
"""An instant query finds a sample that is up to five minutes old."""
_OLDEST_S = 4 * 365 * 86_400
_AGES_S = (_YOUNGEST_S, 450, 900, 1800, *(3600 << power for power in range(16) if 3600 << power < _OLDEST_S))


@dataclass(frozen=True)
class History:
    """Moments in Unix seconds."""

    oldest_s: float
    newest_s: float
    """The last moment at which five-minute rates have all their samples."""
    is_current: bool
    """Whether the data reaches up to now."""
    reaches_further: bool
    """Whether even the oldest moment that is asked for has data."""


def find_history(client: PrometheusClient, now_s: float) -> History | None:
    """Where data begins and ends, or None when no moment has any. Gaps in between are not looked for.

    Raises QueryError when a question is not answered: no answer is not a moment without data.
    """
    found = side_by_side(client, lambda age: has_data(client, now_s - age), _AGES_S)
    ages = [age for age, there in zip(_AGES_S, found, strict=True) if there]
    if not ages:
        return None
    is_current = ages[0] == _YOUNGEST_S
    newest = ages[0] if is_current else _edge(client, now_s, ages[0], _before(ages[0])) + _LOOKBACK_S
    oldest = ages[-1] if ages[-1] == _AGES_S[-1] else _edge(client, now_s, ages[-1], _after(ages[-1]))
    return History(now_s - oldest, now_s - min(newest, oldest), is_current, ages[-1] == _AGES_S[-1])


def has_data(client: PrometheusClient, at_s: float) -> bool:
    """Whether any target was scraped shortly before that moment. Raises QueryError when there is no answer."""
    return bool(ask(client, _ANY, at_s).instant.labels)


def _before(age: float) -> float:
    return _AGES_S[_AGES_S.index(int(age)) - 1]


def _after(age: float) -> float:
    return _AGES_S[_AGES_S.index(int(age)) + 1]


def _edge(client: PrometheusClient, now_s: float, with_data: float, without: float) -> float:
    """The age (seconds) nearest to `without` that has data, to a minute, or to a thousandth of the age if that is more.

    Each question halves what is left.
    """
    while abs(with_data - without) > max(60.0, 0.001 * with_data):
        middle = (with_data + without) / 2
        if has_data(client, now_s - middle):
            with_data = middle
        else:
            without = middle
    return with_data
