"""What `ocpperf doctor` says of each kind of endpoint: one line says what is wrong and what to do."""

import socket
import ssl
import subprocess
import sys
from pathlib import Path

import certifi
import pytest

from ocpperf_assets.promql import Endpoint, PrometheusClient, QueryError
from tests import wire as faults
from tests.conftest import shipped_catalogue
from tests.ocpperf_assets.doctor.conftest import NODES, TOKEN, Doctor
from tests.wire import Wire, wire_to

METRICS = len(shipped_catalogue().metrics)
# Of what never happens in the simulated quiet hour: their absence is no fault.
NOTHING_TO_SHOW = (
    "alerts_pending",
    "targets_down",
    "disk_backend_defrag_duration_sum",
    "debugging_snapshot_duration",
    "pods_waiting",
)


def test_a_cluster_in_order_has_no_fault(wire: Wire, shell_doctor: Doctor) -> None:
    said = shell_doctor(wire.url, "--cost", "--verbose", prometheus_token=TOKEN, cluster="lab")
    assert said.code == 0, said
    assert said.errors == ""
    assert said.faults == []
    assert "cluster lab, flavour openshift, step 1m, 4 queries at once" in said.lines[0]
    assert said.only("The server is Prometheus 2.").startswith("ok: ")
    assert said.only("OCPPERF_PROMETHEUS_TOKEN is accepted")
    assert said.only("The clocks agree")
    assert "The server is set to keep 10y." in said.only("Data reaches back to")
    assert said.only(f"{METRICS - len(NOTHING_TO_SHOW)} of the catalogue's {METRICS} metrics answer.")
    assert [said.only(f"ok: {metric}: nothing to show now, which is normal") for metric in NOTHING_TO_SHOW]
    assert len(said.matching(" series in ")) == METRICS - len(NOTHING_TO_SHOW)
    assert said.only("ok: disk_wal_fsync_seconds: ")
    assert len(said.only("Slowest queries").split(", ")) == 5
    assert said.only(f"Queries of a cluster of {NODES} nodes")
    assert "by its own count" in said.only("Work on the server")
    assert {request.authorization for request in wire.requests} == {f"Bearer {TOKEN}"}
    assert wire.most_under_way <= 4


def test_nobody_there(doctor: Doctor) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
        said = doctor(f"http://user:{TOKEN}@{address}")
    assert said.code == 1
    assert said.lines[2:] == (
        f"fault: http://{address} cannot be reached: the connection was refused. "
        "Check OCPPERF_PROMETHEUS_URL and that Prometheus is running.",
    )
    assert said.errors == ""


def test_no_address_is_set(doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    said = doctor("")
    assert said.code == 1
    assert said.faults == [
        "fault: No Prometheus is configured, and no Kubernetes credential was found to look for one. "
        "Set OCPPERF_PROMETHEUS_URL, for example http://localhost:9090, or KUBECONFIG."
    ]


def test_a_token_that_is_not_accepted(wire: Wire, doctor: Doctor) -> None:
    wire.always = faults.status(401, b"Unauthorized")
    said = doctor(wire.url, prometheus_token=TOKEN)
    assert said.code == 1
    assert said.faults == [
        f"fault: {wire.url} refused the credentials (HTTP 401). Give a token with monitoring-view rights in "
        "OCPPERF_PROMETHEUS_TOKEN or OCPPERF_PROMETHEUS_TOKEN_FILE."
    ]


def test_tls_spoken_to_a_port_without(wire: Wire, doctor: Doctor) -> None:
    said = doctor(wire.url.replace("http://", "https://"))
    assert said.code == 1
    assert "should begin with http:// instead of https://" in said.only("does not speak TLS as expected")


def test_a_certificate_nobody_signed(
    wire: Wire, doctor: Doctor, shell_doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What requests would rather listen to than to a session's own bundle.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certifi.where())
    certificate, key = tmp_path / "self.pem", tmp_path / "self.key"
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    subprocess.run([*make.split(), "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with wire_to(wire.upstream, context) as secure:
        refused = doctor(secure.url)
        trusted = doctor(secure.url, prometheus_ca=str(certificate))
        unverified = shell_doctor(secure.url, insecure_tls="1")
        elsewhere = Endpoint(secure.url.replace("127.0.0.1", "localhost"), ca=certificate, attempts=1)
        with pytest.raises(QueryError, match="made out to another name"):
            PrometheusClient(elsewhere).query("1", 0)
    assert refused.code == 1
    assert "Set OCPPERF_PROMETHEUS_CA to the CA bundle" in refused.only("is not trusted")
    assert trusted.code == 0
    assert trusted.only(f"The certificate is verified, by {certificate}.").startswith("ok: ")
    assert unverified.code == 0
    assert unverified.only("TLS certificates are not verified").startswith("warning: ")
    assert unverified.errors == ""


def test_a_login_page(wire: Wire, doctor: Doctor) -> None:
    wire.always = faults.status(200, b"<!DOCTYPE html><html><body>Log in</body></html>")
    said = doctor(wire.url)
    assert said.code == 1
    assert said.faults == [
        f"fault: {wire.url} answered with a web page instead of JSON. "
        "A login page or a proxy is in between: check OCPPERF_PROMETHEUS_URL and the token."
    ]


def test_an_endpoint_without_most_exporters(wire: Wire, doctor: Doctor) -> None:
    wire.always = faults.only_for("node_cpu_seconds", faults.empty)
    for exporter in ("etcd", "ovn", "apiserver", "container_"):
        wire.always = faults.only_for(exporter, faults.empty, wire.always)
    said = doctor(wire.url)
    assert said.code == 1
    assert "most of it is missing. Check that OCPPERF_PROMETHEUS_URL" in said.faults[0]
    assert 'no target has job="etcd", so the exporter is missing' in said.only('has job="etcd"')
    assert said.only("the exporter is there and does not expose node_cpu_seconds_total").startswith(
        "warning: cpu_io_utilization_iowait, node_cpu_busy, node_cpu_usage, node_load_per_core, node_softirq: "
    )


def test_a_thanos_querier_with_a_store_away(wire: Wire, doctor: Doctor) -> None:
    wire.always = faults.thanos("0.36.1", "no StoreAPIs matched for this query")
    said = doctor(wire.url, "--cost")
    assert said.code == 0
    assert "an answer may be partial" in said.only("ok: The server is Thanos 0.36.1")
    assert said.only(f"{METRICS} answers are partial: the server says 'no StoreAPIs matched").startswith("warning: ")
    assert "set to keep" not in said.only("Data reaches back to")


def test_queries_that_are_refused(wire: Wire, doctor: Doctor) -> None:
    refusal = b'{"status":"error","error":"query processing would load too many samples into memory"}'
    wire.always = faults.only_for("node_cpu_seconds", faults.status(422, refusal))
    said = doctor(wire.url)
    assert said.code == 1
    (line,) = said.faults
    assert line.startswith(
        "fault: cpu_io_utilization_iowait, node_cpu_busy, control_plane_cpu_busy, node_cpu_usage, "
        "node_load_per_core, node_softirq: "
    )
    assert "too many samples into memory. Give the metric a narrower selector" in line
    assert said.only(f"{METRICS - len(NOTHING_TO_SHOW) - 6} of the catalogue's {METRICS} metrics answer.")


def test_it_starts_without_dagster() -> None:
    loaded = "import sys, ocpperf_assets.doctor.examine; print('dagster' in sys.modules, 'requests' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
