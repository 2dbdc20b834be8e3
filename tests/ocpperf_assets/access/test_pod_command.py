"""A command in a pod: what it writes and how it ends, and every way in which it does not get that far."""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocpperf_assets.access.api import ApiError, KubernetesApi
from ocpperf_assets.access.credentials import find_credentials
from ocpperf_assets.access.pod_command import Container, Output, run
from tests.doubles.certificates import Authority
from tests.doubles.forward_proxy import forwarding
from tests.doubles.kubernetes_api import Cluster, refuses, slowly
from tests.doubles.kubernetes_api.commands import Program, Ran, Wrote, never_started
from tests.doubles.kubernetes_api.flavours import item, openshift
from tests.ocpperf_assets.access.conftest import USER, Reach, Serve, settings_for

WHERE = Container("openshift-etcd", "etcd-m1", "etcdctl")
ARGV = ("etcdctl", "--key", "/etc/kubernetes/a-private.key", "endpoint", "health")


def cluster_with(program: Program) -> Cluster:
    cluster = openshift(USER)
    pod = item(WHERE.pod, WHERE.namespace, spec={"containers": [{"name": WHERE.name}]})
    cluster.store.add("", "v1", "pods", pod)
    cluster.program = program
    return cluster


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """Set at the end, so that what waits for it goes home."""
    event = threading.Event()
    yield event
    event.set()


def test_the_command_runs_word_for_word_and_no_shell_reads_it(serve: Serve, reach: Reach) -> None:
    ran: list[Ran] = []

    def program(one: Ran) -> Wrote:
        ran.append(one)
        return Wrote(stdout="ja" * 3000 + "ä", stderr="a word")

    output = run(reach(serve(cluster_with(program))), WHERE, [*ARGV, "a b; $c"])
    assert output == Output("ja" * 3000 + "ä", "a word", 0)
    assert ran == [Ran(WHERE.namespace, WHERE.pod, WHERE.name, (*ARGV, "a b; $c"))]


def test_a_command_that_fails_has_its_output_still(serve: Serve, reach: Reach) -> None:
    double = serve(cluster_with(lambda _: Wrote("[1]", "Error: unhealthy cluster", 1)))
    assert run(reach(double), WHERE, ARGV) == Output("[1]", "Error: unhealthy cluster", 1)


@pytest.mark.parametrize("verb", ["get", "create"])
def test_both_rights_are_needed_and_the_refusal_says_where_they_are(serve: Serve, reach: Reach, verb: str) -> None:
    double = serve(cluster_with(lambda _: Wrote()))
    double.cluster.deny(verb, "pods/exec")
    with pytest.raises(ApiError, match="does not allow commands in pods of openshift-etcd") as refusal:
        run(reach(double), WHERE, ARGV)
    assert refusal.value.is_forbidden
    assert "deploy/rbac-etcd-exec.yaml" in refusal.value.next_step


def test_a_pod_that_does_not_answer_in_time_is_let_go_of(serve: Serve, reach: Reach, released: threading.Event) -> None:
    def program(_: Ran) -> Wrote:
        released.wait(60)
        return Wrote()

    hanging, handshaking = serve(cluster_with(program)), serve(cluster_with(lambda _: Wrote()))
    handshaking.cluster.faults.append(slowly(released))
    for double in (hanging, handshaking):
        with pytest.raises(ApiError, match="did not end in time"):
            run(reach(double), WHERE, ARGV, deadline_s=0.2)


@pytest.mark.parametrize(
    ("where", "says"),
    [
        (Container("openshift-etcd", "etcd-m9", "etcdctl"), "There is no pod openshift-etcd/etcd-m9 any more"),
        (Container("openshift-etcd", "etcd-m1", "sh"), "answered HTTP 400 to a command in container sh"),
    ],
)
def test_what_is_not_there_is_named(serve: Serve, reach: Reach, where: Container, says: str) -> None:
    with pytest.raises(ApiError, match=says):
        run(reach(serve(cluster_with(lambda _: Wrote()))), where, ARGV)


def test_no_fault_repeats_the_command_or_the_token(
    serve: Serve, reach: Reach, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    double = serve(cluster_with(lambda _: never_started(f"exec {ARGV}: not found")))
    api, told = reach(double), []
    for fault in (None, refuses(401), refuses(500), refuses(200)):
        double.cluster.faults[:] = [fault] if fault else []
        with pytest.raises(ApiError) as raised:
            run(api, WHERE, ARGV)
        told.append(f"{raised.value} {raised.value.__cause__} {raised.value.next_step}")
    assert "did not run to its end" in told[0]
    assert not [text for text in (*told, caplog.text) if USER in text or "a-private" in text]


def test_a_token_that_was_replaced_meanwhile_is_read_again(serve: Serve, reach: Reach, tmp_path: Path) -> None:
    double = serve(cluster_with(lambda _: Wrote("done")))
    api = reach(double)
    double.cluster.tokens = {"the next one"}
    double.kubeconfig(tmp_path / "kubeconfig", {"token": "the next one"})
    assert run(api, WHERE, ARGV).stdout == "done"


def test_a_certificate_does_as_well_as_a_token(serve: Serve, reach: Reach) -> None:
    double = serve(cluster_with(lambda _: Wrote("done")))
    assert run(reach(double, double.certificate_user()), WHERE, ARGV).stdout == "done"
    assert double.cluster.asked[-1].authorization is None


def test_the_certificate_of_the_api_is_verified_unless_the_settings_say_otherwise(
    serve: Serve, tmp_path: Path, ingress: Authority
) -> None:
    double = serve(cluster_with(lambda _: Wrote("done")))
    foreign = {"certificate-authority": str(ingress.certificate)}
    path = double.kubeconfig(tmp_path / "config", {"token": USER}, **foreign)
    careful, careless = (find_credentials(settings_for(path, insecure_tls=insecure)) for insecure in (False, True))
    assert careful is not None
    assert careless is not None
    with pytest.raises(ApiError, match=r"The connection to container etcdctl .* failed\."):
        run(KubernetesApi(careful), WHERE, ARGV)
    assert double.cluster.asked == []
    assert run(KubernetesApi(careless), WHERE, ARGV).stdout == "done"


def test_a_proxy_of_the_environment_is_taken_and_left_out_as_for_other_requests(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    double = serve(cluster_with(lambda _: Wrote("done")))
    path = double.kubeconfig(tmp_path / "config", {"token": USER})
    for left_out, passed in (("", [double.url.removeprefix("https://")]), ("127.0.0.1", [])):
        with forwarding({}) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", proxy.url)
            monkeypatch.setenv("NO_PROXY", left_out)
            credentials = find_credentials(settings_for(path))
            assert credentials is not None
            assert run(KubernetesApi(credentials), WHERE, ARGV).stdout == "done"
        assert proxy.passed == passed
