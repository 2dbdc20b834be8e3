"""The double on loopback: each request takes the next answer of a script, the last one again and again."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.doubles.openai_api.answers import Answer, Cut, Fault, Garbled, Slow, Streamed, deltas, end_reason
from tests.doubles.openai_api.dialects import Dialect, Refusal

_OPENAI = Dialect()


@dataclass
class Scripted:
    """What it will answer to requests that its dialect takes, and the requests it got."""

    script: Sequence[Answer]
    dialect: Dialect
    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    refused: int = 0
    keys: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def next_answer(self, request: dict[str, Any], key: str) -> Answer | Refusal:
        self.requests.append(request)
        self.keys.append(key)
        refusal = self.dialect.refusal(request)
        if refusal is not None:
            self.refused += 1
            return refusal
        return self.script[min(len(self.requests) - self.refused, len(self.script)) - 1]

    @property
    def sent(self) -> str:
        """All that reached the model."""
        return json.dumps(self.requests, ensure_ascii=False)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gave up waiting is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    """Answers out of the script of the class that `serving_model` derives."""

    scripted: Scripted
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.path == "/v1/chat/completions"
        key = (self.headers["Authorization"] or "").removeprefix("Bearer ")
        answer = self.scripted.next_answer(body, key)
        if isinstance(answer, Fault):
            error = {"message": f"{answer.message} with {key}", "type": "server_error", "code": None}
            self._fault(answer.status, json.dumps({"error": error}), answer.headers)
        elif isinstance(answer, Refusal):
            self._fault(answer.status, answer.body, {})
        elif isinstance(answer, Garbled | Cut):
            self._break(answer)
        else:
            self._stream(answer, body)

    def _fault(self, status: int, text: str, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def _break(self, how: Garbled | Cut) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        event = b"data: {no JSON\n\n"
        self.wfile.write(
            b"%x\r\n%s\r\n0\r\n\r\n" % (len(event), event) if isinstance(how, Garbled) else b"ff\r\ndata: {"
        )
        self.close_connection = True

    def _stream(self, answer: Streamed, request: dict[str, Any]) -> None:
        assert request["stream"] is True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for delta in deltas(answer, request):
            self._event({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
        if isinstance(answer, Slow):
            self.scripted.ended.wait()
        self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": end_reason(answer, request)}]})
        if request.get("stream_options", {}).get("include_usage"):
            usage = {"prompt_tokens": 900, "completion_tokens": 100, "total_tokens": 1000}
            self._event({"choices": [], "usage": usage})
        self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def _event(self, content: dict[str, Any]) -> None:
        about = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "double"}
        self.wfile.write(f"data: {json.dumps({**about, **content})}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
        pass


@contextmanager
def serving_model(*script: Answer, dialect: Dialect = _OPENAI) -> Iterator[Scripted]:
    """The API under `url`, ending in /v1."""
    scripted = Scripted(script, dialect)
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"scripted": scripted}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    scripted.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield scripted
    finally:
        scripted.ended.set()
        server.shutdown()
        server.server_close()
