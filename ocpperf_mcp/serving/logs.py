"""Log lines as JSON on standard error, without anything that a caller sent."""

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

CALLS = logging.getLogger("ocpperf.calls")
_FIELDS = "fields"
# FastMCP says each refusal once more; uvicorn, each request and each start.
_LESS = {"fastmcp": logging.WARNING, "uvicorn": logging.WARNING, "mcp": logging.WARNING}


class JsonLines(logging.Formatter):
    """One object a line. Of an exception its type and the places it passed: its words may hold what a caller sent."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, _FIELDS, {}),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["at"] = list(_places(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False, default=str)


def _places(fault: BaseException | None) -> Iterator[str]:
    for frame in traceback.extract_tb(fault.__traceback__ if fault else None):
        yield f"{frame.filename}:{frame.lineno} {frame.name}"


def log_to_standard_error(level: str) -> None:
    """Every logger of this process, from `level` on. Standard output belongs to the protocol."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, least in _LESS.items():
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(max(least, logging.getLogger().level))


def log_call(**fields: str | int | float) -> None:
    """One line for one call."""
    CALLS.info("call", extra={_FIELDS: fields})
