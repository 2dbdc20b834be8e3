"""What became of a target's digest."""

from dataclasses import dataclass, field
from typing import Any, Literal

from ocpperf_assets.notify.digest import Digest
from ocpperf_assets.notify.memory import Pause
from ocpperf_assets.notify.targets import Target

State = Literal["nothing new", "quiet", "paused", "to tell", "told", "failed"]


@dataclass(frozen=True)
class Outcome:
    """`quiet` and `paused` have news that waits; `failed` says why in `error`."""

    target: Target
    state: State
    digest: Digest = field(default_factory=Digest)
    error: str = ""
    pause: Pause | None = None
    """Of what is paused or failed; None where it failed and that cannot be remembered."""
    payload: dict[str, Any] = field(default_factory=dict)
    """The JSON that would be sent, where that was asked for."""


def said(outcome: Outcome) -> str:
    """One line about it."""
    counts = f"{outcome.digest.counts}; " if outcome.digest else ""
    return f"{outcome.target.name}: {counts}{_words(outcome)}"


def _words(outcome: Outcome) -> str:
    until = f"{outcome.pause.until:%Y-%m-%d %H:%M} UTC" if outcome.pause else ""
    match outcome.state:
        case "nothing new":
            return "nothing new."
        case "quiet":
            return "it waits for the end of the quiet hours."
        case "paused":
            return f"it failed before and is not tried before {until}."
        case "to tell":
            return "it would be sent:"
        case "told":
            return "told."
        case "failed":
            return f"{outcome.error} It is not tried of itself before {until}." if until else outcome.error
