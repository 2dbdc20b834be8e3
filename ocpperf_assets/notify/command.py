"""What `ocpperf notify` does and says."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from ocpperf_assets.notify.deliver import deliver, rehearse
from ocpperf_assets.notify.outcome import Outcome, said
from ocpperf_assets.notify.targets import configured_targets
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError


def notify_targets(*, is_dry: bool) -> tuple[list[str], bool]:
    """Lines to print, and whether every target that there was something to tell was told.

    Each target is tried at once, whatever it failed before. A dry run sends and remembers nothing, and prints what
    would be sent. Raises OcpperfError where no target is configured, on a faulty file and without a warehouse.
    """
    settings, now = Settings(), datetime.now(UTC)
    targets = configured_targets(settings)
    if not targets:
        raise OcpperfError("OCPPERF_NOTIFY names no file of targets.", "README's part on notifications shows one.")
    outcomes = rehearse(settings, targets, now) if is_dry else deliver(settings, targets, now, at_once=True)
    lines = [line for outcome in outcomes for line in _lines(outcome)]
    return lines, not any(outcome.state == "failed" for outcome in outcomes)


def _lines(outcome: Outcome) -> Iterator[str]:
    yield said(outcome)
    if outcome.payload:
        yield json.dumps(outcome.payload, ensure_ascii=False, indent=2)
