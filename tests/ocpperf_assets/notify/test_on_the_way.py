"""Digests go over TLS that is verified and through the proxy of the environment, and no refusal holds an address."""

import logging
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from ocpperf_assets.notify import sensor
from ocpperf_assets.notify.payloads import payload_of, written
from ocpperf_assets.notify.send import Patience, send
from ocpperf_assets.notify.targets import Address
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.directories import make_directory
from ocpperf_mcp.contracts.errors import OcpperfError
from tests.doubles.certificates import Authority
from tests.doubles.forward_proxy import ForwardProxy, forwarding
from tests.doubles.webhooks import SECRET, Webhooks, serving_webhooks
from tests.ocpperf_assets.notify.made_up import news, target
from tests.ocpperf_assets.notify.telling import Configure, Publish, ocpperf_notify
from tests.planted import found_in

HASTY = Patience(attempts=2, timeout_s=5, backoff_s=0.01, longest_pause_s=0.01)
BODY = written(payload_of("webhook", news(), []))
HOST = "hooks.lab.example"
_NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a proxy nor a CA bundle of whoever runs the tests."""
    for name in (*_NAMES, *(name.lower() for name in _NAMES), "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def hooks(authority: Authority) -> Iterator[Webhooks]:
    """Webhooks behind TLS whose certificate an authority of their own has signed."""
    with serving_webhooks(authority.sign(HOST).server_context()) as served:
        yield served


@pytest.fixture
def proxy(hooks: Webhooks, monkeypatch: pytest.MonkeyPatch) -> Iterator[ForwardProxy]:
    """The one way to the webhooks' host by its name."""
    port = int(hooks.url.rpartition(":")[2])
    with forwarding({f"{HOST}:443": port}) as served:
        monkeypatch.setenv("HTTPS_PROXY", served.url)
        yield served


def post(address: str, ca: Path | None = None) -> None:
    send(target(ca=ca), Address(address), BODY, HASTY)


def refusal(address: str, ca: Path | None, log: pytest.LogCaptureFixture) -> tuple[str, str]:
    """The sentence after the target's name, and the next step."""
    log.set_level(logging.INFO)
    with pytest.raises(OcpperfError) as refused:
        post(address, ca)
    fault = refused.value
    assert (fault.__cause__, fault.__context__) == (None, None), "a library's error may repeat the address"
    assert SECRET not in f"{fault!r} {log.text}"
    return fault.what.removeprefix("Target night-shift did not take the digest: "), fault.next_step


def test_a_certificate_that_the_own_ca_has_signed_is_trusted(hooks: Webhooks, authority: Authority) -> None:
    post(hooks.address("webhook"), authority.certificate)
    assert len(hooks.taken) == 1


