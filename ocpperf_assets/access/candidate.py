"""A place where Prometheus may answer, and what may be sent there."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Takes(Enum):
    """Which tokens a place may be sent. What goes without TLS is sent none, whatever it takes."""

    GIVEN = "those of the settings"
    CLUSTER = "those of the settings, else the cluster's: it is the cluster's own monitoring"
    API = "the one the Kubernetes API knows us by, which goes no further than that"


@dataclass(frozen=True)
class Candidate:
    """An address to try, and how it is verified."""

    url: str
    via: str
    """In words that follow `found by`."""
    takes: Takes = Takes.GIVEN
    thanos: bool = False
    ca: Path | None = None
    further_cas: str = ""
    client_certificate: tuple[str, str] | None = None
    warnings: tuple[str, ...] = ()

    @property
    def is_secure(self) -> bool:
        return self.url.startswith("https://")
