"""Services are started, watched and ended together: real processes under the real supervisor."""

import os
import signal
import socket
from dataclasses import replace

import psutil
import pytest

from ocpperf_assets.services.background import start_detached
from ocpperf_assets.services.down import end_services
from ocpperf_assets.services.record import Known, is_up, read_record
from ocpperf_assets.services.status import states
from ocpperf_mcp.contracts.errors import OcpperfError
from tests.ocpperf_assets.services.conftest import Site, stand_in, wait_until
from tests.ocpperf_assets.services.stand_in import HELPER, services


def helpers(site: Site) -> list[psutil.Process]:
    return [process for process in site.living() if HELPER in process.cmdline()]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_stop_ends_services_and_what_they_started(site: Site, number: signal.Signals) -> None:
    process = site.up_and_ready()
    assert len(helpers(site)) == 2
    process.send_signal(number)
    assert process.wait() == 0
    assert site.living() == []


def test_nothing_outlives_an_up_that_is_killed(site: Site) -> None:
    process = site.up_and_ready()
    assert len(helpers(site)) == 2
    process.kill()
    process.wait()
    wait_until(lambda: not site.living())
    wait_until(lambda: not is_up(site.home))


def test_nothing_outlives_a_keeper_that_is_killed(site: Site) -> None:
    process = site.up_and_ready()
    record = read_record(site.home)
    assert record
    os.kill(record.keepers["page"].pid, signal.SIGKILL)
    said, _ = process.communicate()
    assert process.returncode == 1
    assert "The page service ended (signal SIGKILL)" in said
    assert site.living() == []


@pytest.mark.parametrize(
    ("kind", "ending"),
    [("broken", "ended (exit code 1): the disk is full."), ("killed", "ended (signal SIGKILL) without a word.")],
)
def test_a_service_that_dies_ends_the_others_and_is_named_with_its_last_words(
    site: Site, kind: str, ending: str
) -> None:
    said, _ = (process := site.up(kind)).communicate()
    assert process.returncode == 1
    assert said == f"The second service {ending} Its log is {site.home.logs / 'second.log'}.\n"
    assert site.living() == []


def test_a_service_that_does_not_answer_in_time_is_named(site: Site) -> None:
    said, _ = (process := site.up("silent")).communicate()
    assert process.returncode == 1
    assert said.startswith("The second service was not ready within 1 s: ")
    assert site.living() == []


def test_a_service_that_ignores_its_end_is_killed(site: Site) -> None:
    process = site.up("stubborn")
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    process.terminate()
    assert process.wait() == 0
    assert site.living() == []


def test_a_taken_port_is_named_with_the_option_that_chooses_another(site: Site) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", site.port + 1))
        other.listen()
        said, _ = (process := site.up("serving")).communicate()
    assert process.returncode == 1
    assert said.startswith(f"Port {site.port + 1} for the second service is taken. Choose another with --second-port")
    assert site.living() == []


def test_a_second_up_is_refused_and_leaves_the_first_alone(site: Site) -> None:
    first = site.up_and_ready()
    said, _ = (second := site.up("serving")).communicate()
    assert second.returncode == 1
    assert f"already up (process {first.pid})" in said
    assert [state.fault for state in states(site.home, services("serving", site.port))] == [None, None]


def test_a_detached_up_is_ended_by_down_and_a_second_down_finds_nothing(site: Site) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in site.environment.items():
            patch.setenv(name, value)
        start_detached(site.home, stand_in("serving"))
    assert len(helpers(site)) == 2
    first, second = site.command("down"), site.command("down")
    assert (first.returncode, first.stdout) == (0, "All services have ended.\n")
    assert (second.returncode, second.stdout) == (0, "Nothing is running.\n")
    assert site.living() == []


def test_a_detached_up_that_fails_says_why_and_leaves_nothing(site: Site) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in site.environment.items():
            patch.setenv(name, value)
        with pytest.raises(OcpperfError, match="the disk is full"):
            start_detached(site.home, stand_in("broken"))
    assert site.living() == []


def test_down_kills_what_does_not_end_and_says_so(site: Site) -> None:
    process = site.up_and_ready()
    process.send_signal(signal.SIGSTOP)
    said: list[str] = []
    end_services(site.home, said.append, wait_s=1)
    process.wait()
    assert "processes were killed" in said[0]
    assert not is_up(site.home)
    wait_until(lambda: not site.living())


def test_a_process_id_that_was_given_out_again_is_not_taken_for_a_service() -> None:
    own = Known.of(os.getpid())
    assert own.process() == psutil.Process()
    assert replace(own, started=own.started - 60).process() is None
