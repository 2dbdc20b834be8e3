"""`ocpperf mcp --transport http` as a process, and plain requests to it."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from starlette.types import ASGIApp

from ocpperf_mcp.contracts.paths import Home

OCPPERF = str(Path(sys.executable).with_name("ocpperf"))
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Response:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Server:
    """`address` is that of MCP, as the server says it in its first line; `process` is None where it is a thread."""

    address: str
    process: subprocess.Popen[str] | None

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    def request(
        self,
        method: str,
        path: str,
        body: bytes | str | Iterator[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        connection = HTTPConnection(self.host, timeout=60)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            return Response(answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Response:
        return self.request("GET", path, headers={name.replace("_", "-"): text for name, text in headers.items()})

    def call(self, tool: str, arguments: Any = None, headers: Mapping[str, str] | None = None) -> Response:
        return self.request("POST", f"/tools/{tool}", json.dumps(arguments or {}), {**JSON, **(headers or {})})

    def end(self) -> tuple[int, list[dict[str, Any]]]:
        """Its exit code after SIGTERM, and what it logged."""
        assert self.process is not None
        self.process.terminate()
        _, said = self.process.communicate(timeout=60)
        return self.process.returncode, [json.loads(line) for line in said.splitlines()]


@contextmanager
def in_a_thread(app: ASGIApp) -> Iterator[Server]:
    """The same application without a process of its own, which takes two seconds to start."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        runner = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="on", ws="none"))
        thread = Thread(target=runner.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield Server(f"http://127.0.0.1:{listener.getsockname()[1]}/mcp", None)
        finally:
            runner.should_exit = True
            thread.join(timeout=60)


@contextmanager
def serving(home: Home, *options: str, **environment: str) -> Iterator[Server]:
    """A server over a warehouse, on a port of its own; `environment` is added to its variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OCPPERF_")}
    process = subprocess.Popen(
        [OCPPERF, "mcp", "--transport", "http", "--port", "0", *options],
        stderr=subprocess.PIPE,
        text=True,
        env={**kept, "OCPPERF_HOME": str(home.root), **environment},
    )
    try:
        assert process.stderr is not None
        said = [process.stderr.readline().strip()]
        while said[-1] and not said[-1].startswith("http://"):
            said.append(process.stderr.readline().strip())
        assert said[-1], said
        yield Server(said[-1].replace("0.0.0.0", "127.0.0.1"), process)
    finally:
        process.terminate()
        process.communicate(timeout=60)
