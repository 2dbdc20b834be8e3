"""Telling the targets: read, compare, draw, send, and remember only what was taken."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from ocpperf_assets.notify.digest import Digest, compare, concerning
from ocpperf_assets.notify.episodes import read_episodes
from ocpperf_assets.notify.memory import Told, change_told, told
from ocpperf_assets.notify.payloads import Link, payload_of, written
from ocpperf_assets.notify.quiet import parse_quiet
from ocpperf_assets.notify.send import Patience, send
from ocpperf_assets.notify.targets import Target, address_of
from ocpperf_assets.notify.template import templated
from ocpperf_assets.reporting.files import newest_report
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.warehouse import open_published

State = Literal["nothing new", "quiet", "to tell", "told", "failed"]


@dataclass(frozen=True)
class Outcome:
    """What became of a target's digest. `quiet` has news that waits; `failed` says why in `error`."""

    target: Target
    state: State
    digest: Digest = field(default_factory=Digest)
    error: str = ""


def pending(settings: Settings, target: Target, now: datetime) -> Outcome:
    """What the target would be told now; nothing is sent or remembered. Raises OcpperfError without a warehouse."""
    digest, _ = _news(settings.paths, target, told(settings.paths, target.name))
    return _outcome(settings, target, digest, now)


def deliver(settings: Settings, target: Target, now: datetime, patience: Patience | None = None) -> Outcome:
    """Tell the target what is news and remember it once it was taken; a fault of the target is in the outcome.

    Whoever tells the same target meanwhile waits. A process that dies between sending and remembering tells the same
    digest again: better twice than never. Raises OcpperfError without a warehouse.
    """
    outcome = Outcome(target, "nothing new")

    def tell(known: tuple[Told, ...]) -> Sequence[Told]:
        nonlocal outcome
        digest, remembered = _news(settings.paths, target, known)
        outcome = _outcome(settings, target, digest, now)
        if outcome.state == "quiet":
            return known
        if outcome.state == "to tell":
            send(target, address_of(target), written(drawn(settings, outcome)), patience or Patience())
            outcome = Outcome(target, "told", digest)
        return remembered

    try:
        change_told(settings.paths, target.name, tell)
    except OcpperfError as fault:
        if outcome.state != "to tell":
            raise
        return Outcome(target, "failed", outcome.digest, str(fault))
    return outcome


def drawn(settings: Settings, outcome: Outcome) -> dict[str, Any]:
    """The JSON that the target is sent. Raises OcpperfError on a template at fault."""
    target, digest = outcome.target, outcome.digest
    links = [Link(name, where) for name in digest.clusters if (where := newest_report(settings, name))]
    if target.template:
        return templated(target.template, digest, links)
    return payload_of(target.kind, digest, links)


def _news(home: Home, target: Target, known: Sequence[Told]) -> tuple[Digest, tuple[Told, ...]]:
    remembered = frozenset(name for one in known for name in one.ids)
    with open_published(home) as con:
        episodes = read_episodes(con, remembered)
    return compare(known, concerning(episodes, target.clusters), target.severity)


def _outcome(settings: Settings, target: Target, digest: Digest, now: datetime) -> Outcome:
    if not digest:
        return Outcome(target, "nothing new")
    quiet = parse_quiet(settings.notify_quiet) if settings.notify_quiet and target.quiet else None
    return Outcome(target, "quiet" if quiet and quiet.holds(now) else "to tell", digest)