def test_without_the_ca_it_is_refused_at_the_first_try_and_nothing_is_sent(
    hooks: Webhooks, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for ca in (None, Authority(tmp_path / "other").certificate):
        assert refusal(hooks.address("webhook"), ca, caplog) == (
            "its certificate is not trusted.",
            "Point its `ca` at the CA bundle that signed it.",
        )
    assert hooks.asked == 0


def test_a_certificate_of_another_name_is_refused(
    hooks: Webhooks, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    address = hooks.address("webhook").replace("127.0.0.1", "localhost")
    assert refusal(address, authority.certificate, caplog)[0] == "its certificate is made out to another name."


def test_a_server_without_tls_is_told(webhooks: Webhooks, caplog: pytest.LogCaptureFixture) -> None:
    address = webhooks.address("webhook").replace("http:", "https:")
    assert refusal(address, None, caplog)[0] == "it does not speak TLS as expected."


@pytest.mark.parametrize("content", [None, "no certificate"], ids=["gone", "none in it"])
def test_a_ca_that_cannot_be_used_is_told_before_anything_is_sent(
    hooks: Webhooks, tmp_path: Path, content: str | None
) -> None:
    bundle = tmp_path / "ca.pem"
    if content:
        bundle.write_text(content, encoding="ascii")
    with pytest.raises(OcpperfError, match=rf"^The CA bundle {bundle} .*Point `ca` of target night-shift at a file"):
        post(hooks.address("webhook"), bundle)
    assert hooks.asked == 0


def test_the_proxy_of_the_environment_is_used(hooks: Webhooks, authority: Authority, proxy: ForwardProxy) -> None:
    post(f"https://{HOST}/webhook/{SECRET}", authority.certificate)
    assert len(hooks.taken) == 1
    assert proxy.passed == [f"{HOST}:443"], "which sees the host, and never the path"


def test_the_proxy_is_left_out_where_the_environment_says(
    hooks: Webhooks, authority: Authority, proxy: ForwardProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    post(hooks.address("webhook"), authority.certificate)
    assert (len(hooks.taken), proxy.passed) == (1, [])


def test_through_the_proxy_the_certificate_is_verified_too(
    hooks: Webhooks, proxy: ForwardProxy, caplog: pytest.LogCaptureFixture
) -> None:
    assert refusal(f"https://{HOST}/webhook/{SECRET}", None, caplog)[0] == "its certificate is not trusted."
    assert (proxy.passed, hooks.asked) == ([f"{HOST}:443"], 0)


def test_a_proxy_that_cannot_be_used_is_told_without_its_password(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:{SECRET}@127.0.0.1:9")
    assert refusal(f"https://{HOST}/webhook/{SECRET}", None, caplog) == (
        "the proxy in between cannot be used.",
        "Check HTTPS_PROXY and NO_PROXY.",
    )


@pytest.mark.parametrize("name", ["HTTP_PROXY", "ALL_PROXY"])
def test_what_is_sent_to_loopback_in_clear_takes_no_proxy(
    webhooks: Webhooks, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with forwarding({}) as proxy:
        monkeypatch.setenv(name, proxy.url)
        post(webhooks.address("webhook"))
    assert (len(webhooks.taken), proxy.passed) == (1, [])


@pytest.fixture
def by_name(publish: Publish, configure: Configure, proxy: ForwardProxy, tmp_path: Path) -> str:
    """News for a target that is reached by its host's name alone; the proxy's address."""
    publish("busy")
    (tmp_path / "url").write_text(f"https://{HOST}/webhook/{SECRET}", encoding="utf-8")
    configure({"url_file": str(tmp_path / "url")})
    return proxy.url


@pytest.mark.usefixtures("by_name")
def test_the_ca_of_the_targets_file_is_the_one(
    hooks: Webhooks, authority: Authority, configure: Configure, tmp_path: Path
) -> None:
    untrusted = ocpperf_notify()
    assert untrusted.exit_code == 3
    assert "t0: 1 new; Target t0 did not take the digest: its certificate is not trusted." in untrusted.output
    configure({"url_file": str(tmp_path / "url"), "ca": str(authority.certificate)})
    assert ocpperf_notify().output == "t0: 1 new; told.\n"
    assert len(hooks.taken) == 1


@pytest.mark.usefixtures("by_name")
def test_no_run_that_fails_on_the_way_leaves_the_address_in_what_is_kept_or_told(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    home = Settings().paths
    with dg.DagsterInstance.local_temp(str(make_directory(home.dagster))) as instance:
        for name in ("", HOST, ""):
            monkeypatch.setenv("NO_PROXY", name)
            (home.state / "notified" / "t0.json").unlink(missing_ok=True)
            failed = sensor.notify_job.execute_in_process(instance=instance, raise_on_error=False)
            assert not failed.success
            monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    for reason in ("certificate is not trusted", "it cannot be reached", "the proxy in between cannot be used"):
        assert found_in(home.root, (reason,)), "the run is kept"
    assert found_in(home.root, (SECRET,)) == []
    assert SECRET not in "".join(capfd.readouterr())
