"""`ocpperf report --narrate` at a real terminal asks for its window, and asks nothing where nobody sits."""

import fcntl
import os
import pty
import select
import subprocess
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.report.as_json import read_json
from ocpperf_mcp.report.model import Report, Span
from tests.conftest import OCPPERF
from tests.ocpperf_mcp.report.conftest import hours

QUESTION = "Window: a duration like 24h, or START/END in ISO 8601 [24h]: "
WORDS = (OCPPERF, "report", "--cluster", "c1", "--narrate", "--format", "json", "--out", "report.json")
PATIENCE_S = 100


@dataclass
class Terminal:
    """The side of a pseudo-terminal where a person sits."""

    fd: int
    process: subprocess.Popen[bytes]
    shown: str = ""

    def type(self, text: str) -> None:
        os.write(self.fd, text.encode())

    def until(self, words: str) -> str:
        """Wait for the words; gives and forgets all that was shown up to them."""
        while words not in self.shown:
            ready, _, _ = select.select([self.fd], [], [], PATIENCE_S)
            assert ready, f"not shown within {PATIENCE_S} s: {words!r}; shown: {self.shown!r}"
            self.shown += self._read()
        before, _, self.shown = self.shown.partition(words)
        return before + words

    def end(self) -> int:
        """The exit code, once all that is shown was read."""
        while piece := self._read():
            self.shown += piece
        return self.process.wait(PATIENCE_S)

    def _read(self) -> str:
        try:
            return os.read(self.fd, 4096).decode()
        except OSError:  # how Linux tells that the other side was closed
            return ""


@contextmanager
def terminal(home: Home, folder: Path, *words: str) -> Iterator[Terminal]:
    """The command with a terminal of its own, so that Ctrl-C reaches it."""
    person, its_own = pty.openpty()
    process = subprocess.Popen(
        [*WORDS, *words],
        stdin=its_own,
        stdout=its_own,
        stderr=its_own,
        cwd=folder,
        env=environment(home),
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(its_own)
    try:
        yield Terminal(person, process)
    finally:
        process.kill()
        process.wait()
        os.close(person)


def environment(home: Home) -> dict[str, str]:
    return {**os.environ, "OCPPERF_HOME": str(home.root), "OPENAI_API_KEY": ""}


def written(folder: Path) -> Report:
    return read_json((folder / "report.json").read_text(encoding="utf-8"), "report.json")


DAY = Span(start=datetime(2025, 12, 31, 12, tzinfo=UTC), end=datetime(2026, 1, 1, 12, tzinfo=UTC))
"""What --last 24h is: it ends with the data, and the open hour is left out."""


@pytest.mark.parametrize(
    ("typed", "window"),
    [("", DAY), ("2026-01-01T08:00Z/2026-01-01T10:00Z", hours(8, 10))],
)
def test_the_window_that_is_typed_is_reported_on(case_home: Home, tmp_path: Path, typed: str, window: Span) -> None:
    with terminal(case_home, tmp_path) as person:
        person.until(QUESTION)
        person.type(f"{typed}\n")
        assert person.end() == 0, person.shown
    made = written(tmp_path)
    assert made.window == window
    assert made.narrative is not None


WRONG = {
    "yesterday": "'yesterday' is not a duration.",
    "2026-01-01T10:00Z/soon": "'soon' is not a time.",
    "2026-01-01T10:00Z/2026-01-01T08:00Z": "which is not after its start.",
    "2020-01-01T08:00Z/2020-01-01T10:00Z": "There is no data between",
}


def test_each_wrong_entry_is_told_in_a_sentence_and_asked_for_again(case_home: Home, tmp_path: Path) -> None:
    with terminal(case_home, tmp_path) as person:
        person.until(QUESTION)
        for typed, sentence in WRONG.items():
            person.type(f"{typed}\n")
            said = person.until(QUESTION)
            assert sentence in said
            assert "Traceback" not in said
        person.type("2h30m\n")
        assert person.end() == 0, person.shown
    assert written(tmp_path).window == hours(10, 12)


@pytest.mark.parametrize(("key", "code"), [("\x03", 130), ("\x04", 1)])
def test_leaving_the_question_writes_nothing(case_home: Home, tmp_path: Path, key: str, code: int) -> None:
    """Ctrl-C and the end of input."""
    with terminal(case_home, tmp_path) as person:
        person.until(QUESTION)
        person.type(key)
        assert person.end() == code
    assert "Traceback" not in person.shown
    assert list(tmp_path.iterdir()) == []


def test_a_window_that_was_given_is_not_asked_for(case_home: Home, tmp_path: Path) -> None:
    with terminal(case_home, tmp_path, "--last", "2h30m") as person:
        assert person.end() == 0, person.shown
    assert "Window:" not in person.shown


def test_where_no_terminal_is_nothing_is_asked(case_home: Home, tmp_path: Path) -> None:
    """As under cron."""
    done = subprocess.run(
        WORDS,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=tmp_path,
        env=environment(case_home),
        timeout=PATIENCE_S,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"Window:" not in done.stderr
    assert written(tmp_path).narrative is not None
