"""Slot files: which is published, which may be written, copies and the switch of the link.

DuckDB's file lock is a POSIX record lock, which closing any ordinary handle on the file drops for the whole process.
So nothing here opens a slot file: copies are made by a child process, modes and names are changed by path.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home

_READ_ONLY, _WRITABLE = 0o444, 0o644


@dataclass(frozen=True)
class Slot:
    """One complete database file and the files that may stand beside it."""

    path: Path

    @property
    def marker(self) -> Path:
        """Exists while the slot is being written, and until the link was switched to it."""
        return self.path.with_name(self.path.name + ".writing")

    @property
    def wal(self) -> Path:
        return self.path.with_name(self.path.name + ".wal")

    def mark(self) -> None:
        self.marker.touch()
        sync_directory(self.path.parent)

    def unmark(self) -> None:
        self.marker.unlink(missing_ok=True)

    def protect(self) -> None:
        self.path.chmod(_READ_ONLY)

    def unprotect(self) -> None:
        self.path.chmod(_WRITABLE)

    def remove(self) -> None:
        """Remove the file and what stands beside it; the marker last, so that a half-removed slot stays marked."""
        self.path.unlink(missing_ok=True)
        self.wal.unlink(missing_ok=True)
        self.unmark()


def published(home: Home) -> Slot | None:
    """The slot the link names. Raises OcpperfError when the link is no link or names no file."""
    if not home.link.is_symlink():
        if home.link.exists():
            raise OcpperfError(
                f"{home.link} is a file, not a link to a slot.",
                "Move it away; the next collection makes the link.",
            )
        return None
    target = Slot(home.slots / home.link.readlink().name)
    if not target.path.exists():
        raise OcpperfError(
            f"{home.link} names {target.path}, which is missing.",
            "Restore it from a copy, or remove the link and collect again.",
        )
    return target


def existing(home: Home) -> Iterator[Slot]:
    """Every slot with a file or a marker, in the order of their letters."""
    names = {path.name.removesuffix(".writing") for path in home.slots.glob("?.duckdb*") if path.suffix != ".wal"}
    return (Slot(home.slots / name) for name in sorted(names) if name.endswith(".duckdb"))


def unused(home: Home) -> Slot:
    """A slot letter with no file."""
    for letter in ascii_lowercase:
        slot = Slot(home.slots / f"{letter}.duckdb")
        if not slot.path.exists():
            return slot
    raise OcpperfError(
        f"All {len(ascii_lowercase)} slots in {home.slots} are held open.",
        "Close the shells that read old slots.",
    )


def copy(source: Slot, target: Slot) -> None:
    """Copy a slot by a child process, as a clone where the file system can; the target appears whole or not at all."""
    fresh = target.path.with_name(target.path.name + ".copying")
    command = ["cp", "--reflink=auto", "--sparse=auto", str(source.path), str(fresh)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        fresh.unlink(missing_ok=True)
        raise OcpperfError(
            f"The published slot could not be copied: {done.stderr.strip()}",
            f"Make room in {target.path.parent}; it needs the size of {source.path.name} once more.",
        )
    fresh.replace(target.path)


def switch(home: Home, slot: Slot) -> None:
    """Point the link at a slot, by rename: a reader sees the old one or the new one, never none."""
    fresh = home.link.with_name(home.link.name + ".new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(Path(slot.path.parent.name) / slot.path.name)
    fresh.replace(home.link)
    sync_directory(home.root)


def sweep(home: Home) -> None:
    """Remove what a killed writer left beside the slots: a copy cut short, and DuckDB's temporary files."""
    for path in (*home.slots.glob("*.copying"), *home.slots.glob("*.duckdb.tmp")):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
