"""One collection of a cluster at a time, whoever collects: the daemon, a backfill, the shell."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ocpperf_assets.slots.lock import turn_lock
from ocpperf_mcp.contracts.directories import make_directory
from ocpperf_mcp.contracts.paths import Home

_PATIENCE_S = 6 * 3600.0
"""As long as a run may last."""


@contextmanager
def one_at_a_time(home: Home, cluster: str, on_wait: Callable[[str], None]) -> Iterator[None]:
    """Wait for the cluster's turn and hold it for the block: what asks Prometheus is no more than was configured.

    Raises OcpperfError when another process has it for longer than a run may last.
    """
    make_directory(home.state)
    lock = home.state / f"collecting-{cluster}.lock"
    with turn_lock(lock, f"collecting {cluster}", _PATIENCE_S, lambda holder: on_wait(f"waiting for {holder}")):
        yield
