"""Every message about channels that are told, each brought about."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from ocpperf_assets.notify.command import notify_targets
from ocpperf_assets.notify.memory import change_memory, read_memory
from ocpperf_assets.notify.refusals import of_connection
from ocpperf_assets.notify.send import Patience, send
from ocpperf_assets.notify.targets import Address, address_of
from ocpperf_assets.notify.template import templated
from ocpperf_mcp.contracts.paths import Home
from tests.doubles.webhooks import Reply, serving_webhooks
from tests.messages import Message, refusal, said
from tests.ocpperf_assets.notify.made_up import news, target


def of_notifications(root: Path) -> Iterator[Message]:
    yield said(refusal(lambda: notify_targets(is_dry=True)))
    yield from _of_addresses(root / "url")
    yield from _of_templates(root / "own.j2")
    bundle = root / "ca.pem"
    missing = refusal(lambda: _sent_to("https://127.0.0.1:9", ca=bundle))
    yield said(missing, {str(bundle): "<file>", "channel": "<target>", "No such file or directory": "<reason>"})
    yield from _of_answers()
    for fault in (
        requests.ReadTimeout(),
        requests.ConnectionError(),
        requests.exceptions.ProxyError(),
        requests.exceptions.SSLError("CERTIFICATE_VERIFY_FAILED"),
        requests.exceptions.SSLError("hostname mismatch"),
        requests.exceptions.SSLError("wrong version number"),
    ):
        yield said(of_connection(fault).error("<target>"))
    yield from _of_memories(root)


def _of_addresses(path: Path) -> Iterator[Message]:
    named = target(name="channel", url_variable=None, url_file=path)
    names = {str(path): "<file>", "target channel": "target <target>"}
    yield said(refusal(lambda: address_of(named)), names)
    path.touch()
    yield said(refusal(lambda: address_of(named)), names)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOOK", "http://hooks.example/")
        yield said(refusal(lambda: address_of(target(name="channel"))), {"HOOK": "<variable>", "channel": "<target>"})


def _of_templates(path: Path) -> Iterator[Message]:
    yield said(refusal(lambda: templated(path, news(), [])), {str(path): "<file>"})
    path.write_text("{{ nothing }}", encoding="utf-8")
    reason = {"'nothing' is undefined": "<reason>"}
    yield said(refusal(lambda: templated(path, news(), [])), {str(path): "<file>", **reason})
    path.write_text("text", encoding="utf-8")
    yield said(refusal(lambda: templated(path, news(), [])), {str(path): "<file>"})


def _of_answers() -> Iterator[Message]:
    with serving_webhooks() as hooks:
        for status, word in ((404, "no_service"), (400, "invalid_payload"), (302, ""), (503, "")):
            hooks.replies.append(Reply(status, word))
            refused = refusal(lambda: _sent_to(hooks.address("slack")))
            yield said(refused, {"channel": "<target>", **({word: "<the server's word>"} if word else {})})


def _sent_to(address: str, ca: Path | None = None) -> None:
    send(target("slack", name="channel", ca=ca), Address(address), b"{}", Patience(attempts=1))


def _of_memories(root: Path) -> Iterator[Message]:
    home = Home(root)
    kept = home.state / "notified" / "channel.json"
    name = {str(kept): "<home>/state/notified/<target>.json"}
    kept.parent.mkdir(parents=True)
    kept.write_text("{", encoding="utf-8")
    yield said(refusal(lambda: read_memory(home, "channel")), name)
    kept.unlink()
    kept.mkdir()
    yield said(refusal(lambda: read_memory(home, "channel")), name | {"Is a directory": "<reason>"})
    kept.rmdir()
    kept.with_suffix(".new").mkdir()
    written = refusal(lambda: change_memory(home, "channel", lambda known: known))
    yield said(written, name | {"Is a directory": "<reason>"})
