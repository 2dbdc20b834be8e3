"""Messages over a pipe: JSON after its length in four bytes, so that both sides know what is too long."""

import json
import struct
from typing import IO, Any

_LENGTH = struct.Struct("!I")
Message = dict[str, Any]


def send(stream: IO[bytes], message: Message) -> None:
    body = json.dumps(message, ensure_ascii=False).encode()
    stream.write(_LENGTH.pack(len(body)) + body)
    stream.flush()


def receive(stream: IO[bytes], at_most: int) -> Message | None:
    """The next message; None when the other side has gone. Raises ValueError on more than `at_most` bytes."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > at_most:
        raise ValueError(f"a message of {length} bytes, where at most {at_most} were agreed")
    body = stream.read(length)
    if len(body) < length:
        return None
    message: Message = json.loads(body)
    return message
