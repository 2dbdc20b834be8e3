"""What is refused before it is looked at: bodies that are too large, callers that ask too often."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocpperf_mcp.serving.refusals import refusal

OPEN_PATHS = ("/health", "/ready")
"""Asked by machines that have no token, and by many of them."""
_MOST_CALLERS = 10_000


class SizeLimit:
    """Reads a request's body before the app does, as far as it may be."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self._app = app
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("POST", "PUT", "PATCH"):
            await self._app(scope, receive, send)
            return
        body = await self._body(receive)
        if body is None:
            answer = refusal(413, f"The body has more than {self._most_bytes:,} bytes. Ask for less at once.")
            await answer(scope, receive, send)
            return
        await self._app(scope, _again(body, receive), send)

    async def _body(self, receive: Receive) -> bytes | None:
        """None when it is too large."""
        parts, size = [], 0
        while True:
            message = await receive()
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self._most_bytes:
                return None
            if not message.get("more_body"):
                return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """A body that was read already, then whatever comes after it."""
    rest: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return rest.pop() if rest else await receive()

    return replay


@dataclass(frozen=True)
class Rate:
    """Calls a second in the long run, and how many at once."""

    per_second: float
    burst: int


@dataclass
class _Bucket:
    left: float
    at: float


@dataclass
class Buckets:
    """A token bucket for each caller; those that were not heard of for longest are forgotten, which fills theirs."""

    rate: Rate
    clock: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[str, _Bucket] = field(default_factory=OrderedDict)

    def wait_s(self, caller: str) -> float:
        """Takes one of the caller's tokens: 0 when there was one, else the seconds until there is."""
        now = self.clock()
        bucket = self._buckets.setdefault(caller, _Bucket(self.rate.burst, now))
        self._buckets.move_to_end(caller)
        if len(self._buckets) > _MOST_CALLERS:
            self._buckets.popitem(last=False)
        bucket.left = min(self.rate.burst, bucket.left + (now - bucket.at) * self.rate.per_second)
        bucket.at = now
        if bucket.left < 1:
            return (1 - bucket.left) / self.rate.per_second
        bucket.left -= 1
        return 0.0


class RateLimit:
    """Refuses callers, by token or else by address, that ask more often than they may."""

    def __init__(self, app: ASGIApp, buckets: Buckets) -> None:
        self._app = app
        self._buckets = buckets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        wait_s = self._buckets.wait_s(_caller(scope))
        if wait_s:
            sentence = f"More than {self._buckets.rate.per_second:g} requests a second. Try again in {ceil(wait_s)} s."
            answer = refusal(429, sentence, {"Retry-After": str(ceil(wait_s))})
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _caller(scope: Scope) -> str:
    user = scope.get("user")
    if user is not None and user.is_authenticated:
        return f"token {user.display_name}"
    client = scope.get("client")
    return client[0] if client else ""
