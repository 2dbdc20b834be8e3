"""Telling the targets: read, compare, draw, send, and remember only what was taken."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import Any

from ocpperf_assets.notify.backoff import after_failure
from ocpperf_assets.notify.digest import Digest, compare, concerning
from ocpperf_assets.notify.memory import Memory, Pause, change_memory
from ocpperf_assets.notify.outcome import Outcome
from ocpperf_assets.notify.payloads import Link, payload_of, written
from ocpperf_assets.notify.quiet import parse_quiet
from ocpperf_assets.notify.reading import Reading, Standing, read_all, read_standing
from ocpperf_assets.notify.send import Patience, send
from ocpperf_assets.notify.silence import compare_silence
from ocpperf_assets.notify.targets import Target, address_of
from ocpperf_assets.notify.template import templated
from ocpperf_assets.reporting.files import newest_report
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError

_SIDE_BY_SIDE = 16


def pending(settings: Settings, targets: Sequence[Target], reading: Reading, now: datetime) -> list[Outcome]:
    """What each target would be told now; nothing is sent or remembered.

    A memory that cannot be read is that target's failure.
    """
    return [_pending(settings, target, reading, now) for target in targets]


def rehearse(settings: Settings, targets: Sequence[Target], now: datetime) -> list[Outcome]:
    """What telling them at once would come to, up to the sending: with what would be sent, or what is at fault.

    Raises OcpperfError without a warehouse.
    """
    reading = read_all(settings, targets)
    return [_rehearsed(settings, outcome) for outcome in pending(settings, targets, reading, now)]


def deliver(
    settings: Settings, targets: Sequence[Target], now: datetime, patience: Patience | None = None, *, at_once: bool
) -> list[Outcome]:
    """Tell each target what is news and remember it once it was taken; a fault of a target is in its outcome.

    They are told side by side, so that one that does not answer delays no other. A target that failed before is left
    alone until its pause is over, unless it is to be tried `at_once`. Raises OcpperfError without a warehouse.
    """
    reading = read_all(settings, targets)

    def tell(target: Target) -> Outcome:
        return deliver_one(settings, target, reading, now, patience or Patience(), at_once=at_once)

    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        return list(pool.map(tell, targets))


def deliver_one(
    settings: Settings, target: Target, reading: Reading, now: datetime, patience: Patience, *, at_once: bool
) -> Outcome:
    """The same for one target of a reading; raises nothing.

    Whoever tells the same target meanwhile waits. A process that dies between sending and remembering tells the same
    digest again: better twice than never.
    """
    outcome = Outcome(target, "nothing new")

    def tell(known: Memory) -> Memory:
        nonlocal outcome
        digest, told = _news(settings, _current(settings, target, reading, known), target, known, now)
        outcome = _outcome(settings, target, digest, now, None if at_once else known.pause)
        if outcome.state in ("quiet", "paused"):
            return known
        if outcome.state == "to tell":
            outcome = _sent(settings, outcome, known.pause, now, patience)
        return replace(known, pause=outcome.pause) if outcome.state == "failed" else told

    try:
        change_memory(settings.paths, target.name, tell)
    except OcpperfError as fault:
        return Outcome(target, "failed", outcome.digest, str(fault))
    return outcome


def _sent(settings: Settings, outcome: Outcome, pause: Pause | None, now: datetime, patience: Patience) -> Outcome:
    target = outcome.target
    try:
        send(target, address_of(target), written(_drawn(settings, outcome)), patience)
    except OcpperfError as fault:
        return replace(outcome, state="failed", error=str(fault), pause=after_failure(pause, now))
    return replace(outcome, state="told")


def _current(settings: Settings, target: Target, reading: Reading, known: Memory) -> Standing:
    """How things stand, read again where the target was told meanwhile: of a newer version, perhaps, whose findings
    the reading does not have and would forget."""
    if known == reading.memories[target.name]:
        return reading.standing
    return read_standing(settings, known.ids)


def _pending(settings: Settings, target: Target, reading: Reading, now: datetime) -> Outcome:
    known = reading.memories[target.name]
    if isinstance(known, OcpperfError):
        return Outcome(target, "failed", error=str(known))
    digest, _ = _news(settings, reading.standing, target, known, now)
    return _outcome(settings, target, digest, now, known.pause)


def _rehearsed(settings: Settings, outcome: Outcome) -> Outcome:
    """Its address is looked at though there be no news: whoever sets a channel up has none."""
    if outcome.state == "failed":
        return outcome
    try:
        address_of(outcome.target)
        payload = _drawn(settings, outcome) if outcome.digest else {}
    except OcpperfError as fault:
        return replace(outcome, state="failed", error=str(fault), pause=None)
    return replace(outcome, state="to tell" if outcome.state == "paused" else outcome.state, payload=payload)


def _drawn(settings: Settings, outcome: Outcome) -> dict[str, Any]:
    target, digest = outcome.target, outcome.digest
    links = [Link(name, where) for name in digest.clusters if (where := newest_report(settings, name))]
    if target.template:
        return templated(target.template, digest, links)
    return payload_of(target.kind, digest, links)


def _news(
    settings: Settings, standing: Standing, target: Target, known: Memory, now: datetime
) -> tuple[Digest, Memory]:
    """What the target is to be told, and what is remembered once it took it. Silence is told whatever its severity."""
    digest, told = compare(known.told, concerning(standing.episodes, target.clusters), target.severity)
    heard = concerning(standing.heard, target.clusters)
    silences = compare_silence(known.silent, heard, settings.notify_stale, now)
    digest = replace(digest, silent=silences.silent, speaking_again=silences.speaking_again)
    return digest, Memory(told, silences.kept)


def _outcome(settings: Settings, target: Target, digest: Digest, now: datetime, pause: Pause | None) -> Outcome:
    if not digest:
        return Outcome(target, "nothing new")
    quiet = parse_quiet(settings.notify_quiet) if settings.notify_quiet and target.quiet else None
    if quiet and quiet.holds(now):
        return Outcome(target, "quiet", digest)
    if pause and pause.holds(now):
        return Outcome(target, "paused", digest, pause=pause)
    return Outcome(target, "to tell", digest)
