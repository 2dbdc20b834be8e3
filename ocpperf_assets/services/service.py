"""What a service is: a command, where it answers, and how one sees that it is well."""

import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.error import HTTPError


class Health(Protocol):
    """How one sees that a service works."""

    def fault(self, since: float) -> str | None:
        """What is wrong with a service that was started at `since` (seconds of the epoch); None when it works."""
        ...


# Services listen on loopback: a proxy that the environment names has no part in it.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class HttpHealth:
    """A service works when this address answers with one of these statuses."""

    url: str
    statuses: tuple[int, ...] = (200,)

    def fault(self, since: float) -> str | None:
        try:
            with _DIRECT.open(self.url, timeout=5) as answer:
                status = answer.status
        except HTTPError as answer:
            status = answer.code
        except OSError as fault:
            return f"{self.url} does not answer: {getattr(fault, 'reason', fault)}"
        return None if status in self.statuses else f"{self.url} answers with {status}"


@dataclass(frozen=True)
class Service:
    """One entry of the list that `ocpperf up` starts."""

    name: str
    """Short and in one word: names the log file."""
    title: str
    command: tuple[str, ...]
    health: Health
    port: int | None = None
    port_option: str = ""
    """The option of `ocpperf up` that chooses another port."""
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str | None:
        return f"http://127.0.0.1:{self.port}" if self.port else None
