"""Commands in pods: what a program would write, sent over a web socket as the API server does (v4.channel.k8s.io)."""

import base64
import hashlib
import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

PROTOCOL = "v4.channel.k8s.io"
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""Of RFC 6455."""
_BINARY, _CLOSE = 2, 8
_STDOUT, _STDERR, _ERROR = 1, 2, 3
_FRAME = 1 << 10
"""Bytes of output a frame has; the real one sends what a read gave, so that a line may be cut anywhere."""


@dataclass(frozen=True)
class Ran:
    """A command as it was asked for."""

    namespace: str
    pod: str
    container: str
    argv: tuple[str, ...]


@dataclass(frozen=True)
class Wrote:
    """What the program did; `status` in the place of the API's own last word."""

    stdout: str = ""
    stderr: str = ""
    exit_code: int = 0
    status: dict[str, Any] = field(default_factory=dict)


Program = Callable[[Ran], Wrote]


def accepted(key: str) -> str:
    """The answer to a client's Sec-WebSocket-Key."""
    return base64.b64encode(hashlib.sha1((key + _GUID).encode()).digest()).decode()


def frames(wrote: Wrote) -> Iterator[bytes]:
    """Output by channel, the status, and the end."""
    yield _frame(_BINARY, bytes([_STDOUT]))
    for channel, text in ((_STDOUT, wrote.stdout.encode()), (_STDERR, wrote.stderr.encode())):
        for start in range(0, len(text), _FRAME):
            yield _frame(_BINARY, bytes([channel]) + text[start : start + _FRAME])
    yield _frame(_BINARY, bytes([_ERROR]) + json.dumps(wrote.status or _status(wrote.exit_code)).encode())
    yield _frame(_CLOSE, struct.pack(">H", 1000))


def never_started(message: str) -> Wrote:
    """As when the runtime finds no such program."""
    return Wrote(status={"metadata": {}, "status": "Failure", "message": message, "reason": "InternalError"})


def _status(code: int) -> dict[str, Any]:
    if code == 0:
        return {"metadata": {}, "status": "Success"}
    return {
        "metadata": {},
        "status": "Failure",
        "message": f"command terminated with non-zero exit code: exit status {code}",
        "reason": "NonZeroExitCode",
        "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]},
    }


def _frame(opcode: int, payload: bytes) -> bytes:
    head = bytes([0x80 | opcode])
    if len(payload) < 126:
        return head + bytes([len(payload)]) + payload
    return head + bytes([126]) + struct.pack(">H", len(payload)) + payload
