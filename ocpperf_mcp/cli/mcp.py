"""`ocpperf mcp`: the tools for language models, on standard input and output or over HTTP."""

import socket
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.loopback import is_loopback
from ocpperf_mcp.settings import ServingSettings

if TYPE_CHECKING:
    from fastmcp.server.auth import AuthProvider


class Transport(StrEnum):
    STDIO = "stdio"
    HTTP = "http"


class Analyzer(StrEnum):
    ETCD = "etcd"
    NETWORK = "network"
    OVNK = "ovnk"


def mcp(
    transport: Annotated[Transport, typer.Option(help="How clients reach it.")] = Transport.STDIO,
    analyzer: Annotated[Analyzer | None, typer.Option(help="Only this analyzer's tools.")] = None,
    host: Annotated[str, typer.Option(help="Address for --transport http.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port for --transport http; the path is /mcp.", min=0, max=65535)] = 8000,
) -> None:
    """Serve the warehouse to language models through the Model Context Protocol."""
    settings = ServingSettings()
    for sentence in settings.retired:
        typer.echo(sentence, err=True)
    chosen = analyzer.value if analyzer else None
    try:
        if transport is Transport.STDIO:
            _over_stdio(settings, chosen)
        else:
            _over_http(settings, chosen, host, port)
    except ModuleNotFoundError as fault:
        raise OcpperfError(f"{fault.name} is not installed.", "Install it with `pip install 'ocpperf[mcp]'`.") from None


def _over_stdio(settings: ServingSettings, analyzer: str | None) -> None:
    from ocpperf_mcp.server import build_server
    from ocpperf_mcp.serving.logs import log_to_standard_error
    from ocpperf_mcp.serving.meters import Meters
    from ocpperf_mcp.serving.observed import Observed

    server = build_server(settings.paths, analyzer, middleware=[Observed(Meters())])
    log_to_standard_error(settings.log_level)
    server.run("stdio", show_banner=False)


def _over_http(settings: ServingSettings, analyzer: str | None, host: str, port: int) -> None:
    from ocpperf_mcp.serving.app import MCP_PATH, Policy, http_app, serve
    from ocpperf_mcp.serving.authentication import authentication
    from ocpperf_mcp.serving.guards import Rate
    from ocpperf_mcp.serving.logs import log_to_standard_error

    auth = authentication(settings)
    policy = Policy(
        auth,
        settings.mcp_hosts,
        settings.mcp_origins,
        Rate(settings.mcp_rate, burst=max(1, int(2 * settings.mcp_rate))),
        settings.mcp_max_body_bytes,
        settings.mcp_stale_after,
    )
    with _listen(host, port, auth) as listener:
        app = http_app(settings.paths, analyzer, policy)
        log_to_standard_error(settings.log_level)
        shown = listener.getsockname()
        typer.echo(f"http://{_bracketed(shown[0])}:{shown[1]}{MCP_PATH}", err=True)
        serve(app, listener)


def _listen(host: str, port: int, auth: "AuthProvider | None") -> socket.socket:
    """A listening socket. Raises OcpperfError beyond loopback where nobody would be asked who they are."""
    address = "127.0.0.1" if host == "localhost" else host
    if not is_loopback(address):
        if auth is None:
            raise OcpperfError(
                f"On {host} everybody who reaches this machine could read the warehouse: there is no authentication.",
                "Set OCPPERF_MCP_TOKEN_FILE or OCPPERF_MCP_JWKS_URL, or leave --host out and reach it through "
                "`ssh -L 8000:127.0.0.1:8000 HOST`.",
            )
        typer.echo(f"On {host} tokens travel in plain text: put a proxy that speaks TLS in front.", err=True)
    return _bound(address, port)


def _bound(address: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
        listener.listen()
    except OSError as fault:
        listener.close()
        raise OcpperfError(
            f"Port {port} on {address} cannot be listened on: {fault.strerror}.",
            "Choose another with --port, or end what listens there.",
        ) from None
    return listener


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address
