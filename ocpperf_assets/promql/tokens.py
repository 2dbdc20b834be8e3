"""Bearer tokens: where one comes from, and whether there is another when the server refuses it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pydantic import SecretStr

from ocpperf_assets.promql.faults import of_token
from ocpperf_mcp.contracts.errors import OcpperfError


class TokenSource(Protocol):
    """Asked before every request, from several threads. No picture of it shows the token."""

    @property
    def origin(self) -> str:
        """Where the token comes from, in words that follow `the token`."""

    def token(self) -> str:
        """The token to send now. Raises OcpperfError when there is none to be had."""

    def renewed(self, refused: str) -> str | None:
        """Another token than the one that was answered with 401; None when there is no other."""


@dataclass(frozen=True)
class GivenToken:
    """A token of the settings: it stays what it is."""

    secret: SecretStr
    origin: str = "of OCPPERF_PROMETHEUS_TOKEN"

    def token(self) -> str:
        return self.secret.get_secret_value().strip()

    def renewed(self, refused: str) -> str | None:
        return None


@dataclass(frozen=True)
class FileToken:
    """A file that somebody else keeps fresh, read again for every request."""

    path: Path

    @property
    def origin(self) -> str:
        return f"in {self.path}"

    def token(self) -> str:
        try:
            token = self.path.read_text(encoding="utf-8").strip()
        except UnicodeDecodeError:
            raise of_token() from None
        except OSError as fault:
            raise OcpperfError(
                f"The token file {self.path} cannot be read: {fault.strerror}.",
                "Point OCPPERF_PROMETHEUS_TOKEN_FILE at a readable file.",
            ) from None
        if not token:
            raise OcpperfError(
                f"The token file {self.path} is empty.",
                "Write the token into it, or unset OCPPERF_PROMETHEUS_TOKEN_FILE.",
            )
        return token

    def renewed(self, refused: str) -> str | None:
        token = self.token()
        return token if token != refused else None


def sendable(token: str) -> str:
    """The token: one that no header can hold is refused here, where it is not repeated. Raises OcpperfError."""
    if not (token.isascii() and token.isprintable() and " " not in token):
        raise of_token()
    return token
