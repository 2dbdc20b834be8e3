"""The double over HTTPS on loopback, and the kubeconfig that leads to it."""

import ssl
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

from tests.doubles.certificates import Authority, Signed
from tests.doubles.kubernetes_api.asked import taken_apart
from tests.doubles.kubernetes_api.cluster import Cluster
from tests.doubles.kubernetes_api.commands import PROTOCOL, Wrote, accepted, frames


@dataclass(frozen=True)
class KubernetesDouble:
    """Where it answers, who signed its certificate, and the state to plant things in."""

    url: str
    authority: Authority
    cluster: Cluster

    def kubeconfig(self, path: Path, user: Mapping[str, Any], **cluster: Any) -> Path:
        """A kubeconfig with one context, `lab`; `cluster` changes what leads to the API; None leaves out."""
        where = {"server": self.url, "certificate-authority": str(self.authority.certificate)} | cluster
        content = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "lab",
            "clusters": [{"name": "c", "cluster": {key: value for key, value in where.items() if value is not None}}],
            "users": [{"name": "u", "user": dict(user)}],
            "contexts": [{"name": "lab", "context": {"cluster": "c", "user": "u"}}],
        }
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        return path

    def certificate_user(self) -> dict[str, str]:
        """A user whom the API knows by a certificate, as those of kind and kubeadm."""
        signed = self.authority.sign("somebody")
        return {"client-certificate": str(signed.certificate), "client-key": str(signed.key)}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is what some tests are about."""
        if not isinstance(sys.exc_info()[1], ConnectionError | ssl.SSLError):
            super().handle_error(request, client_address)


@contextmanager
def serving_api(cluster: Cluster, authority: Authority, signed: Signed | None = None) -> Iterator[KubernetesDouble]:
    """The API of `cluster`, with a certificate of `authority` unless another one is given."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body in one packet: two would wait 40 ms for each other.
        wbufsize = -1

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = taken_apart(
                self.command, self.path, body, self.headers.get("Authorization"), self.headers.get("Accept") or ""
            )
            certified = bool(self.connection.getpeercert())
            answer = cluster.answer(asked, certified=certified)
            if answer.runs:
                self._run(answer.runs)
                return
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def _run(self, program: Callable[[], Wrote]) -> None:
            """Upgrade to a web socket, and tell on it what the program writes."""
            assert PROTOCOL in self.headers["Sec-WebSocket-Protocol"]
            self.send_response(101, "Switching Protocols")
            self.send_header("Upgrade", "websocket")
            self.send_header("Connection", "Upgrade")
            self.send_header("Sec-WebSocket-Accept", accepted(self.headers["Sec-WebSocket-Key"]))
            self.send_header("Sec-WebSocket-Protocol", PROTOCOL)
            self.end_headers()
            self.wfile.flush()
            for frame in frames(program()):
                self.wfile.write(frame)
            self.wfile.flush()
            self.close_connection = True

        do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - http.server's own names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    tls = (signed or authority.sign("kubernetes")).server_context(clients=authority.certificate)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield KubernetesDouble(f"https://127.0.0.1:{server.server_address[1]}", authority, cluster)
    finally:
        server.shutdown()
        server.server_close()
        assert not cluster.revealed, f"contents of secrets were asked for: {cluster.revealed}"
