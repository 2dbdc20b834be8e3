"""A proxy in front of a real Prometheus, which answers as Thanos and gateways do on a bad day."""

import json
import socket
import ssl
import struct
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode

Form = Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """What goes over the wire; `cut` ends the connection after that many bytes of the body.

    A header `Date` replaces the true one; an empty one leaves it out.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None


@dataclass(frozen=True)
class Request:
    """What arrived."""

    path: str
    form: Form
    authorization: str | None
    method: str = "POST"


Fault = Callable[["Wire", Request], Reply | None]
"""Answers a request, or None to close its connection with a reset."""


class Wire:
    """Passes requests on to `upstream` unless a fault stands in line for them.

    `faults`: each answers one request. `always`: answers every request that no fault stands in line for.
    """

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.faults: deque[Fault] = deque()
        self.always: Fault = pass_on
        self.requests: list[Request] = []
        self.under_way = self.most_under_way = 0
        self.lock = threading.Lock()
        self.url = ""

    def answer(self, request: Request) -> Reply | None:
        with self.lock:
            self.requests.append(request)
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
            fault = self.faults.popleft() if self.faults else self.always
        try:
            return fault(self, request)
        finally:
            with self.lock:
                self.under_way -= 1

    @property
    def asked(self) -> list[tuple[float, float, float]]:
        """Start, end and step of every range asked for, in Unix seconds."""
        return [
            (float(request.form["start"]), float(request.form["end"]), float(request.form["step"]))
            for request in self.requests
            if request.path.endswith("query_range")
        ]


def pass_on(wire: Wire, request: Request) -> Reply:
    """What the real Prometheus says."""
    body = urlencode(request.form).encode() if request.method == "POST" else None
    try:
        with urllib.request.urlopen(wire.upstream + request.path, data=body, timeout=60) as answer:
            return Reply(answer.status, answer.read(), {"Content-Type": "application/json"})
    except urllib.error.HTTPError as refusal:
        return Reply(refusal.code, refusal.read(), {"Content-Type": "application/json"})


def status(code: int, body: bytes = b"", **headers: str) -> Fault:
    return lambda _wire, _request: Reply(code, body, {name.replace("_", "-"): value for name, value in headers.items()})


def reset(_wire: Wire, _request: Request) -> None:
    """The peer resets the connection."""


def cut(at: int) -> Fault:
    """The real answer, of which only the first bytes arrive."""

    def fault(wire: Wire, request: Request) -> Reply:
        whole = pass_on(wire, request)
        return Reply(whole.status, whole.body, whole.headers, cut=at)

    return fault


def damaged(at: int) -> Fault:
    """A complete HTTP answer whose JSON ends early."""
    return lambda wire, request: Reply(200, pass_on(wire, request).body[:at])


def with_fields(**fields: Any) -> Fault:
    """The real answer with `warnings` or `infos` added, as Thanos and newer servers do."""

    def fault(wire: Wire, request: Request) -> Reply:
        return Reply(200, json.dumps(json.loads(pass_on(wire, request).body) | fields).encode())

    return fault


def spaced(wire: Wire, request: Request) -> Reply:
    """The real answer with white space between its parts, as other servers write it."""
    return Reply(200, json.dumps(json.loads(pass_on(wire, request).body), indent=1).encode())


def too_large_over(seconds: float) -> Fault:
    """Refuses ranges longer than that with Prometheus' own words."""
    refusal = {
        "status": "error",
        "errorType": "execution",
        "error": "query processing would load too many samples into memory in query execution",
    }

    def fault(wire: Wire, request: Request) -> Reply:
        if float(request.form["end"]) - float(request.form["start"]) > seconds:
            return Reply(422, json.dumps(refusal).encode())
        return pass_on(wire, request)

    return fault


def slowly(seconds: float) -> Fault:
    def fault(wire: Wire, request: Request) -> Reply:
        time.sleep(seconds)
        return pass_on(wire, request)

    return fault


def only_for(text: str, chosen: Fault, otherwise: Fault = pass_on) -> Fault:
    """A fault for the queries that contain a text."""
    return lambda wire, request: (chosen if text in request.form.get("query", "") else otherwise)(wire, request)


def empty(_wire: Wire, _request: Request) -> Reply:
    """An instant without series."""
    return Reply(200, json.dumps({"status": "success", "data": {"resultType": "vector", "result": []}}).encode())


def dated(date: str) -> Fault:
    """The real answer of a server whose clock says so; without a date when that is empty."""

    def fault(wire: Wire, request: Request) -> Reply:
        whole = pass_on(wire, request)
        return Reply(whole.status, whole.body, {**whole.headers, "Date": date})

    return fault


def thanos(version: str, *warnings: str) -> Fault:
    """A Thanos querier before the real Prometheus; one without a version is too old to tell it."""
    build = {"version": version, "revision": "1", "branch": "HEAD", "goVersion": "go1.22"}
    told = {"stores": {"sidecar": []}, "status/runtimeinfo": {"GOMAXPROCS": 4}}
    told |= {"status/buildinfo": build} if version else {}

    def fault(wire: Wire, request: Request) -> Reply:
        path = request.path.removeprefix("/api/v1/")
        if path in told:
            return Reply(200, json.dumps({"status": "success", "data": told[path]}).encode())
        if path.startswith("status/"):
            return Reply(404, b"404 page not found")
        whole = pass_on(wire, request)
        return Reply(200, json.dumps(json.loads(whole.body) | {"warnings": list(warnings)}).encode())

    return fault


def with_a_store_away(warning: str, code: int = 422) -> Fault:
    """A Thanos querier that refuses a whole answer and gives, when asked, a partial one with its warning."""
    refusal = {"status": "error", "errorType": "execution", "error": f"expanding series: {warning}"}

    def fault(wire: Wire, request: Request) -> Reply:
        if request.form.get("partial_response") == "false":
            return Reply(code, json.dumps(refusal).encode())
        return thanos("0.36.1", *([warning] if "query" in request.form else []))(wire, request) or Reply(500)

    return fault


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gave up waiting is what some tests are about."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def wire_to(upstream: str, tls: ssl.SSLContext | None = None) -> Iterator[Wire]:
    """The proxy, listening on loopback; over TLS with a context."""
    wire = Wire(upstream)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body in one packet: two would wait 40 ms for each other.
        wbufsize = -1

        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            form = {key: values[0] for key, values in parse_qs(self.rfile.read(length).decode()).items()}
            reply = wire.answer(Request(self.path, form, self.headers.get("Authorization"), self.command))
            if reply is None:
                self.close_connection = True
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                return
            self.send_response_only(reply.status)
            for name, value in {"Date": self.date_time_string(), **reply.headers}.items():
                if value:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body if reply.cut is None else reply.body[: reply.cut])
            if reply.cut is not None:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    wire.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield wire
    finally:
        server.shutdown()
        server.server_close()
