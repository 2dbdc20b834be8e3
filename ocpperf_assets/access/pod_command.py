"""One command in a container of a running pod, through the API's exec over a web socket."""

import json
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from kubernetes.client import Configuration
from kubernetes.stream import ws_client
from websocket import (
    ABNF,
    WebSocket,
    WebSocketBadStatusException,
    WebSocketException,
    WebSocketTimeoutException,
    create_connection,
)

from ocpperf_assets.access.api import ApiError, KubernetesApi

DEADLINE_S = 20.0
"""Seconds for one command, from the first byte sent to the last one read."""
_LARGEST = 4 << 20
"""Bytes of output that are taken; more is no answer to the questions asked here."""


@dataclass(frozen=True)
class Container:
    """Where a command runs."""

    namespace: str
    pod: str
    name: str

    def __str__(self) -> str:
        return f"container {self.name} of pod {self.namespace}/{self.pod}"


@dataclass(frozen=True)
class Output:
    """What a command wrote, and the code it ended with."""

    stdout: str
    stderr: str
    exit_code: int


def run(api: KubernetesApi, where: Container, argv: Sequence[str], deadline_s: float = DEADLINE_S) -> Output:
    """The command's output, whatever its exit code. No shell reads `argv`, and no error repeats it.

    Raises ApiError where it was not started, or did not end in time.
    """
    bearer = api.credentials.bearer()
    try:
        return _run(api, where, argv, deadline_s)
    except ApiError as refusal:
        if refusal.status != 401 or not api.credentials.renewed(bearer):
            raise
    return _run(api, where, argv, deadline_s)


def _run(api: KubernetesApi, where: Container, argv: Sequence[str], deadline_s: float) -> Output:
    ends = time.monotonic() + deadline_s
    try:
        socket = _connected(api, where, argv, deadline_s)
        try:
            return _ended(where, _read(where, socket, ends))
        finally:
            socket.shutdown()
    except WebSocketBadStatusException as refusal:
        raise _refused(where, refusal.status_code) from None
    except (WebSocketTimeoutException, TimeoutError):
        raise _late(where) from None
    except (WebSocketException, OSError, ValueError):
        # The library's own text may repeat a header, or the address with the command in it.
        raise ApiError(
            f"The connection to {where} through the Kubernetes API failed.",
            "Try again, or see whether a proxy in between lets web sockets through.",
        ) from None


def _connected(api: KubernetesApi, where: Container, argv: Sequence[str], deadline_s: float) -> WebSocket:
    """As `kubernetes.stream` connects, which has no time limit for it."""
    path = f"/api/v1/namespaces/{quote(where.namespace)}/pods/{quote(where.pod)}/exec"
    query = [("container", where.name), ("stdout", "true"), ("stderr", "true"), *(("command", one) for one in argv)]
    url, headers = api.signed(path, query)
    known = api.credentials.configuration
    return create_connection(
        ws_client.get_websocket_url(url),
        timeout=deadline_s,
        header=[f"{name}: {value}" for name, value in headers.items() if name.lower() == "authorization"],
        subprotocols=[ws_client.V4_CHANNEL_PROTOCOL],
        sslopt=_tls(known),
        **ws_client.websocket_proxycare({}, known, url, None),
    )


def _tls(known: Configuration) -> dict[str, Any]:
    """What verifies the API, and the certificate it knows us by."""
    given = {
        "ca_certs": known.ssl_ca_cert,
        "certfile": known.cert_file,
        "keyfile": known.key_file,
        "server_hostname": known.tls_server_name,
    }
    required = ssl.CERT_REQUIRED if known.verify_ssl else ssl.CERT_NONE
    return {"cert_reqs": required} | {name: value for name, value in given.items() if value}


def _read(where: Container, socket: WebSocket, ends: float) -> dict[int, bytes]:
    """What came on each channel until the other side closed: a frame's first byte is its channel."""
    read = dict.fromkeys((ws_client.STDOUT_CHANNEL, ws_client.STDERR_CHANNEL, ws_client.ERROR_CHANNEL), b"")
    while (left_s := ends - time.monotonic()) > 0:
        socket.settimeout(left_s)
        kind, frame = socket.recv_data_frame(True)
        if kind == ABNF.OPCODE_CLOSE:
            return read
        if frame.data and kind in (ABNF.OPCODE_BINARY, ABNF.OPCODE_TEXT) and frame.data[0] in read:
            read[frame.data[0]] += frame.data[1:]
        if sum(map(len, read.values())) > _LARGEST:
            raise ApiError(f"The command in {where} wrote more than {_LARGEST >> 20} MiB.", "Look at the pod itself.")
    raise _late(where)


def _ended(where: Container, read: Mapping[int, bytes]) -> Output:
    """The last word is a Status: a failed command has its exit code as a cause, one never started has none."""
    code = _exit_code(read[ws_client.ERROR_CHANNEL])
    if code is None:
        raise ApiError(
            f"The command did not run to its end in {where}.",
            "See whether the container is running and has the program; distribution and version may differ.",
        )
    stdout, stderr = read[ws_client.STDOUT_CHANNEL], read[ws_client.STDERR_CHANNEL]
    return Output(stdout.decode(errors="replace"), stderr.decode(errors="replace"), code)


def _exit_code(status: bytes) -> int | None:
    try:
        told = json.loads(status)
        if told["status"] == "Success":
            return 0
        return next(int(cause["message"]) for cause in told["details"]["causes"] if cause["reason"] == "ExitCode")
    except (ValueError, KeyError, TypeError, StopIteration):
        return None


def _late(where: Container) -> ApiError:
    return ApiError(
        f"The command in {where} did not end in time.",
        "See whether its node is reachable and not overloaded.",
        is_timeout=True,
    )


def _refused(where: Container, status: int) -> ApiError:
    if status == 403:
        return ApiError(
            f"The Kubernetes API does not allow commands in pods of {where.namespace}.",
            "deploy/rbac-etcd-exec.yaml has the rights for that; `ocpperf doctor` says which are missing.",
            status,
        )
    if status == 401:
        return ApiError(
            "The Kubernetes API does not accept the credential for a command in a pod.",
            "Log in to the cluster again.",
            status,
        )
    if status == 404:
        return ApiError(f"There is no pod {where.namespace}/{where.pod} any more.", "Try again.", status)
    return ApiError(f"The Kubernetes API answered HTTP {status} to a command in {where}.", "Try again later.", status)
