"""README's troubleshooting prints what the program prints, each sentence with its next step, and nothing else.

The product's own code makes every message here, given a placeholder such as `<address>` where a value would stand.
Where only a real value will do, the situation is brought about and its values are replaced.
"""

import errno
import os
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import duckdb
import pytest
import requests
from kubernetes.client import Configuration

from ocpperf_assets.access.api import KubernetesApi
from ocpperf_assets.access.credentials import Credentials, find_credentials
from ocpperf_assets.access.discovery import discover
from ocpperf_assets.access.permissions import Permission
from ocpperf_assets.collecting import failed_run
from ocpperf_assets.diskspace import room_in
from ocpperf_assets.doctor import catalogue_verdict, memory_verdict, server_verdict
from ocpperf_assets.doctor.absence import Absence, Reason
from ocpperf_assets.doctor.answers import Answered
from ocpperf_assets.doctor.history import History
from ocpperf_assets.doctor.kubernetes_verdict import of_rights
from ocpperf_assets.doctor.line import Level
from ocpperf_assets.doctor.server import Reached
from ocpperf_assets.endpoint import endpoint
from ocpperf_assets.healing.within import forgotten, without_targets
from ocpperf_assets.inventory.collected import refuse_other_cluster
from ocpperf_assets.inventory.parts import PARTS
from ocpperf_assets.inventory.snapshot import Snapshot, Told
from ocpperf_assets.promql import Endpoint, PrometheusClient
from ocpperf_assets.promql.faults import of_connection, of_content, of_status
from ocpperf_assets.promql.identity import Identity
from ocpperf_assets.promql.tokens import FileToken
from ocpperf_assets.services.record import Known, Record, only_one, write_record
from ocpperf_assets.services.stack import Ports, services_of
from ocpperf_assets.services.supervisor import ended, not_ready, supervise
from ocpperf_assets.settings import Settings
from ocpperf_assets.slots.files import published
from ocpperf_assets.slots.lock import turn_lock
from ocpperf_mcp import layout
from ocpperf_mcp.contracts.directories import make_directory
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.sql.statement import single_select
from ocpperf_mcp.warehouse import open_published, published_slot, readable
from tests.conftest import shipped_catalogue
from tests.doubles.certificates import Authority
from tests.doubles.kubernetes_api import serving_api
from tests.doubles.kubernetes_api.flavours import vanilla
from tests.messages import Message, refusal, said
from tests.ocpperf_assets.notify.messages import of_notifications
from tests.ocpperf_assets.slots.conftest import Warehouse, shell
from tests.test_readme import README

SERVER = "<address>"
NOW = datetime(2026, 1, 20, tzinfo=UTC)
UNTOLD = Identity("", "", "")


def sections() -> dict[str, list[Message]]:
    """The messages under each heading of README's troubleshooting, as they are printed there."""
    text = README.partition("\n## Troubleshooting\n")[2].partition("\n## ")[0]
    found = {}
    for heading, body in re.findall(r"^### (.*)\n((?:(?!^### )[\s\S])*)", text, re.MULTILINE):
        blocks = re.findall(r"^```text\n(.*?)^```", body, re.MULTILINE | re.DOTALL)
        found[heading] = re.findall(r"^(\S.*)\n(?:  (\S.*)\n)?", "".join(blocks), re.MULTILINE)
    return found


def entering(context: AbstractContextManager[object]) -> OcpperfError:
    def enter() -> None:
        with context:
            pass

    return refusal(enter)


def of_settings(root: Path) -> Iterator[Message]:
    bundle, token, nowhere = root / "ca.pem", root / "token", root / "nowhere"
    bundle.touch()
    token.touch()
    reason = {"input should be greater than or equal to 0": "<reason>"}
    yield said(refusal(lambda: Settings(heal=-1)), {"OCPPERF_HEAL": "<variable>", **reason})
    yield said(refusal(partial(_endpoint_of_nobody, root)))
    for path in (bundle, nowhere):
        settings = Settings(prometheus_url="https://host", prometheus_ca=path)
        reason = {"No such file or directory": "<reason>"} if path is nowhere else {}
        yield said(refusal(partial(endpoint, settings)), {str(path): "<file>", **reason})
    yield said(refusal(lambda: _sent_with(token)), {str(token): "<file>"})
    yield said(refusal(lambda: _sent_with(nowhere)), {str(nowhere): "<file>", "No such file or directory": "<reason>"})
    token.write_text("Bearer abc")
    yield said(refusal(lambda: _sent_with(token)))


