"""Webhooks of Slack, of a Teams workflow and of anybody, which take what those take and refuse the rest.

Shapes and limits are those of https://docs.slack.dev/reference/block-kit and https://adaptivecards.io/explorer, as far
as a digest may use them: what is not listed here is refused, as a typing error would be there.
"""

import json
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "T0SECRET"
"""In the path of every address, as Slack and Teams have it."""
_SLACK_BLOCKS, _SLACK_HEADER, _SLACK_TEXT = 50, 150, 3000
_TEAMS_BYTES = 28_000


@dataclass(frozen=True)
class Reply:
    """An answer that is given in place of the service's own."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    after: threading.Event | None = None
    """It is given once that has come about."""


@dataclass
class Webhooks:
    """Where they answer, what they took, and what they answer to the next requests before they look at any."""

    url: str
    taken: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    replies: deque[Reply] = field(default_factory=deque)
    asked: int = 0
    has_taken: threading.Event = field(default_factory=threading.Event)

    def address(self, kind: str) -> str:
        return f"{self.url}/{kind}/{SECRET}"

    def answer(self, path: str, content_type: str, body: bytes) -> Reply:
        self.asked += 1
        if self.replies:
            return self.replies.popleft()
        kind = path.split("/")[1]
        try:
            assert path == f"/{kind}/{SECRET}", "no_service"
            assert content_type.startswith("application/json"), "invalid_payload"
            payload = json.loads(body)
            _SERVICES[kind](payload, body)
        except (AssertionError, KeyError, ValueError, TypeError) as fault:
            self.refused.append(f"{kind}: {fault!r}")
            return Reply(400, "invalid_blocks")
        self.taken.append(payload)
        self.has_taken.set()
        return Reply(202 if kind == "teams" else 200, "" if kind == "teams" else "ok")


def _slack(payload: Mapping[str, Any], _: bytes) -> None:
    _only(payload, "text", "blocks")
    assert payload["text"].strip()
    assert not set("<>") & set(payload["text"]), "an angle bracket is markup there"
    assert 0 < len(payload["blocks"]) <= _SLACK_BLOCKS
    for block in payload["blocks"]:
        _SLACK_KINDS[block["type"]](block)


def _slack_header(block: Mapping[str, Any]) -> None:
    _only(block, "type", "text")
    _only(block["text"], "type", "text", "emoji")
    assert block["text"]["type"] == "plain_text"
    assert 0 < len(block["text"]["text"]) <= _SLACK_HEADER


def _slack_rich_text(block: Mapping[str, Any]) -> None:
    _only(block, "type", "elements")
    assert block["elements"]
    for element in block["elements"]:
        if element["type"] == "rich_text_list":
            _only(element, "type", "style", "elements")
            assert element["style"] in ("bullet", "ordered")
            assert element["elements"]
            for one in element["elements"]:
                _slack_section(one)
        else:
            _slack_section(element)


def _slack_section(element: Mapping[str, Any]) -> None:
    _only(element, "type", "elements")
    assert element["type"] == "rich_text_section"
    assert element["elements"]
    for run in element["elements"]:
        assert run["type"] in ("text", "link")
        _only(run, "type", "text", *(("url",) if run["type"] == "link" else ("style",)))
        assert 0 < len(run["text"]) <= _SLACK_TEXT
        assert run["type"] == "text" or run["url"].startswith(("https://", "http://"))


def _teams(payload: Mapping[str, Any], body: bytes) -> None:
    assert len(body) <= _TEAMS_BYTES, "the request entity is too large"
    _only(payload, "type", "attachments")
    assert payload["type"] == "message"
    (attachment,) = payload["attachments"]
    _only(attachment, "contentType", "contentUrl", "content")
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    _only(card, "$schema", "type", "version", "msteams", "body", "actions")
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert card["body"]
    for block in card["body"]:
        _only(block, "type", "inlines", "separator")
        assert block["type"] == "RichTextBlock", "a text block would read Markdown"
        for run in block["inlines"]:
            _only(run, "type", "text", "weight", "size")
            assert run["type"] == "TextRun"
            assert run["text"]
    for action in card.get("actions", []):
        _only(action, "type", "title", "url")
        assert action["type"] == "Action.OpenUrl"
        assert action["url"].startswith(("https://", "http://"))


def _anybody(payload: Mapping[str, Any], _: bytes) -> None:
    assert isinstance(payload, dict)


def _only(found: Mapping[str, Any], *names: str) -> None:
    assert set(found) <= set(names), f"unknown fields {set(found) - set(names)}"


_SLACK_KINDS = {"header": _slack_header, "rich_text": _slack_rich_text}
_SERVICES: dict[str, Callable[[Mapping[str, Any], bytes], None]] = {
    "slack": _slack, "teams": _teams, "webhook": _anybody,
}  # fmt: skip


@contextmanager
def serving_webhooks(tls: ssl.SSLContext | None = None) -> Iterator[Webhooks]:
    """All of them on one free port of loopback. At the end, nothing may have been refused for its shape."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            reply = webhooks.answer(self.path, self.headers["Content-Type"], body)
            if reply.after:
                reply.after.wait()
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    webhooks = Webhooks(f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield webhooks
    finally:
        server.shutdown()
        server.server_close()
        assert not webhooks.refused, webhooks.refused
