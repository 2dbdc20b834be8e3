"""The whole of what is served over HTTP, as an ASGI application, and how it is run until a signal ends it."""

import signal
import socket
from dataclasses import dataclass
from datetime import timedelta

import uvicorn
from fastmcp.server.auth import AuthProvider
from fastmcp.server.http import create_streamable_http_app
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.reader import Reader
from ocpperf_mcp.server import build_server, specs
from ocpperf_mcp.serving.guards import Buckets, Rate, RateLimit, SizeLimit
from ocpperf_mcp.serving.meters import Meters
from ocpperf_mcp.serving.observed import Observed
from ocpperf_mcp.serving.refusals import Refusals
from ocpperf_mcp.serving.routes import Routes

MCP_PATH = "/mcp"
GENEROUS = Rate(per_second=50, burst=100)
_DRAIN_S = 10


@dataclass(frozen=True)
class Policy:
    """Who is let in, and how much of everything. `hosts` and `origins` come to those of loopback."""

    auth: AuthProvider | None = None
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    rate: Rate = GENEROUS
    most_bytes: int = 1 << 20
    stale_after: timedelta | None = None


def http_app(home: Home, analyzer: str | None, policy: Policy) -> ASGIApp:
    """MCP at /mcp, and the routes beside it."""
    meters, reader = Meters(), Reader(home)
    server = build_server(home, analyzer, reader=reader, auth=policy.auth, middleware=[Observed(meters)])
    routes = Routes(server, specs(analyzer), reader, meters, policy.stale_after)
    app = create_streamable_http_app(
        server,
        MCP_PATH,
        auth=policy.auth,
        # A caller need not come back to the same process, and each answer is a single one.
        stateless_http=True,
        json_response=True,
        routes=[*routes.all(policy.auth)],
        middleware=[
            Middleware(RateLimit, buckets=Buckets(policy.rate)),
            Middleware(SizeLimit, most_bytes=policy.most_bytes),
        ],
        host_origin_protection=True,
        allowed_hosts=policy.hosts,
        allowed_origins=policy.origins,
    )
    return Refusals(app, meters)


def serve(app: ASGIApp, listener: socket.socket) -> None:
    """Until SIGTERM or SIGINT: then nobody new is let in, and calls under way have ten seconds."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="on", ws="none", timeout_graceful_shutdown=_DRAIN_S
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises a signal again after it has drained; then it has done what it should.
        signal.signal(number, lambda *_: None)
    uvicorn.Server(config).run(sockets=[listener])
