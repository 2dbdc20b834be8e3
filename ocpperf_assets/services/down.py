"""`ocpperf down`: end in order, then by force."""

import time
from collections.abc import Callable

import psutil

from ocpperf_assets.services.processes import kill
from ocpperf_assets.services.record import Known, is_up, read_record
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home

_POLL_S = 0.2
_FORCE_S = 10.0


def end_services(home: Home, say: Callable[[str], None], *, wait_s: float = 60.0) -> None:
    """Ask `up` to end its services; after `wait_s` kill what is left. Raises OcpperfError when even that fails."""
    if not is_up(home):
        say("Nothing is running.")
        return
    asked: set[Known] = set()
    if _until_gone(home, wait_s, lambda: _ask(home, asked)):
        say("All services have ended.")
        return
    killed: set[int] = set()
    if not _until_gone(home, _FORCE_S, lambda: killed.update(_kill_all(home))):
        raise OcpperfError(f"The services of {home.root} cannot be ended.", "`ps` shows what they are waiting for.")
    say(f"The services did not end within {wait_s:.0f} s; {len(killed)} processes were killed.")


def _until_gone(home: Home, seconds: float, meanwhile: Callable[[], None]) -> bool:
    deadline = time.monotonic() + seconds
    while is_up(home) or _is_leaving(home):
        if time.monotonic() > deadline:
            return False
        meanwhile()
        time.sleep(_POLL_S)
    return True


def _is_leaving(home: Home) -> bool:
    """Whether an `up` that holds nothing any more has yet to end."""
    record = read_record(home)
    return record is not None and record.up.process() is not None


def _ask(home: Home, asked: set[Known]) -> None:
    """Each `up` once; the record of one that is just starting may come a moment later."""
    record = read_record(home)
    if record and record.up not in asked and (process := record.up.process()):
        asked.add(record.up)
        try:
            process.terminate()
        except psutil.AccessDenied:
            raise OcpperfError(
                f"Process {process.pid} belongs to another user.", "Run `ocpperf down` as that user."
            ) from None
        except psutil.NoSuchProcess:
            return


def _kill_all(home: Home) -> list[int]:
    record = read_record(home)
    everybody = record.everybody() if record else []
    kill(everybody)
    return [process.pid for process in everybody]
