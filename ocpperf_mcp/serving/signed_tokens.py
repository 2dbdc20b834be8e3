"""Signed tokens (JWT) of an issuer whose public keys are known."""

import logging
import time
from pathlib import Path
from typing import Any

import httpx2
from fastmcp.server.auth import AccessToken, TokenVerifier
from fastmcp.server.auth.providers.jwt import JWTVerifier
from fastmcp.utilities.auth import decode_jwt_header
from joserfc import jwk
from joserfc.errors import JoseError

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.serving.caller import Caller
from ocpperf_mcp.settings import ServingSettings

# RFC 7518, section 3.1, RFC 8037 and RFC 9864, without what needs a shared secret: with a public key in the place of
# the secret, everybody could sign.
_ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519", "Ed448"),
)

_LEEWAY = 60
"""Seconds by which the issuer's clock may be ahead; RFC 7519, section 4.1.5, lets it be a few minutes at most."""

_log = logging.getLogger(__name__)


def signed_tokens(settings: ServingSettings) -> TokenVerifier | None:
    """Accepts tokens that `OCPPERF_MCP_JWKS_URL` or `OCPPERF_MCP_JWT_PUBLIC_KEY_FILE` verifies; None without either.

    Raises OcpperfError when both are set, when issuer or audience is not, when they are set without a key, and for a
    file that holds no public key. The file is read once; the keys of the address are fetched when they are needed.
    """
    keys = (settings.mcp_jwks_url, settings.mcp_jwt_public_key_file)
    claims = {
        "OCPPERF_MCP_JWT_ISSUER": settings.mcp_jwt_issuer,
        "OCPPERF_MCP_JWT_AUDIENCE": settings.mcp_jwt_audience,
        "OCPPERF_MCP_JWT_SCOPES": settings.mcp_jwt_scopes,
    }
    if keys == (None, None):
        _refuse_claims_without_key(claims)
        return None
    if None not in keys:
        raise OcpperfError(
            "OCPPERF_MCP_JWKS_URL and OCPPERF_MCP_JWT_PUBLIC_KEY_FILE are both set.",
            "Unset one of them: the keys of signed tokens come from one place.",
        )
    _refuse_missing_claims(claims)
    return _SignedTokens(settings)


def _refuse_claims_without_key(claims: dict[str, Any]) -> None:
    for variable, value in claims.items():
        if value:
            raise OcpperfError(
                f"{variable} is set, and no key that signed tokens could be checked with.",
                "Set OCPPERF_MCP_JWKS_URL or OCPPERF_MCP_JWT_PUBLIC_KEY_FILE, or unset it.",
            )


def _refuse_missing_claims(claims: dict[str, Any]) -> None:
    for variable, claim in (("OCPPERF_MCP_JWT_ISSUER", "iss"), ("OCPPERF_MCP_JWT_AUDIENCE", "aud")):
        if not claims[variable]:
            raise OcpperfError(
                f"{variable} is not set: signed tokens that were made for others would be let in.",
                f"Set it to the `{claim}` of the tokens that are meant for this server.",
            )


class _SignedTokens(TokenVerifier):
    """Chooses the verifier of the algorithm that a token names, since a JWTVerifier takes one; others are refused."""

    def __init__(self, settings: ServingSettings) -> None:
        scopes = list(settings.mcp_jwt_scopes)
        super().__init__(required_scopes=scopes)
        file = settings.mcp_jwt_public_key_file
        public_key = _public_key(file.expanduser()) if file else None
        self._verifiers = {
            algorithm: _Verifier(
                public_key=public_key,
                jwks_uri=str(settings.mcp_jwks_url) if settings.mcp_jwks_url else None,
                issuer=settings.mcp_jwt_issuer,
                audience=settings.mcp_jwt_audience,
                algorithm=algorithm,
                required_scopes=scopes,
            )
            for algorithm in _ALGORITHMS
        }

    async def verify_token(self, token: str) -> AccessToken | None:
        verifier = self._verifiers.get(_algorithm(token))
        caller = await verifier.verify_token(token) if verifier else None
        if caller is None or not _is_bounded(caller):
            return None
        return Caller(**caller.model_dump())


class _Verifier(JWTVerifier):
    """Says in the log when the keys cannot be had: callers learn no more than that they are refused."""

    async def _fetch_jwks(self) -> dict[str, Any]:
        try:
            return await super()._fetch_jwks()
        except (httpx2.HTTPError, ValueError) as fault:
            _log.warning(
                "The keys of OCPPERF_MCP_JWKS_URL cannot be fetched (%s): signed tokens are refused.",
                type(fault).__name__,
            )
            raise


def _algorithm(token: str) -> str:
    """What the token says it is signed with, not verified; empty when it is no token of this kind."""
    try:
        header: object = decode_jwt_header(token)
    except (ValueError, RecursionError):
        return ""
    algorithm = header.get("alg") if isinstance(header, dict) else None
    return algorithm if isinstance(algorithm, str) else ""


def _is_bounded(caller: AccessToken) -> bool:
    """Whether the token ends some day and has begun: JWTVerifier looks only at an end that is there."""
    begins = caller.claims.get("nbf", 0)
    return caller.expires_at is not None and isinstance(begins, int | float) and begins <= time.time() + _LEEWAY


def _public_key(file: Path) -> bytes:
    """The file's bytes: a public key or a certificate in PEM."""
    variable = "OCPPERF_MCP_JWT_PUBLIC_KEY_FILE"
    try:
        content = file.read_bytes()
    except OSError as fault:
        raise OcpperfError(
            f"The key file {file} cannot be read: {fault.strerror}.", f"Point {variable} at a readable file."
        ) from None
    if b"PRIVATE KEY" in content:
        raise OcpperfError(
            f"The key file {file} holds a private key.",
            f"Point {variable} at the public one: `openssl pkey -in {file} -pubout` writes it.",
        )
    if not any(_is_key(content, kind) for kind in ("RSA", "EC", "OKP")):
        raise OcpperfError(f"The key file {file} holds no public key.", f"Point {variable} at a public key in PEM.")
    return content


def _is_key(content: bytes, kind: Any) -> bool:
    try:
        jwk.import_key(content, kind)
    except (JoseError, ValueError):
        return False
    return True
