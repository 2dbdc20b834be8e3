"""Example queries, with the places of a cluster and a window of it filled in."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

_PLACE = re.compile(r"\$(cluster|t0|middle|t1)\b")


@dataclass(frozen=True)
class Place:
    """A cluster and a window of it, half open, in naive UTC."""

    cluster: str
    start: datetime
    end: datetime

    @classmethod
    def last_day(cls, cluster: str, end: datetime) -> "Place":
        return cls(cluster, end - timedelta(days=1), end)


def filled(example: str, place: Place) -> str:
    """The example as it can be run: `$cluster`, `$t0`, `$middle` and `$t1` as literals."""
    literals = {
        "cluster": "'" + place.cluster.replace("'", "''") + "'",
        "t0": _moment(place.start),
        "middle": _moment(place.start + (place.end - place.start) / 2),
        "t1": _moment(place.end),
    }
    return _PLACE.sub(lambda found: literals[found[1]], example)


def _moment(moment: datetime) -> str:
    return f"timestamp '{moment:%Y-%m-%d %H:%M}'"
