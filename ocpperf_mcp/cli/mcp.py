"""`ocpperf mcp`: the tools for language models, on standard input and output or over HTTP."""

import ipaddress
import socket
from enum import StrEnum
from typing import Annotated

import typer

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.settings import QuerySettings


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
    home = QuerySettings().paths
    listener = _listen(host, port) if transport is Transport.HTTP else None
    try:
        from ocpperf_mcp.server import build_server
    except ModuleNotFoundError as fault:
        raise OcpperfError(f"{fault.name} is not installed.", "Install it with `pip install 'ocpperf[mcp]'`.") from None
    server = build_server(home, analyzer.value if analyzer else None)
    if listener is None:
        server.run("stdio", show_banner=False)
        return
    with listener:
        shown = listener.getsockname()
        typer.echo(f"http://{_bracketed(shown[0])}:{shown[1]}/mcp", err=True)
        server.run("http", show_banner=False, host=host, port=shown[1], sockets=[listener], stateless_http=True)


def _listen(host: str, port: int) -> socket.socket:
    """A socket on loopback. Raises OcpperfError on any other address, since nobody would be asked who they are."""
    if host != "localhost" and not _is_loopback(host):
        raise OcpperfError(
            f"On {host} everybody who reaches this machine could read the warehouse: there is no authentication.",
            "Leave --host out, and reach it from elsewhere through `ssh -L 8000:127.0.0.1:8000 HOST`.",
        )
    address = "127.0.0.1" if host == "localhost" else host
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family)
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


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address
