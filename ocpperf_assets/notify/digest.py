"""What is news: the difference between what a target was told and how things stand. Plain values only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ocpperf_assets.catalogue.vocabulary import Severity
from ocpperf_assets.notify.episodes import Episode
from ocpperf_assets.notify.memory import Told
from ocpperf_assets.notify.silence import LastHeard, SpeakingAgain

OfCluster = TypeVar("OfCluster", Episode, LastHeard)
_RANKS: dict[Severity, int] = {"info": 1, "warning": 2, "critical": 3}


@dataclass(frozen=True)
class Worsened:
    """An episode that is worse than was told."""

    episode: Episode
    was: Severity


@dataclass(frozen=True)
class Digest:
    """Episodes, the worst first, and clusters of which nothing is heard, or is again."""

    new: tuple[Episode, ...] = ()
    worsened: tuple[Worsened, ...] = ()
    resolved: tuple[Episode, ...] = ()
    silent: tuple[LastHeard, ...] = ()
    speaking_again: tuple[SpeakingAgain, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.counts)

    @property
    def has_findings(self) -> bool:
        return bool(self.new or self.worsened or self.resolved)

    @property
    def clusters(self) -> tuple[str, ...]:
        """Those it tells of, each once."""
        episodes = (*self.new, *(one.episode for one in self.worsened), *self.resolved)
        told = {episode.cluster for episode in episodes}
        told |= {one.cluster for one in self.silent} | {one.cluster for one in self.speaking_again}
        return tuple(sorted(told))

    @property
    def counts(self) -> str:
        """Such as `2 new, 1 resolved`."""
        parts = {
            "new": self.new,
            "worsened": self.worsened,
            "resolved": self.resolved,
            "silent": self.silent,
            "speaking again": self.speaking_again,
        }
        return ", ".join(f"{len(found)} {name}" for name, found in parts.items() if found)


def concerning(found: Iterable[OfCluster], clusters: Sequence[str]) -> list[OfCluster]:
    """What is of the clusters; of all where none is named."""
    return [one for one in found if not clusters or one.cluster in clusters]


def compare(known: Sequence[Told], episodes: Sequence[Episode], mildest: Severity) -> tuple[Digest, tuple[Told, ...]]:
    """The news, and what is to be remembered once they were told.

    New is what goes on and was not told: what began and ended meanwhile is for the report. Over is what was told,
    and an hour that was judged since says so. What left the warehouse, as an hour that was collected again may
    bring about, is forgotten without a word; what somebody knows of is remembered without one.
    """
    new, worsened, resolved, kept = [], [], [], []
    for episode in episodes:
        worst = max((one.severity for one in _before(known, episode)), key=_RANKS.__getitem__, default=None)
        if worst is None:
            if episode.open and not episode.acknowledged and _RANKS[episode.severity] >= _RANKS[mildest]:
                new.append(episode)
                kept.append(_told(episode, episode.severity))
        elif episode.ended:
            resolved.append(episode)
        elif episode.open and not episode.acknowledged and _RANKS[episode.severity] > _RANKS[worst]:
            worsened.append(Worsened(episode, worst))
            kept.append(_told(episode, episode.severity))
        else:
            kept.append(_told(episode, worst))
    return Digest(tuple(new), tuple(worsened), tuple(_over(known, resolved, kept))), tuple(kept)


def _before(known: Iterable[Told], episode: Episode) -> list[Told]:
    return [one for one in known if not episode.ids.isdisjoint(one.ids)]


def _told(episode: Episode, severity: Severity) -> Told:
    return Told(ids=(episode.finding_id, *episode.aliases), severity=severity)


def _over(known: Sequence[Told], resolved: Iterable[Episode], kept: Sequence[Told]) -> list[Episode]:
    """Without what somebody knows of, and without the parts of an episode that fell apart and goes on in another."""
    going_on = frozenset(name for one in kept for name in one.ids)
    return [
        episode
        for episode in resolved
        if not episode.acknowledged and all(going_on.isdisjoint(one.ids) for one in _before(known, episode))
    ]
