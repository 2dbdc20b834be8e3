"""Finding, starting and ending a real Prometheus."""

import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import psutil
import pytest

from demo.prometheus import Binaries, LocalPrometheus, find_binaries
from ocpperf_mcp.contracts.errors import OcpperfError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with both programs of this machine's Prometheus; nothing is on PATH."""
    found = find_binaries()
    made = tmp_path / "release"
    made.mkdir()
    for name, program in found._asdict().items():
        (made / name).symlink_to(program)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("OCPPERF_DEMO_PROMETHEUS", raising=False)
    return made


def test_both_programs_are_found_on_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    assert find_binaries() == Binaries(str(folder / "prometheus"), str(folder / "promtool"))


@pytest.mark.parametrize("named", ["release", "release/prometheus"])
def test_the_setting_names_their_folder_or_the_server(
    folder: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("OCPPERF_DEMO_PROMETHEUS", str(folder.parent / named))
    assert find_binaries() == Binaries(str(folder / "prometheus"), str(folder / "promtool"))


def test_the_setting_wins_over_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("OCPPERF_DEMO_PROMETHEUS", str(folder.parent))
    with pytest.raises(OcpperfError) as fault:
        find_binaries()
    assert fault.value.what == f"No prometheus and promtool were found in {folder.parent}."


@pytest.mark.usefixtures("folder")
def test_without_them_the_sentence_says_what_to_install() -> None:
    with pytest.raises(OcpperfError) as fault:
        find_binaries()
    assert fault.value.what == "No prometheus and promtool were found on PATH."
    assert "apt-get install prometheus" in fault.value.next_step
    assert "OCPPERF_DEMO_PROMETHEUS" in fault.value.next_step


def test_a_server_without_promtool_is_not_enough(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "promtool").unlink()
    monkeypatch.setenv("OCPPERF_DEMO_PROMETHEUS", str(folder))
    with pytest.raises(OcpperfError):
        find_binaries()


def serving(data: Path) -> list[int]:
    """Processes that serve a data directory."""
    flag = f"--storage.tsdb.path={data}"
    return [process.pid for process in psutil.process_iter(["cmdline"]) if flag in (process.info["cmdline"] or [])]


def test_it_answers_inside_the_context_and_is_gone_after_it(tmp_path: Path) -> None:
    with LocalPrometheus(tmp_path) as server:
        with urllib.request.urlopen(f"{server.url}/api/v1/status/buildinfo", timeout=10) as answer:
            assert answer.status == 200
        assert len(serving(tmp_path)) == 1
    assert serving(tmp_path) == []


def test_a_fault_inside_the_context_leaves_no_process(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), LocalPrometheus(tmp_path):
        raise ZeroDivisionError
    assert serving(tmp_path) == []


def test_one_that_cannot_start_says_the_last_line_of_its_log(tmp_path: Path) -> None:
    with pytest.raises(OcpperfError) as fault, LocalPrometheus(tmp_path, flags=["--no-such-flag"]):
        raise AssertionError("it started")
    assert fault.value.what == f"Prometheus over {tmp_path} did not become ready."
    said = subprocess.run([find_binaries().prometheus, "--no-such-flag"], capture_output=True, text=True, check=False)
    assert fault.value.next_step == f"Its log ends with: {said.stderr.strip().splitlines()[-1]}"
    assert serving(tmp_path) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a child that its parent died")
def test_it_does_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from demo.prometheus import LocalPrometheus\n"
        "with LocalPrometheus(Path(sys.argv[1])):\n    print('ready', flush=True)\n    time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with parent:
        assert parent.stdout
        assert parent.stdout.readline() == "ready\n"
        (server,) = (psutil.Process(pid) for pid in serving(tmp_path))
        parent.send_signal(signal.SIGKILL)
    server.wait(timeout=60)
    assert serving(tmp_path) == []


def test_its_configuration_and_log_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    with LocalPrometheus(tmp_path / "data"):
        assert len(list(scratch.iterdir())) == 1
    assert list(scratch.iterdir()) == []
    shutil.rmtree(scratch)
