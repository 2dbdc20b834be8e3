"""Slack, Teams and anybody take what they are sent, whatever the labels of a cluster hold."""

import json
from typing import Any

import pytest

from ocpperf_assets.notify.digest import Digest, Worsened
from ocpperf_assets.notify.payloads import Link, payload_of, written
from ocpperf_assets.notify.send import send
from ocpperf_assets.notify.targets import Address
from tests.doubles.webhooks import Webhooks
from tests.ocpperf_assets.notify.made_up import episode, news, target

HOSTILE = "<!channel> <@U1|you> *b* _i_ `c` [a](https://evil.example) & \n# H \u202egnp.exe \x1b[31m"
SHOWN = "<!channel> <@U1|you> *b* _i_ `c` [a](https://evil.example) & # H \ufffdgnp.exe \ufffd[31m"
SERVED = Link("c1", "https://reports.example/c1/2026-01-01-daily.html")
EVERYTHING = Digest((episode(1),), (Worsened(episode(2, severity="critical"), "warning"),), (episode(3),))


def sent(webhooks: Webhooks, kind: str, digest: Digest, *links: Link) -> dict[str, Any]:
    send(target(kind), Address(webhooks.address(kind)), written(payload_of(kind, digest, links)))
    return webhooks.taken[-1]


def runs(found: object) -> list[str]:
    """Every literal text of a payload."""
    if isinstance(found, dict):
        own = [found["text"]] if found.get("type") in ("text", "TextRun") else []
        return own + [text for value in found.values() for text in runs(value)]
    return [text for value in found for text in runs(value)] if isinstance(found, list) else []


@pytest.mark.parametrize("kind", ["slack", "teams"])
def test_each_part_is_told_under_its_heading_with_a_link_to_the_report(webhooks: Webhooks, kind: str) -> None:
    payload = sent(webhooks, kind, EVERYTHING, SERVED)
    texts = [text.strip().removesuffix(".") for text in runs(payload)]
    assert [text for text in texts if text in ("New", "Worsened", "Resolved")] == ["New", "Worsened", "Resolved"]
    assert {"warning: cpu-busy on n1", "critical, was warning: cpu-busy on n2", "warning, over: cpu-busy on n3"} <= set(
        texts
    )
    assert "c1: 1 new, 1 worsened, 1 resolved" in json.dumps(payload)
    assert SERVED.where in json.dumps(payload)


@pytest.mark.parametrize("kind", ["slack", "teams"])
def test_labels_that_mean_harm_are_literal_text(webhooks: Webhooks, kind: str) -> None:
    payload = sent(webhooks, kind, news(episode(entity=HOSTILE, summary=HOSTILE)))
    shown = "".join(runs(payload))
    assert shown.count(SHOWN) == 2
    assert "channel" not in payload.get("text", ""), "what Slack reads as markup has no label in it"


@pytest.mark.parametrize("kind", ["slack", "teams"])
def test_a_digest_of_any_size_fits_and_says_how_much_it_leaves_out(webhooks: Webhooks, kind: str) -> None:
    found = tuple(
        episode(place, entity="\N{PILE OF POO}" * 300, summary="\N{PILE OF POO}" * 900) for place in range(500)
    )
    payload = sent(webhooks, kind, Digest(new=found, resolved=found))
    (first, second) = (text for text in runs(payload) if text.startswith("and "))
    assert first == second
    assert 480 < int(first.split()[1]) < 500
    assert len(written(payload)) < 25_000


@pytest.mark.parametrize("kind", ["slack", "teams"])
def test_a_report_that_nobody_serves_is_told_by_its_path(webhooks: Webhooks, kind: str) -> None:
    payload = sent(webhooks, kind, news(), Link("c1", "/srv/exports/reports/c1/2026-01-01-daily.html"))
    assert "Report of c1: /srv/exports/reports/c1/2026-01-01-daily.html" in runs(payload)


def test_programs_get_everything(webhooks: Webhooks) -> None:
    payload = sent(webhooks, "webhook", EVERYTHING, SERVED)
    assert (payload["kind"], payload["version"]) == ("ocpperf.digest", 1)
    assert payload["worsened"][0]["was"] == "warning"
    assert payload["reports"] == {"c1": SERVED.where}
    assert payload["new"][0] == {
        "finding_id": "f000000000000001", "cluster": "c1", "rule": "cpu-busy", "analyzer": "etcd",
        "entity_kind": "node", "entity": "n1", "node": "n1", "severity": "warning", "start": "2026-01-01T10:00:00Z",
        "end": "2026-01-01T11:00:00Z", "open": True, "observed": "96 %", "limit": "90 %", "tier": "T1",
        "source": "node mixin", "during": "", "summary": "CPU of node n1 was over its limit of 90 %.",
    }  # fmt: skip
