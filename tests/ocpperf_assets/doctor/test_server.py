"""Which server answers, how its clock goes, and from when to when it has data."""

import time
from collections.abc import Iterator

import pytest

from ocpperf_assets.doctor.history import find_history
from ocpperf_assets.doctor.server import reach
from ocpperf_assets.promql import Endpoint, PrometheusClient
from ocpperf_assets.promql.identity import Identity, identify
from tests import wire as faults
from tests.ocpperf_assets.doctor.conftest import Past
from tests.wire import Wire, wire_to

VICTORIA = b'{"status":"success","data":{"version":"2.24.0"}}'
MIMIR = b'{"status":"success","data":{"application":"Grafana Mimir","version":"2.13.0","goVersion":"go1.22"}}'


@pytest.fixture
def wire(past: Past) -> Iterator[Wire]:
    """Before a server of which only matters that it is one."""
    with wire_to(past.url) as proxy:
        yield proxy


def client(wire: Wire) -> PrometheusClient:
    return PrometheusClient(Endpoint(wire.url, attempts=1))


def test_prometheus_says_what_it_is_and_what_it_keeps(wire: Wire) -> None:
    told = identify(client(wire))
    assert (told.name, told.retention) == ("Prometheus", "10y")
    assert told.version.startswith("2.")


@pytest.mark.parametrize("version", ["0.36.1", "", "v0.15.0"])
def test_thanos_is_known_even_where_it_is_too_old_to_tell(wire: Wire, version: str) -> None:
    wire.always = faults.thanos(version)
    assert identify(client(wire)) == Identity("Thanos", version, "")


@pytest.mark.parametrize(
    ("body", "name", "version"), [(MIMIR, "Grafana Mimir", "2.13.0"), (VICTORIA, "", "2.24.0"), (b"[]", "", "")]
)
def test_another_server_is_called_what_it_calls_itself(wire: Wire, body: bytes, name: str, version: str) -> None:
    wire.faults.append(faults.status(200, body))
    wire.always = faults.status(404)
    assert identify(client(wire)) == Identity(name, version, "")


def test_a_server_on_this_machine_has_this_machines_clock(wire: Wire) -> None:
    assert reach(client(wire)).ahead_s == 0


def test_a_clock_ahead_is_seen_through_the_headers_whole_seconds(wire: Wire) -> None:
    wire.always = faults.dated(time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 90)))
    assert reach(client(wire)).ahead_s == pytest.approx(89, abs=2)


def test_without_a_date_no_clock_is_compared(wire: Wire) -> None:
    wire.always = faults.dated("")
    assert reach(client(wire)).ahead_s is None


def test_both_ends_of_the_data_are_found(past: Past) -> None:
    history = find_history(past.client, past.now_s)
    assert history is not None
    assert history.oldest_s == pytest.approx(past.first_s, abs=240)
    assert past.last_s - 180 <= history.newest_s <= past.last_s + 60
    assert not history.is_current
    assert not history.reaches_further


def test_data_up_to_now_is_current(past: Past) -> None:
    history = find_history(past.client, past.last_s)
    assert history is not None
    assert history.is_current
    assert history.newest_s == past.last_s - 120


def test_where_there_is_nothing_there_is_no_history(past: Past) -> None:
    assert find_history(past.client, past.now_s + 20 * 365 * 86_400) is None
