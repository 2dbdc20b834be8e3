"""A clock that is set by hand: libfaketime, preloaded into a child process, reads the time from a file.

The processes under test know nothing of it. Only wall-clock time is simulated; waits and time limits are real.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

LIBRARY = "lib/*/faketime/libfaketimeMT.so.1"
_PLACES = (Path(__file__).parents[2] / ".tools/debian/usr", Path("/usr"))


@dataclass(frozen=True)
class Clock:
    """The file that says what time it is; time goes on from there until the file is written again."""

    path: Path

    def set(self, moment: datetime) -> None:
        fresh = self.path.with_suffix(".new")
        fresh.write_text(f"@{moment:%Y-%m-%d %H:%M:%S}\n", encoding="utf-8")
        fresh.replace(self.path)

    def environment(self) -> dict[str, str]:
        """What a process needs in its environment to live by this clock."""
        return {
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self.path),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            "TZ": "UTC",
        }


def library() -> Path:
    found = next(_libraries(), None)
    assert found, "libfaketime was not found; `deploy/parts.sh faketime` brings it"
    return found


def _libraries() -> Iterator[Path]:
    for place in _PLACES:
        yield from place.glob(LIBRARY)


def stamp(directory: Path, moment: datetime) -> None:
    """Give files the time they would bear had the file system's clock been simulated as well."""
    for path in (directory, *directory.rglob("*")) if directory.exists() else ():
        os.utime(path, (moment.timestamp(), moment.timestamp()))
