"""Which credential the Kubernetes API is asked with, and what is said where there is none."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from ocpperf_assets.access.api import ApiError, KubernetesApi
from ocpperf_assets.access.credentials import Credentials, find_credentials
from ocpperf_mcp.contracts.errors import OcpperfError
from tests.doubles.certificates import Authority
from tests.doubles.kubernetes_api import KubernetesDouble, serving_api
from tests.doubles.kubernetes_api.flavours import vanilla
from tests.ocpperf_assets.access.conftest import USER, Reach, Serve, settings_for

LATER = "sha256~a-later-secret"


def found(path: Path, **settings: Any) -> Credentials:
    credentials = find_credentials(settings_for(path, **settings))
    assert credentials is not None
    return credentials


def test_the_users_token_of_the_current_context_is_sent(serve: Serve, reach: Reach, tmp_path: Path) -> None:
    double = serve(vanilla(USER))
    api = reach(double)
    assert api.has_group("apps")
    assert api.credentials.origin == f"context lab of {tmp_path / 'kubeconfig'}"
    assert [one.authorization for one in double.cluster.asked] == [f"Bearer {USER}"]


def test_a_user_may_be_known_by_a_certificate(serve: Serve, reach: Reach) -> None:
    double = serve(vanilla())
    api = reach(double, double.certificate_user())
    assert api.has_group("apps")
    assert api.credentials.bearer() is None


def plugin(folder: Path, expires: str) -> dict[str, Any]:
    """A user whose token an exec plugin prints: another one each time it runs."""
    status = {"token": "%s", "expirationTimestamp": expires}
    printed = json.dumps({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": status})
    script = folder / "plugin.sh"
    script.write_text(f"#!/bin/sh\necho run >> {folder}/runs\nprintf '{printed}' token-$(wc -l < {folder}/runs)\n")
    script.chmod(0o755)
    return {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": str(script), "args": []}}


@pytest.mark.parametrize(("expires", "again"), [("2099-01-01T00:00:00Z", False), ("2001-01-01T00:00:00Z", True)])
def test_the_client_runs_an_exec_plugin_again_once_its_token_has_expired(
    serve: Serve, reach: Reach, tmp_path: Path, expires: str, again: bool
) -> None:
    double = serve(vanilla(*(f"token-{number}" for number in range(1, 9))))
    api = reach(double, plugin(tmp_path, expires))
    assert (api.credentials.bearer() != api.credentials.bearer()) is again
    assert api.has_group("apps")


def test_an_exec_plugin_that_fails_is_said(tmp_path: Path, serve: Serve) -> None:
    user = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "/bin/false"}}
    path = serve(vanilla()).kubeconfig(tmp_path / "config", user)
    with pytest.raises(OcpperfError, match=r"Context lab of .*/config gives no credential.*exec plugin"):
        found(path)


def test_a_token_that_is_refused_is_read_again(serve: Serve, reach: Reach, tmp_path: Path) -> None:
    double = serve(vanilla(USER))
    api = reach(double)
    assert api.get("/apis")
    double.cluster.tokens = {LATER}
    double.kubeconfig(tmp_path / "kubeconfig", {"token": LATER})
    assert api.get("/apis")
    assert [one.authorization for one in double.cluster.asked[1:]] == [f"Bearer {USER}", f"Bearer {LATER}"]


def test_a_token_that_stays_refused_is_said_after_one_question(serve: Serve, reach: Reach) -> None:
    double = serve(vanilla())
    with pytest.raises(ApiError, match=r"does not accept the credential of context lab.*Log in"):
        reach(double).get("/apis")
    assert len(double.cluster.asked) == 1


def test_a_context_that_is_switched_meanwhile_does_not_lead_elsewhere(
    serve: Serve, reach: Reach, tmp_path: Path
) -> None:
    mine, other = serve(vanilla(USER)), serve(vanilla(USER, LATER))
    api = reach(mine)
    config = yaml.safe_load((tmp_path / "kubeconfig").read_text())
    config["clusters"].append({"name": "o", "cluster": {"server": other.url}})
    config["users"].append({"name": "v", "user": {"token": LATER}})
    config["contexts"].append({"name": "elsewhere", "context": {"cluster": "o", "user": "v"}})
    config["current-context"] = "elsewhere"
    (tmp_path / "kubeconfig").write_text(yaml.safe_dump(config))
    mine.cluster.tokens.clear()
    with pytest.raises(ApiError, match="does not accept"):
        api.get("/apis")
    assert other.cluster.asked == []
    assert found(tmp_path / "kubeconfig").bearer() == LATER
    assert found(tmp_path / "kubeconfig", kube_context="lab").bearer() == USER


@pytest.mark.parametrize("content", ["", "- a\n", "current-context: none\n", f"users: [{{token: {USER}"])
def test_a_broken_kubeconfig_is_said_without_its_content(tmp_path: Path, content: str) -> None:
    path = tmp_path / "config"
    path.write_text(content)
    with pytest.raises(OcpperfError, match="cannot be used") as refused:
        found(path)
    assert USER not in f"{refused.value!r} {refused.value.__context__!r}"


def test_an_entry_that_lacks_a_field_is_said_without_its_token(tmp_path: Path, serve: Serve) -> None:
    path = serve(vanilla()).kubeconfig(tmp_path / "config", {"token": USER})
    config = yaml.safe_load(path.read_text())
    config["contexts"][0]["context"].pop("cluster")
    path.write_text(yaml.safe_dump(config))
    for named, said in ((None, "it has no usable current context"), ("lab", "context lab")):
        with pytest.raises(OcpperfError, match=f"cannot be used: {said}") as refused:
            found(path, kube_context=named)
        assert USER not in str(refused.value)


def test_a_kubeconfig_that_is_named_and_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(OcpperfError, match="KUBECONFIG names no file that exists"):
        find_credentials(settings_for(tmp_path / "nowhere"))


def test_without_a_kubeconfig_it_is_the_service_account_of_the_pod(
    serve: Serve, pod: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    double = serve(vanilla(USER))
    host, _, port = double.url.removeprefix("https://").partition(":")
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", host)
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", port)
    credentials = find_credentials(settings_for(), pod)
    assert credentials is not None
    assert (credentials.pod, credentials.bearer()) == (pod, USER)
    assert KubernetesApi(credentials).has_group("apps")
    double.cluster.tokens = {LATER}
    (pod / "token").write_text(LATER)
    assert KubernetesApi(credentials).get("/apis")


def test_without_either_there_is_none(tmp_path: Path) -> None:
    assert find_credentials(settings_for(), tmp_path) is None


def test_a_wrong_ca_is_refused(serve: Serve, tmp_path: Path) -> None:
    wrong = Authority(tmp_path / "wrong")
    double = serve(vanilla(USER))
    trusting_another = {"certificate-authority": str(wrong.certificate)}
    # What a kubeconfig says of it is no reason to stop verifying.
    for cluster in (trusting_another, {"certificate-authority": None, "insecure-skip-tls-verify": True}):
        path = double.kubeconfig(tmp_path / "config", {"token": USER}, **cluster)
        with pytest.raises(ApiError, match=r"The certificate of the Kubernetes API at .* is not trusted"):
            KubernetesApi(found(path)).get("/apis")
    assert double.cluster.asked == []


def test_another_hosts_certificate_is_refused(authority: Authority, tmp_path: Path) -> None:
    with serving_api(vanilla(USER), authority) as double:
        elsewhere = KubernetesDouble(double.url.replace("127.0.0.1", "localhost"), authority, double.cluster)
        path = elsewhere.kubeconfig(tmp_path / "config", {"token": USER})
        with pytest.raises(ApiError, match="is not trusted"):
            KubernetesApi(found(path)).get("/apis")
    assert double.cluster.asked == []


def test_who_insists_is_not_verified(serve: Serve, tmp_path: Path) -> None:
    wrong = Authority(tmp_path / "wrong")
    double = serve(vanilla(USER))
    path = double.kubeconfig(tmp_path / "config", {"token": USER}, **{"certificate-authority": str(wrong.certificate)})
    assert KubernetesApi(found(path, insecure_tls=True)).get("/apis")
