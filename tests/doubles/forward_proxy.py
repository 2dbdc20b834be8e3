"""A proxy as HTTPS_PROXY and HTTP_PROXY name one: it knows names that nobody else does."""

import http.client
import select
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass
class ForwardProxy:
    """`passed` lists the `host:port` of every connection and request that went through."""

    url: str
    passed: list[str] = field(default_factory=list)


@contextmanager
def forwarding(places: Mapping[str, int]) -> Iterator[ForwardProxy]:
    """A proxy that knows each `host:port` of `places` as that port on loopback; others as they are named."""
    proxy = ForwardProxy("")

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            proxy.passed.append(self.path)
            with socket.create_connection(("127.0.0.1", _port(self.path)), timeout=30) as upstream:
                self.send_response(200)
                self.end_headers()
                _pump(self.connection, upstream)

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            proxy.passed.append(url.netloc)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            upstream = http.client.HTTPConnection("127.0.0.1", _port(url.netloc), timeout=30)
            kept = {name: value for name, value in self.headers.items() if name != "Accept-Encoding"}
            upstream.request(self.command, url.path + (f"?{url.query}" if url.query else ""), body, kept)
            answer = upstream.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815 - http.server's own name

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
            pass

    def _port(place: str) -> int:
        return places.get(place) or int(place.rpartition(":")[2])

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()


def _pump(one: socket.socket, other: socket.socket) -> None:
    """Bytes both ways until either side ends."""
    while True:
        for ready in select.select([one, other], [], [])[0]:
            data = ready.recv(65536)
            if not data:
                return
            (other if ready is one else one).sendall(data)
