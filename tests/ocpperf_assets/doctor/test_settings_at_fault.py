"""Settings that cannot work end in one line that names them, and never in a traceback or with a secret."""

from pathlib import Path

import pytest

from ocpperf_assets.doctor.examine import Wish, examine
from tests.ocpperf_assets.doctor.conftest import TOKEN
from tests.wire import Wire


@pytest.fixture
def somewhere(tmp_path: Path) -> Path:
    """A file that holds a token, and nothing else."""
    path = tmp_path / "token"
    path.write_text(TOKEN, encoding="utf-8")
    return path


def last_line(monkeypatch: pytest.MonkeyPatch, **settings: object) -> str:
    for name, value in settings.items():
        monkeypatch.setenv(f"OCPPERF_{name}".upper(), str(value))
    line = str(list(examine(Wish()))[-1])
    assert TOKEN not in line
    return line


@pytest.mark.parametrize("address", [f"http://[{TOKEN}", f"http://host:{TOKEN}", "http://"])
def test_an_address_that_is_none(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    line = last_line(monkeypatch, prometheus_url=address)
    assert line.startswith("fault: OCPPERF_PROMETHEUS_URL cannot be used: it is no address; write it like https://")


@pytest.mark.parametrize("token", [f"{TOKEN}\nand a line", f"Bearer {TOKEN}", "Schlüssel"])
def test_a_token_that_no_header_can_hold(wire: Wire, monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    line = last_line(monkeypatch, prometheus_url=wire.url, prometheus_token=token)
    assert line.startswith("fault: The bearer token holds characters that no token has. Give the bare token in ")
    assert wire.requests == []


def test_a_token_file_is_read(wire: Wire, monkeypatch: pytest.MonkeyPatch, somewhere: Path) -> None:
    assert last_line(monkeypatch, prometheus_url=wire.url, prometheus_token_file=somewhere).startswith("ok: ")
    assert {request.authorization for request in wire.requests} == {f"Bearer {TOKEN}"}


def test_a_token_file_that_is_empty(wire: Wire, monkeypatch: pytest.MonkeyPatch, somewhere: Path) -> None:
    somewhere.write_text("\n", encoding="utf-8")
    line = last_line(monkeypatch, prometheus_url=wire.url, prometheus_token_file=somewhere)
    assert line.startswith(f"fault: The token file {somewhere} is empty. Write the token into it")


def test_a_token_file_that_is_no_text(wire: Wire, monkeypatch: pytest.MonkeyPatch, somewhere: Path) -> None:
    somewhere.write_bytes(b"\xff\xfe")
    line = last_line(monkeypatch, prometheus_url=wire.url, prometheus_token_file=somewhere)
    assert line.startswith("fault: The bearer token holds characters that no token has.")


@pytest.mark.parametrize(("made", "said"), [(True, "holds no certificate."), (False, "cannot be read: No such file")])
def test_a_ca_bundle_without_a_certificate(
    monkeypatch: pytest.MonkeyPatch, somewhere: Path, made: bool, said: str
) -> None:
    bundle = somewhere if made else somewhere.with_name("nowhere")
    line = last_line(monkeypatch, prometheus_url="https://127.0.0.1:1", prometheus_ca=bundle)
    assert line.startswith(f"fault: The CA bundle {bundle} {said}")
    assert line.endswith("Point OCPPERF_PROMETHEUS_CA at a file with certificates in PEM.")


def test_a_flavour_the_catalogue_does_not_have(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    line = last_line(monkeypatch, prometheus_url=wire.url, flavour="windows")
    assert line.startswith("fault: ")
    assert "windows" in line
