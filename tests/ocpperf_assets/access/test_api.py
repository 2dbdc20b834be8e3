"""The API as plain values: pages, what is absent, and each refusal as a sentence."""

import socket
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from ocpperf_assets.access.api import ApiError, KubernetesApi
from ocpperf_assets.access.credentials import find_credentials
from tests.doubles.forward_proxy import forwarding
from tests.doubles.kubernetes_api import refuses, slowly
from tests.doubles.kubernetes_api.cluster import Answer
from tests.doubles.kubernetes_api.flavours import SERVICES, item, vanilla
from tests.ocpperf_assets.access.conftest import USER, Reach, Serve, settings_for


def test_a_long_list_comes_page_by_page(serve: Serve, reach: Reach) -> None:
    double = serve(vanilla(USER))
    double.cluster.store.add("", "v1", "pods", *(item(f"pod-{number}", "default") for number in range(1201)))
    api = reach(double)
    assert [one["metadata"]["name"] for one in api.items("/api/v1/pods")] == [f"pod-{n}" for n in range(1201)]
    assert len(double.cluster.asked) == 3
    counted = api.get("/api/v1/pods", limit=1)
    assert counted is not None
    assert counted["metadata"]["remainingItemCount"] == 1200


def test_what_is_selected_is_listed(serve: Serve, reach: Reach) -> None:
    double = serve(vanilla(USER))
    double.cluster.store.add(*SERVICES, item("one", "a", {"app": "x"}), item("two", "a"), item("three", "b"))
    api = reach(double)

    def names(path: str, **query: str) -> list[str]:
        return [one["metadata"]["name"] for one in api.items(path, **query)]

    assert names("/api/v1/namespaces/a/services") == ["one", "two"]
    assert names("/api/v1/services", labelSelector="app=x") == ["one"]
    assert names("/api/v1/services", fieldSelector="metadata.name=three") == ["three"]


def test_what_is_absent_is_none(serve: Serve, reach: Reach) -> None:
    api = reach(serve(vanilla(USER)))
    assert not api.has_group("route.openshift.io")
    assert api.get("/apis/route.openshift.io/v1/namespaces/a/routes/b") is None
    assert api.get("/api/v1/namespaces/a/services/b") is None
    assert list(api.items("/apis/route.openshift.io/v1/routes")) == []


def test_groups_are_asked_for_once(serve: Serve, reach: Reach) -> None:
    double = serve(vanilla(USER))
    api = reach(double)
    assert (api.has_group("apps"), api.has_group("batch")) == (True, False)
    assert len(double.cluster.asked) == 1


def test_a_right_that_is_missing_is_said(serve: Serve, reach: Reach) -> None:
    double = serve(vanilla(USER))
    double.cluster.deny("list", "services", "a")
    api = reach(double)
    assert list(api.items("/api/v1/namespaces/b/services")) == []
    with pytest.raises(
        ApiError, match=r"does not allow GET /api/v1/namespaces/a/services.*deploy/rbac.yaml"
    ) as refused:
        list(api.items("/api/v1/namespaces/a/services"))
    assert refused.value.is_forbidden


def test_other_refusals_are_said(serve: Serve, reach: Reach) -> None:
    double = serve(vanilla(USER))
    api = reach(double)
    double.cluster.once.append(refuses(500))
    with pytest.raises(ApiError, match="answered HTTP 500 to GET /apis"):
        api.get("/apis")
    double.cluster.once.append(lambda _asked: Answer(200, b"<html>Log in</html>", "text/html"))
    with pytest.raises(ApiError, match="something else than the JSON"):
        api.get("/apis")


def test_a_slow_api_is_not_waited_for_without_end(serve: Serve, reach: Reach) -> None:
    double = serve(vanilla(USER))
    told = threading.Event()
    double.cluster.faults.append(slowly(told))
    try:
        with pytest.raises(ApiError, match="did not answer in time"):
            reach(double, patience_s=(5.0, 0.05)).get("/apis")
    finally:
        told.set()


def test_nobody_there_is_said(serve: Serve, reach: Reach) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = replace(serve(vanilla()), url=f"https://127.0.0.1:{closed.getsockname()[1]}")
        with pytest.raises(ApiError, match=r"cannot be reached\. Check the server of the kubeconfig's cluster"):
            reach(nowhere).get("/apis")


def test_the_proxy_of_the_environment_is_used_and_left_out_where_it_says(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    double = serve(vanilla(USER))
    path = double.kubeconfig(tmp_path / "config", {"token": USER})
    for left_out, passed in (("", [double.url.removeprefix("https://")]), ("127.0.0.1", [])):
        with forwarding({}) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", proxy.url)
            monkeypatch.setenv("NO_PROXY", left_out)
            credentials = find_credentials(settings_for(path))
            assert credentials is not None
            assert KubernetesApi(credentials).has_group("apps")
        assert proxy.passed == passed
