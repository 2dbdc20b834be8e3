"""Logs of services: rotated by size, without secrets."""

from pathlib import Path

import pytest

from ocpperf_assets.services.logs import Rotation, last_line, write_log
from ocpperf_assets.services.secret import known_secrets
from ocpperf_assets.settings import Settings


def test_a_full_log_makes_room_and_the_oldest_lines_go(tmp_path: Path) -> None:
    log = tmp_path / "service.log"
    write_log([f"line {number:04}\n".encode() for number in range(1000)], log, Rotation(1000, keep=2), [])
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["service.log", "service.log.1", "service.log.2"]
    assert all(0 < file.stat().st_size <= 1000 for file in files)
    kept = [line for file in reversed(files) for line in file.read_text().splitlines()]
    assert kept == [f"line {number:04}" for number in range(1000 - len(kept), 1000)]


def test_secrets_are_blanked_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "token"
    file.write_text("token-of-the-file\n")
    monkeypatch.setenv("OCPPERF_PROMETHEUS_TOKEN", "token-of-the-setting")
    monkeypatch.setenv("OCPPERF_PROMETHEUS_TOKEN_FILE", str(file))
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-the-model")
    said = b"a token-of-the-file, b token-of-the-setting, c key-of-the-model\n"
    write_log([said], tmp_path / "service.log", Rotation(), known_secrets(Settings()))
    assert (tmp_path / "service.log").read_text() == "a ***, b ***, c ***\n"


def test_colours_stay_on_the_terminal(tmp_path: Path) -> None:
    write_log([b"\x1b[32mgreen\x1b[0m leaf\n"], tmp_path / "service.log", Rotation(), [])
    assert (tmp_path / "service.log").read_text() == "green leaf\n"


@pytest.mark.parametrize(
    ("text", "last"), [("a\nb\n", "b"), ("a\n\n  \n", "a"), ("", ""), ("x" * 200_000 + "\nend\n", "end")]
)
def test_the_last_words_are_the_last_line_that_says_something(tmp_path: Path, text: str, last: str) -> None:
    log = tmp_path / "service.log"
    log.write_text(text)
    assert last_line(log) == last


def test_a_log_that_was_never_written_has_no_last_words(tmp_path: Path) -> None:
    assert last_line(tmp_path / "none.log") == ""
