"""What `ocpperf notify` does and says."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from ocpperf_assets.notify.deliver import Outcome, deliver, drawn, pending
from ocpperf_assets.notify.targets import configured_targets
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError


def notify_targets(*, is_dry: bool) -> tuple[list[str], bool]:
    """Lines to print, and whether every target that there was something to tell was told.

    A dry run sends and remembers nothing, and prints what would be sent. Raises OcpperfError where no target is
    configured, on a faulty file and without a warehouse.
    """
    settings, now = Settings(), datetime.now(UTC)
    targets = configured_targets(settings)
    if not targets:
        raise OcpperfError("OCPPERF_NOTIFY names no file of targets.", "README's part on notifications shows one.")
    act = pending if is_dry else deliver
    outcomes = [act(settings, target, now) for target in targets]
    lines = [line for outcome in outcomes for line in _lines(settings, outcome)]
    return lines, not any(outcome.state == "failed" for outcome in outcomes)


def _lines(settings: Settings, outcome: Outcome) -> Iterator[str]:
    yield said(outcome)
    if outcome.state in ("to tell", "quiet"):
        yield json.dumps(drawn(settings, outcome), ensure_ascii=False, indent=2)


def said(outcome: Outcome) -> str:
    """One line about what became of a target's digest."""
    name, counts = outcome.target.name, outcome.digest.counts
    match outcome.state:
        case "nothing new":
            return f"{name}: nothing new."
        case "quiet":
            return f"{name}: {counts}; it waits for the end of the quiet hours."
        case "to tell":
            return f"{name}: {counts}; it would be sent:"
        case "told":
            return f"{name}: {counts}; told."
        case "failed":
            return f"{name}: {counts}; {outcome.error}"
