"""Asking whoever sits at a terminal for the window of a report."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import typer

from ocpperf_mcp.contracts.errors import OcpperfError

DAY = "24h"
_QUESTION = f"Window: a duration like 24h, or START/END in ISO 8601 [{DAY}]: "


@dataclass(frozen=True)
class Entry:
    """A duration, or the first moment and the one after the last, as typed."""

    last: str | None = None
    start: str | None = None
    end: str | None = None


def is_someone_there() -> bool:
    """Whether an answer can be typed; not so for cron and behind pipes."""
    return sys.stdin.isatty()


def window_asked_for(judge: Callable[[Entry], None]) -> Entry:
    """Ask until `judge` raises no OcpperfError about the entry; its sentence is shown before asking again.

    Raises typer.Abort when the input ends.
    """
    while True:
        # All of it goes to stderr: what is written to stdout is the report.
        typer.echo(_QUESTION, nl=False, err=True)
        line = sys.stdin.readline()
        if not line:
            raise typer.Abort
        entry = _entry(line.strip() or DAY)
        try:
            judge(entry)
        except OcpperfError as fault:
            typer.echo(f"{fault.what} {fault.next_step}", err=True)
        else:
            return entry


def _entry(typed: str) -> Entry:
    start, is_range, end = typed.partition("/")
    return Entry(start=start.strip(), end=end.strip()) if is_range else Entry(last=typed)
