"""Static bearer tokens: one in a variable, any number in a file."""

import hashlib
import hmac
import logging
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from fastmcp.server.auth import AccessToken, TokenVerifier
from pydantic import SecretStr

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.serving.caller import Caller
from ocpperf_mcp.settings import ServingSettings

_SHORTEST = 16
"""Characters. Whoever can reach the server may guess as often as they like."""

# RFC 6750, section 2.1: no other token can be sent in a header.
_SENDABLE = re.compile(r"[A-Za-z0-9._~+/-]+=*")

_MAKE_ONE = "Make one with `openssl rand -hex 32`."

_log = logging.getLogger(__name__)


def static_tokens(settings: ServingSettings) -> TokenVerifier | None:
    """Accepts the tokens of `OCPPERF_MCP_TOKEN` and `OCPPERF_MCP_TOKEN_FILE`; None when neither is set.

    Raises OcpperfError for a token that is too short or that no header can hold, and for a file that is missing,
    empty, of another form, or open to others than its owner and group.
    """
    if settings.mcp_token is None and settings.mcp_token_file is None:
        return None
    file = settings.mcp_token_file
    return _StaticTokens(settings.mcp_token, file.expanduser().absolute() if file else None)


class _StaticTokens(TokenVerifier):
    """Knows tokens by their SHA-256 digests: these are of one length, so that comparing them tells nothing of a token.

    The file is read for every call, so that a token that is taken out of it is refused from then on.
    """

    def __init__(self, token: SecretStr | None, file: Path | None) -> None:
        super().__init__()
        self._fixed = [] if token is None else [(None, _of_variable(token))]
        self._file = file
        self._fault = ""
        self._of_file()

    async def verify_token(self, token: str) -> AccessToken | None:
        presented = _digest(token)
        names = [name for name, known in self._known() if hmac.compare_digest(known, presented)]
        return Caller(token=token, client_id=names[0], scopes=[]) if names else None

    def _known(self) -> list[tuple[str, bytes]]:
        """Name and digest of every token; those without a name are called token-1, token-2, … in their order."""
        try:
            of_file, fault = self._of_file(), ""
        except OcpperfError as refusal:
            of_file, fault = [], str(refusal)
        self._tell(fault)
        unnamed = (f"token-{number}" for number in range(1, len(self._fixed) + len(of_file) + 1))
        return [(name or next(unnamed), digest) for name, digest in [*self._fixed, *of_file]]

    def _of_file(self) -> list[tuple[str | None, bytes]]:
        return list(_tokens_of(self._file)) if self._file else []

    def _tell(self, fault: str) -> None:
        """Warn once of a fault that lasts, not once a call."""
        if fault and fault != self._fault:
            _log.warning("Nobody is let in by the token file. %s", fault)
        self._fault = fault


def _of_variable(token: SecretStr) -> bytes:
    text = token.get_secret_value()
    if reason := _unusable(text):
        raise OcpperfError(f"OCPPERF_MCP_TOKEN {reason}.", _MAKE_ONE)
    return _digest(text)


def _tokens_of(file: Path) -> Iterator[tuple[str | None, bytes]]:
    """Name, if there is one, and digest of each token in the file."""
    found = False
    for number, line in enumerate(_text_of(file).splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        reason = "holds more than a name and a token" if len(words) > 2 else _unusable(words[-1])
        if reason:
            raise OcpperfError(
                f"Line {number} of the token file {file} {reason}.", f"A line is `name token` or `token`. {_MAKE_ONE}"
            )
        found = True
        yield words[0] if len(words) == 2 else None, _digest(words[-1])
    if not found:
        raise OcpperfError(f"The token file {file} is empty.", f"Write `name token` or `token` into it. {_MAKE_ONE}")


def _text_of(file: Path) -> str:
    elsewhere = "Point OCPPERF_MCP_TOKEN_FILE at a readable file."
    try:
        mode = file.stat().st_mode
        if not stat.S_ISREG(mode):
            raise OcpperfError(f"The token file {file} is no regular file.", elsewhere)
        # The group may read it: so Kubernetes mounts a Secret for a pod that does not run as its owner.
        if mode & (stat.S_IWGRP | stat.S_IRWXO):
            raise OcpperfError(
                f"The token file {file} is open to everybody on this machine (mode {stat.S_IMODE(mode):04o}).",
                f"Close it with `chmod 600 {file}`.",
            )
        return file.read_text(encoding="utf-8")
    except OSError as fault:
        raise OcpperfError(f"The token file {file} cannot be read: {fault.strerror}.", elsewhere) from None
    except UnicodeDecodeError:
        pass
    # Raised out here: the exception above holds what the file contains.
    raise OcpperfError(f"The token file {file} is not text in UTF-8.", elsewhere)


def _unusable(token: str) -> str:
    if len(token) < _SHORTEST:
        return f"has fewer than {_SHORTEST} characters"
    return "" if _SENDABLE.fullmatch(token) else "holds characters that no bearer token has"


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
