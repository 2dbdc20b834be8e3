"""A digest as headings and lines of literal text, which every channel draws in its own way.

Labels of a cluster are in these texts: renderers put them where nothing is read as markup.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ocpperf_assets.notify.digest import Digest
from ocpperf_assets.notify.episodes import Episode
from ocpperf_assets.notify.silence import LastHeard, SpeakingAgain
from ocpperf_mcp.report.printable import printable

_NAME_SIGNS, _SUMMARY_SIGNS = 120, 300


@dataclass(frozen=True)
class Line:
    """`head` stands out: how severe, which rule, on what; or which cluster is silent."""

    head: str
    text: str


@dataclass(frozen=True)
class Part:
    """A heading with the lines that are shown under it, and how many more there are."""

    title: str
    lines: tuple[Line, ...]
    more: int = 0


def title(digest: Digest) -> str:
    """One line with counts and clusters."""
    shown = ", ".join(digest.clusters[:5]) + (f" and {len(digest.clusters) - 5} more" if digest.clusters[5:] else "")
    about = "Findings on" if digest.has_findings else "Collection of"
    return printable(f"{about} {shown}: {digest.counts}")


def parts(digest: Digest, shown: int) -> Iterator[Part]:
    """What there is to tell, at most `shown` lines under each heading."""
    told = {
        "Silent": [_silent(one) for one in digest.silent],
        "Speaking again": [_speaking_again(one) for one in digest.speaking_again],
        "New": [_line(episode, "", digest) for episode in digest.new],
        "Worsened": [_line(one.episode, f", was {one.was}", digest) for one in digest.worsened],
        "Resolved": [_line(episode, ", over", digest) for episode in digest.resolved],
    }
    for name, lines in told.items():
        if lines:
            yield Part(name, tuple(lines[:shown]), len(lines[shown:]))


def _silent(heard: LastHeard) -> Line:
    since = _moment(heard.last_heard)
    if heard.ever_collected:
        text = f"no complete hour since {since}; findings are as of then, nothing is known since"
    else:
        text = f"no complete hour since it was configured at {since}; nothing is known of it"
    return Line(f"silent: {heard.cluster}", text)


def _speaking_again(again: SpeakingAgain) -> Line:
    return Line(
        f"speaking again: {again.cluster}",
        f"collected up to {_moment(again.last_heard)}, after silence since {_moment(again.silent_since)}",
    )


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _line(episode: Episode, change: str, digest: Digest) -> Line:
    where = f" of {episode.cluster}" if len(digest.clusters) > 1 else ""
    entity = shortened(episode.entity, _NAME_SIGNS)
    return Line(
        head=f"{episode.severity}{change}: {episode.rule} on {entity}{where}",
        text=f"{shortened(episode.summary, _SUMMARY_SIGNS)} ({episode.finding_id})",
    )


def shortened(text: str, signs: int) -> str:
    """On one line, without signs that steer, and with an ellipsis where something is left out."""
    safe = printable(text)
    return safe if len(safe) <= signs else f"{safe[: signs - 1]}…"
