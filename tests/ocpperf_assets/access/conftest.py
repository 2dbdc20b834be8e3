"""A double of the Kubernetes API, and a real Prometheus behind TLS that wants a token."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from demo.prometheus import LocalPrometheus
from ocpperf_assets.access.api import KubernetesApi
from ocpperf_assets.access.credentials import find_credentials
from ocpperf_assets.settings import Settings
from tests import wire as faults
from tests.doubles.certificates import Authority
from tests.doubles.kubernetes_api import Cluster, KubernetesDouble, serving_api
from tests.openmetrics import serving
from tests.wire import Fault, Reply, Request, Wire, wire_to

USER = "sha256~a-secret-of-the-user"
NOW = 1_767_225_600
"""2026-01-01T00:00:00Z in Unix seconds."""

Serve = Callable[[Cluster], KubernetesDouble]
Reach = Callable[..., KubernetesApi]


def guarded(*tokens: str, refusal: int = 401) -> Fault:
    """The real answer to whoever brings one of these tokens."""

    def fault(wire: Wire, request: Request) -> Reply:
        token = (request.authorization or "").removeprefix("Bearer ")
        return faults.pass_on(wire, request) if token in tokens else Reply(refusal, b"Unauthorized")

    return fault


def settings_for(kubeconfig: Path | None = None, **values: Any) -> Settings:
    """Settings of these values alone, whatever the environment says."""
    named = {"_env_file": None} | ({"kubeconfig": str(kubeconfig)} if kubeconfig else {}) | values
    return Settings(**named)


@pytest.fixture(autouse=True)
def nobodys_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No kubeconfig, pod or proxy of whoever runs the tests."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("KUBECONFIG", "KUBERNETES_SERVICE_HOST", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="session")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPrometheus]:
    """A real Prometheus with two hours of one series."""
    lines = ["# TYPE up gauge", *(f'up{{job="etcd"}} 1 {NOW + at}' for at in range(0, 7200, 30))]
    with serving(lines, tmp_path_factory.mktemp("behind")) as server:
        yield server


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def ingress(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Signs the routes, and nothing else."""
    return Authority(tmp_path_factory.mktemp("ingress"), "the ingress of the tests")


@pytest.fixture
def routed(behind: LocalPrometheus, ingress: Authority) -> Iterator[Wire]:
    """What a route leads to: TLS, and the user's token wanted."""
    with wire_to(behind.url, ingress.sign("localhost").server_context()) as wire:
        wire.always = guarded(USER)
        yield wire


@pytest.fixture
def serve(authority: Authority) -> Iterator[Serve]:
    """Serve the API of a cluster."""
    with ExitStack() as stack:
        yield lambda cluster: stack.enter_context(serving_api(cluster, authority))


@pytest.fixture
def reach(tmp_path: Path) -> Iterator[Reach]:
    """The real client with a kubeconfig of that user, by default the one with the token."""
    with ExitStack() as stack:

        def connect(double: KubernetesDouble, user: dict[str, Any] | None = None, **patience: Any) -> KubernetesApi:
            config = double.kubeconfig(tmp_path / "kubeconfig", user or {"token": USER})
            credentials = find_credentials(settings_for(config))
            assert credentials is not None
            api = KubernetesApi(credentials, **patience)
            stack.callback(api.close)
            return api

        yield connect


@pytest.fixture
def pod(tmp_path: Path, authority: Authority) -> Path:
    """The directory in which Kubernetes mounts the service account of a pod."""
    folder = tmp_path / "serviceaccount"
    folder.mkdir()
    (folder / "token").write_text(USER, encoding="ascii")
    (folder / "ca.crt").write_text(authority.pem, encoding="ascii")
    return folder
