"""What the sensor remembers of its last look, so that it looks again no oftener than something may have changed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ocpperf_assets.notify.backoff import PAUSES
from ocpperf_assets.notify.outcome import Outcome
from ocpperf_assets.notify.reading import Standing
from ocpperf_assets.notify.silence import is_silent

_LONGEST = timedelta(hours=1)
"""Until the next look where nothing is known to come due: targets, settings and memories may be other ones by then."""


@dataclass(frozen=True)
class Looked:
    """The published version that was looked at, and when to look again though no other is published."""

    version: int
    again_at: datetime

    @classmethod
    def at(
        cls, now: datetime, standing: Standing, outcomes: Sequence[Outcome], stale: timedelta, *, is_asked: bool
    ) -> "Looked":
        """After the look of that moment.

        Quiet hours may end at any minute, a cluster falls silent `stale` after it was heard last (zero: never), and a
        run that was asked for has ended after a while.
        """
        due = [outcome.pause.until for outcome in outcomes if outcome.pause]
        due += [now for outcome in outcomes if outcome.state == "quiet"]
        due += [one.last_heard + stale for one in standing.heard if stale and not is_silent(one, stale, now)]
        due += [now + PAUSES[0]] if is_asked else []
        return cls(standing.version, min([now + _LONGEST, *due]))

    @classmethod
    def read(cls, cursor: str | None) -> "Looked | None":
        """None where nothing was looked at, or by an ocpperf that kept the version alone."""
        held = json.loads(cursor) if cursor else None
        if not isinstance(held, dict):
            return None
        return cls(held["version"], datetime.fromisoformat(held["again_at"]))

    def written(self) -> str:
        return json.dumps({"version": self.version, "again_at": self.again_at.isoformat()})
