"""Logs of services: rotated by size, without secrets."""

import logging
import logging.handlers
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_HIDDEN = "***"
_COLOUR = re.compile("\x1b\\[[0-9;]*m")
_TAIL_BYTES = 64 * 1024


@dataclass(frozen=True)
class Rotation:
    """How large a log file grows, and how many older ones stay beside it."""

    max_bytes: int = 10_000_000
    keep: int = 5


def write_log(lines: Iterable[bytes], path: Path, rotation: Rotation, secrets: Iterable[str]) -> None:
    """Write a stream to a log, to its end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.handlers.RotatingFileHandler(
        path, maxBytes=rotation.max_bytes, backupCount=rotation.keep, encoding="utf-8"
    )
    hidden = sorted(filter(None, secrets), key=len, reverse=True)
    try:
        for line in lines:
            text = _COLOUR.sub("", line.decode("utf-8", "replace").rstrip("\n"))
            for secret in hidden:
                text = text.replace(secret, _HIDDEN)
            handler.emit(logging.makeLogRecord({"msg": text}))
    finally:
        handler.close()


def last_line(path: Path) -> str:
    """The last line with something on it; empty where there is none."""
    if not path.exists():
        return ""
    with path.open("rb") as log:
        _go_near_end(log)
        lines = log.read().decode("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _go_near_end(log: IO[bytes]) -> None:
    log.seek(max(0, log.seek(0, os.SEEK_END) - _TAIL_BYTES))
