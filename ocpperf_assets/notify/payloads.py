"""Digests as the JSON that each kind of target takes.

Slack: https://docs.slack.dev/reference/block-kit/blocks. Teams: an Adaptive Card in the message that a workflow "when a
Teams webhook request is received" takes, https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ocpperf_assets.notify.digest import Digest
from ocpperf_assets.notify.wording import Part, parts, title
from ocpperf_mcp.report.printable import printable

Payload = dict[str, Any]
_SHOWN = (15, 8, 4, 1)
"""Lines under each heading; fewer where the message grows too long."""
_LONGEST_BYTES = 24_000
"""Teams refuses a message of some 28 KB."""
_HEADER_SIGNS = 150
_VERSION = 1


@dataclass(frozen=True)
class Link:
    """The newest report of a cluster: an address where reports are served, else the file."""

    cluster: str
    where: str

    @property
    def is_address(self) -> bool:
        return self.where.startswith(("http://", "https://"))


def payload_of(kind: str, digest: Digest, links: Sequence[Link]) -> Payload:
    """What is sent to a target of that kind."""
    return plain(digest, links) if kind == "webhook" else _fitting(_DRAWN[kind], digest, links)


def plain(digest: Digest, links: Sequence[Link]) -> Payload:
    """Everything there is, for programs."""
    return {
        "kind": "ocpperf.digest",
        "version": _VERSION,
        "title": title(digest),
        "new": [episode.model_dump(mode="json") for episode in digest.new],
        "worsened": [{**one.episode.model_dump(mode="json"), "was": one.was} for one in digest.worsened],
        "resolved": [episode.model_dump(mode="json") for episode in digest.resolved],
        "silent": [one.model_dump(mode="json") for one in digest.silent],
        "speaking_again": [one.model_dump(mode="json") for one in digest.speaking_again],
        "reports": {link.cluster: link.where for link in links},
    }


def written(payload: Mapping[str, Any]) -> bytes:
    """As it goes over the wire."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def _fitting(
    draw: Callable[[str, Sequence[Part], Sequence[Link]], Payload], digest: Digest, links: Sequence[Link]
) -> Payload:
    drawn = (draw(title(digest), tuple(parts(digest, shown)), links[:5]) for shown in _SHOWN)
    payload: Payload = {}
    for payload in drawn:
        if len(written(payload)) <= _LONGEST_BYTES:
            return payload
    return payload


def _slack(heading: str, told: Sequence[Part], links: Sequence[Link]) -> Payload:
    """Runs of rich text, which Slack shows as they are: no mention, link or emphasis comes from a label."""
    return {
        # For the notification on a screen; of what a label may hold, nothing is in it.
        "text": _escaped(heading),
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": heading[:_HEADER_SIGNS], "emoji": False}},
            *(_slack_part(part) for part in told),
            *([{"type": "rich_text", "elements": [_section(_slack_links(links))]}] if links else []),
        ],
    }


def _escaped(text: str) -> str:
    """https://docs.slack.dev/messaging/formatting-message-text: three signs are markup in `text`."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _slack_part(part: Part) -> Payload:
    lines = [_section([_run(f"{line.head}\n", bold=True), _run(line.text)]) for line in part.lines]
    more = [_section([_run(f"and {part.more} more")])] if part.more else []
    return {
        "type": "rich_text",
        "elements": [
            _section([_run(part.title, bold=True)]),
            {"type": "rich_text_list", "style": "bullet", "elements": [*lines, *more]},
        ],
    }


def _section(runs: Iterable[Payload]) -> Payload:
    return {"type": "rich_text_section", "elements": list(runs)}


def _run(text: str, *, bold: bool = False) -> Payload:
    return {"type": "text", "text": text, **({"style": {"bold": True}} if bold else {})}


def _slack_links(links: Sequence[Link]) -> Iterator[Payload]:
    for place, link in enumerate(links):
        lead = "\n" if place else ""
        if link.is_address:
            if lead:
                yield _run(lead)
            yield {"type": "link", "url": link.where, "text": f"Report of {link.cluster}"}
        else:
            yield _run(f"{lead}Report of {link.cluster}: {printable(link.where)}")


def _teams(heading: str, told: Sequence[Part], links: Sequence[Link]) -> Payload:
    """Text runs, which Teams shows as they are, unlike text blocks, which read Markdown."""
    body = [
        _block(_text_run(heading, weight="Bolder", size="Medium")),
        *(block for part in told for block in _teams_part(part)),
        *(_block(_text_run(f"Report of {one.cluster}: {printable(one.where)}")) for one in links if not one.is_address),
    ]
    actions = [
        {"type": "Action.OpenUrl", "title": f"Report of {link.cluster}", "url": link.where}
        for link in links
        if link.is_address
    ]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": body,
        **({"actions": actions} if actions else {}),
    }
    return {
        "type": "message",
        "attachments": [
            {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
        ],
    }


def _teams_part(part: Part) -> Iterator[Payload]:
    yield {**_block(_text_run(part.title, weight="Bolder")), "separator": True}
    for line in part.lines:
        yield _block(_text_run(f"{line.head}. ", weight="Bolder"), _text_run(line.text))
    if part.more:
        yield _block(_text_run(f"and {part.more} more"))


def _block(*runs: Payload) -> Payload:
    return {"type": "RichTextBlock", "inlines": list(runs)}


def _text_run(text: str, **style: str) -> Payload:
    return {"type": "TextRun", "text": text, **style}


_DRAWN = {"slack": _slack, "teams": _teams}