def _endpoint_of_nobody(home: Path) -> None:
    """Somebody without a kubeconfig, whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.delenv("KUBECONFIG", raising=False)
        patch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
        endpoint(Settings(prometheus_url=None))


def _sent_with(token: Path) -> None:
    PrometheusClient(Endpoint("http://127.0.0.1:9", tokens=FileToken(token))).query("1", 0)


def of_cluster(root: Path) -> Iterator[Message]:
    nowhere, broken = Settings(kubeconfig=str(root / "nowhere")), Settings(kubeconfig=str(root / "broken"))
    (root / "broken").write_text("kubeconfig: no", encoding="utf-8")
    yield said(refusal(lambda: find_credentials(nowhere)))
    known = Settings(kubeconfig=broken.kubeconfig, kube_context="lab")
    origin = {f"context lab of {broken.kubeconfig}": "<credential>"}
    yield said(refusal(lambda: find_credentials(known)), origin)
    authority = Authority(root / "authority")
    with serving_api(vanilla(), authority) as double:
        address = {double.url: "<address>"}
        credential = {"<the credential>": "<credential>"}
        yield said(refusal(lambda: _api_at(double.url, authority.certificate).get("/apis")), address | credential)
        yield said(refusal(lambda: _api_at(double.url, None).get("/apis")), address)
        double.cluster.tokens.add("")
        api = _api_at(double.url, authority.certificate)
        tried = {"no service in the usual namespaces looks like Prometheus": "<what was tried>"}
        yield said(refusal(lambda: discover(Settings(), api)), credential | tried)
    yield said(refusal(lambda: _api_at(double.url, None).get("/apis")), address)
    loss, instead = "<what is lost>", "<what to do without it>"
    right = Permission("", "<resource>", "<verb>", "", lost_without=loss, instead=instead, namespace="<namespace>")
    (line,) = of_rights([right], [right])
    yield said(line)
    nodes = Told(PARTS[0], "ok", rows=(("node", {"node": "n1"}),))
    snapshot = Snapshot("<cluster>", NOW, (nodes,), is_openshift=False)
    yield said(refusal(lambda: refuse_other_cluster(snapshot, frozenset({"n2"}), "<address>")))


def _api_at(url: str, ca: Path | None) -> KubernetesApi:
    def load(configuration: Configuration) -> None:
        configuration.host, configuration.ssl_ca_cert = url, str(ca) if ca else None
        configuration.api_key = {"BearerToken": "Bearer "}

    return KubernetesApi(Credentials(load, "<the credential>"))


def of_server(_root: Path) -> Iterator[Message]:
    refused = requests.ConnectionError("Connection refused")
    yield said(of_connection(refused, SERVER, 1), {"the connection was refused": "<reason>"})
    yield said(of_connection(requests.ReadTimeout(), SERVER, 1))
    for fault in ("CERTIFICATE_VERIFY_FAILED", "hostname mismatch", "wrong version number"):
        yield said(of_connection(requests.exceptions.SSLError(fault), SERVER, 1))
    yield said(of_status(401, b"Unauthorized", SERVER, 1), {"401": "<401 or 403>"})
    yield said(of_content(b"<!DOCTYPE html>", SERVER, 1))
    yield said(of_content(b"{", SERVER, 1), {"(1 bytes)": "(<n> bytes)"})
    yield said(of_status(503, b"Service Unavailable", SERVER, 1), {"503": "<status>"})
    yield said(of_status(503, b'{"error": "<the server\'s words>"}', SERVER, 1), {"503": "<status>"})
    yield said(without_targets(SERVER))


def of_what_the_server_has(_root: Path) -> Iterator[Message]:
    yield from _of_history()
    yield said(server_verdict.of_clock(Reached(0.1, 7.0)), {"7 s": "<n> s", "ahead of": "<ahead of or behind>"})
    metric = shipped_catalogue().metrics[0].model_copy(update={"name": "<metrics>"})
    silent, answering = Answered(metric), Answered(metric, labels=({},))
    (none,) = catalogue_verdict.of_answers([silent], [], verbose=False)
    yield said(none, {"1": "<n>"})
    (few,) = catalogue_verdict.of_answers([answering, silent, silent], [], verbose=False)
    yield said(few, {"1": "<n>", "3": "<n>"})
    for reason in Reason:
        (line,) = catalogue_verdict.of_absences([Absence(metric, reason, _ABOUT.get(reason, ""))], verbose=False)
        if line.level is not Level.OK:
            yield said(line)
    too_large = of_status(422, b'{"error": "too many samples"}', SERVER, 1)
    partial = Answered(metric, missing=("<the server's words>",))
    refused, incomplete = catalogue_verdict.of_failures([Answered(metric, failure=too_large), partial], verbose=False)
    yield said(refused, {"too many samples": "<the server's words>"})
    yield said(incomplete, {"1": "<n>"})
    hours = (2, 3, NOW, NOW + timedelta(hours=1))
    span = {
        "2026-01-20 00:00": "<time>",
        "2026-01-20 01:00": "<time>",
        "2 hours": "<n> hours",
        "3 metrics": "<n> metrics",
    }
    yield said(memory_verdict.waiting(0, *hours), span)
    yield said(memory_verdict.lost(*hours), span)


_ABOUT = {
    Reason.FLAVOUR: "<flavour>",
    Reason.MIXED: "<flavour>",
    Reason.NO_TARGET: "<job>",
    Reason.TARGET_DOWN: "<job>",
    Reason.NO_SUCH_SERIES: "<series>",
    Reason.NOT_SELECTED: "<selector>",
}


def _of_history() -> Iterator[Message]:
    now_s = NOW.timestamp()
    (nothing,) = server_verdict.of_history(None, UNTOLD, now_s)
    yield said(nothing)
    little = History(now_s - 7200, now_s - 3600, is_current=False, reaches_further=False)
    short, late = server_verdict.of_history(little, UNTOLD, now_s)
    yield said(short, {"2026-01-19 22:00": "<time>", "1.0": "<n>"})
    yield said(late, {"2026-01-19 23:00": "<time>", "60 min": "<n> min"})


def of_collecting(root: Path) -> Iterator[Message]:
    yield said(forgotten(NOW), {"2026-01-20 00:00": "<time>"})
    yield said(failed_run("<sentence>", "<run>"))
    lock = root / "writer.lock"
    doing = "writing the warehouse"
    with turn_lock(lock, doing, 0, None):
        (process,) = re.findall(r"Process (\d+)", str(second := entering(turn_lock(lock, doing, 0, None))))
    yield said(second, {process: "<pid>", "0 s": "<n> s", str(lock): "<home>/slots/writer.lock"})
    full = refusal(lambda: _on_a_full_disk(root))
    sizes = dict.fromkeys(re.findall(r"[\d,]+ MiB", str(full)), "<n> MiB")
    yield said(full, {str(root): "<home>/slots", **sizes})


def _on_a_full_disk(directory: Path) -> None:
    with room_in(directory):
        raise OSError(errno.ENOSPC, "No space left on device")


def of_warehouse(root: Path) -> Iterator[Message]:
    warehouse = Warehouse(Home(root / "home"))
    home, names = warehouse.home, {str(root / "home"): "<home>"}
    yield said(refusal(lambda: published_slot(home)), names)
    warehouse.publish(0)
    with shell(warehouse.published, "write") as intruder:
        held = entering(open_published(home, deadline_s=0))
    (program,) = re.findall(r"writing by (.*) \(", held.what)
    yield said(held, names | {program: "<program>", str(intruder.process.pid): "<pid>"})
    yield said(readable(duckdb.IOException("<DuckDB's words>"), Path("<home>/slots/a.duckdb")))
    with duckdb.connect() as newer:
        newer.execute(f"create table {layout.TABLE} as select {layout.LAYOUT + 1} as version")
        refused = refusal(lambda: layout.layout_of(newer))
    yield said(refused, {f"layout {layout.LAYOUT + 1}": "layout <n>", f"knows {layout.LAYOUT}": "knows <n>"})
    warehouse.published.unlink()
    yield said(refusal(lambda: published_slot(home)), names)
    home.link.unlink()
    home.link.touch()
    yield said(refusal(lambda: published(home)), names)
    under_a_file = refusal(lambda: make_directory(home.link / "slots"))
    yield said(under_a_file, {str(home.link / "slots"): "<home>/slots", "Not a directory": "<reason>"})
    yield said(refusal(lambda: single_select("drop table fct_metric_hourly")))


def of_services(root: Path) -> Iterator[Message]:
    home = Home(root / "home")
    with only_one(home):
        write_record(home, Record(me := Known.of(os.getpid())))
        yield said(entering(only_one(home)), {str(home.root): "<home>", str(me.pid): "<pid>"})
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        services = services_of(home, Ports(dagster=port))
        yield said(refusal(lambda: supervise(home, services, lambda: None)), {str(port): "<port>"})
    log = Path("<home>/logs/<service>.log")
    yield said(ended("<service>", 1, "<last line of its log>", log), {"code 1": "code <n>"})
    yield said(not_ready("<service>", 180, "<reason>", log), {"180": "<n>"})


SITUATIONS: Mapping[str, Callable[[Path], Iterator[Message]]] = {
    "Settings": of_settings,
    "Reaching the cluster": of_cluster,
    "Reaching the server": of_server,
    "What the server has": of_what_the_server_has,
    "Collecting": of_collecting,
    "The home and the warehouse": of_warehouse,
    "Telling channels": of_notifications,
    "`ocpperf up`": of_services,
}


@pytest.fixture(autouse=True)
def _no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the environment nor a `.env` of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith("OCPPERF_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("heading", SITUATIONS)
def test_the_section_has_the_messages_of_its_situation_and_no_others(tmp_path: Path, heading: str) -> None:
    written = sections()[heading]
    assert set(written) == set(SITUATIONS[heading](tmp_path))
    assert len(set(written)) == len(written)


def test_there_is_no_other_section() -> None:
    assert list(sections()) == list(SITUATIONS)
