"""Directories below `OCPPERF_HOME`, made with one sentence when they cannot be."""

from pathlib import Path

from ocpperf_mcp.contracts.errors import OcpperfError


def make_directory(path: Path) -> Path:
    """The directory, made with its parents where it is missing. Raises OcpperfError when it cannot be written to."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / ".writable"
        probe.touch()
        probe.unlink(missing_ok=True)  # another process may look at the same time
    except OSError as fault:
        raise OcpperfError(
            f"{path} cannot be written: {fault.strerror}.",
            "Make it writable, or point OCPPERF_HOME at a directory of yours.",
        ) from None
    return path
