"""What `ocpperf collect` says when Prometheus does not answer as it should; each fault is provoked on the wire."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from demo.prometheus import LocalPrometheus, free_port
from ocpperf_mcp.contracts.windows import HOUR
from tests import wire as faults
from tests.conftest import Demo, Ended, collect_here
from tests.wire import Fault, Wire, wire_to

LOGIN = b"<!DOCTYPE html><html><head><title>Log in</title></head><body>Sign in with SSO</body></html>"
ERROR = b'{"status":"error","errorType":"bad_data","error":"invalid parameter \\"query\\": 1:1: parse error"}'
TABLES = dict.fromkeys(("raw_node", "raw_etcd", "fct_metric_hourly", "fct_bottleneck"), "*")


@pytest.fixture
def wire(prometheus: LocalPrometheus) -> Iterator[Wire]:
    with wire_to(prometheus.url) as proxy:
        yield proxy


Collect = Callable[..., Ended]


@pytest.fixture
def collect(copied: Demo) -> Collect:
    """The command with one metric, over the copied warehouse unless told otherwise."""

    def run(url: str, *options: str, **settings: str) -> Ended:
        environment = {**copied.environment(url), "OCPPERF_PROMETHEUS_TIMEOUT": "1s", **settings}
        return collect_here(environment, "--metric", "node_cpu_busy", *(options or ("--last", "3h")))

    return run


FAULTS: Sequence[tuple[str, Fault, Sequence[str]]] = (
    ("token", faults.status(401, b"Unauthorized"), ("refused the credentials (HTTP 401)", "OCPPERF_PROMETHEUS_TOKEN")),
    (
        "html",
        faults.status(200, LOGIN, Content_Type="text/html"),
        ("answered with a web page instead of JSON", "OCPPERF_PROMETHEUS_URL"),
    ),
    ("cut", faults.damaged(60), ("JSON that is cut off or damaged", "a proxy in between cuts answers")),
    ("error", faults.status(200, ERROR), ("parse error", "ocpperf doctor --verbose")),
    ("slow", faults.slowly(1.5), ("did not answer in time", "OCPPERF_PROMETHEUS_TIMEOUT")),
    ("busy", faults.status(503, b"overloaded"), ("answered HTTP 503", "base address")),
)


@pytest.fixture(scope="module")
def before(faulty: Demo) -> Mapping[str, object]:
    """What is in every copy before anything is collected."""
    return faulty.fingerprints(TABLES)


@pytest.mark.parametrize(("fault", "said"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS])
def test_a_fault_of_the_server_is_one_sentence_and_nothing_is_lost(
    copied: Demo, collect: Collect, wire: Wire, before: Mapping[str, object], fault: Fault, said: Sequence[str]
) -> None:
    wire.always = fault
    ended = collect(wire.url)
    assert ended.code == 1
    for words in said:
        assert words in ended.errors
    assert "Traceback" not in ended.errors
    assert copied.fingerprints(TABLES) == before


def test_a_window_before_retention_is_refused_with_what_there_is(
    copied: Demo, collect: Collect, prometheus: LocalPrometheus
) -> None:
    before = copied.fingerprint("raw_extraction")
    ended = collect(prometheus.url, "--from", "2020-01-01T00:00Z", "--last", "6h")
    assert ended.code == 1
    assert "Prometheus has data since" in ended.errors
    assert "Choose a later window" in ended.errors
    assert copied.fingerprint("raw_extraction") == before


def test_the_hours_of_a_window_that_prometheus_forgot_are_left_out(
    copied: Demo, collect: Collect, prometheus: LocalPrometheus, day: tuple[datetime, datetime]
) -> None:
    ended = collect(prometheus.url, "--from", (day[0] - 15 * HOUR).isoformat(), "--last", "16h")
    assert ended.code == 0
    assert "the hours before are left out" in ended.errors
    begun = (day[0] - HOUR).replace(tzinfo=None)
    assert copied.rows("select min(hour) from raw_extraction") == [(begun,)], "the demo begins ten minutes early"


def test_a_server_without_any_data_is_told(collect: Collect, tmp_path: Path) -> None:
    with LocalPrometheus(tmp_path / "empty") as server:
        ended = collect(server.url)
    assert ended.code == 1
    assert "has no data of any target" in ended.errors
    assert "ocpperf doctor" in ended.errors


def test_a_home_that_cannot_be_written_is_refused(
    collect: Collect, prometheus: LocalPrometheus, tmp_path: Path
) -> None:
    """A file stands where the directory would be made: root, who may run these tests, may write to any directory."""
    (tmp_path / "file").write_text("")
    ended = collect(prometheus.url, OCPPERF_HOME=str(tmp_path / "file" / "home"))
    assert ended.code == 1
    assert "OCPPERF_HOME" in ended.errors
    assert "Traceback" not in ended.errors


def test_nobody_there(collect: Collect) -> None:
    ended = collect(f"http://127.0.0.1:{free_port()}")
    assert ended.code == 1
    assert "cannot be reached: the connection was refused" in ended.errors
    assert "Check OCPPERF_PROMETHEUS_URL" in ended.errors
