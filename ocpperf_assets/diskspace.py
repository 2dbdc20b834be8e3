"""A full disk, said in a sentence with what would help."""

import errno
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ocpperf_mcp.contracts.errors import OcpperfError

# A write beyond the process' own file size limit is the same to a person: there is no room.
_ERRNOS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# DuckDB's words, and its bound on what it moves out of memory, which it sets by the room there is.
_WORDS = re.compile(r"No space left on device|Disk quota exceeded|File too large|max_temp_directory_size")
_MIB = 1 << 20


class DiskFullError(OcpperfError):
    """There is no room left where the warehouse writes."""


@contextmanager
def room_in(directory: Path, published: Path | None = None) -> Iterator[None]:
    """Raise DiskFullError instead of whatever a full disk makes the block raise. A run needs the published file's size
    once more, and its temporary files."""
    try:
        yield
    except Exception as fault:
        if not _is_full(fault):
            raise
        free = shutil.disk_usage(directory).free
        size = published.stat().st_size if published else 0
        raise DiskFullError(
            f"There is no room left on the disk of {directory}: {free // _MIB:,} MiB are free.",
            f"Free at least {max(2 * size // _MIB, 100):,} MiB there: exports and logs may go, and a shorter "
            "OCPPERF_KEEP_RAW keeps less. What is published is as it was.",
        ) from fault


def _is_full(fault: BaseException | None) -> bool:
    """Whether a full disk is behind it, however it was wrapped."""
    while fault is not None:
        if isinstance(fault, DiskFullError):
            return False
        if (isinstance(fault, OSError) and fault.errno in _ERRNOS) or _WORDS.search(str(fault)):
            return True
        fault = fault.__cause__
    return False
