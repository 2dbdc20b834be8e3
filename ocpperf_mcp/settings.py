"""Settings of the query side. The only module of this package that reads the environment."""

import ipaddress
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import AnyUrl, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home

_PREFIX = "OCPPERF_"


class QuerySettings(BaseSettings):
    """Read from `OCPPERF_*` and an optional `.env`; the environment wins.

    Raises OcpperfError naming the variable whose value cannot be used; the value itself is not repeated.
    """

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_file=".env", extra="ignore")

    home: Path = Field(
        default=Path("~/.ocpperf"), description="Directory of the warehouse, its state, staging and logs."
    )

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as fault:
            first = fault.errors(include_input=False, include_url=False)[0]
            variable = f"{_PREFIX}{first['loc'][0]}".upper()
            reason = first["msg"].removeprefix("Value error, ")
            raise OcpperfError(
                f"{variable} cannot be used: {reason[0].lower()}{reason[1:]}.",
                "Correct it in the environment or in .env.",
            ) from None

    @cached_property
    def paths(self) -> Home:
        return Home(self.home.expanduser().resolve())


class ServingSettings(QuerySettings):
    """Who may call the MCP server over HTTP. What belongs together is checked where it is used."""

    model_config = SettingsConfigDict(hide_input_in_errors=True)

    mcp_token: SecretStr | None = Field(default=None, description="Bearer token that callers present.")
    mcp_token_file: Path | None = Field(
        default=None, description="File with one bearer token a line, each with or without a name before it."
    )
    mcp_jwks_url: AnyUrl | None = Field(
        default=None, description="Address of the key set that signed tokens (JWT) are checked with."
    )
    mcp_jwt_public_key_file: Path | None = Field(
        default=None, description="Public key in PEM that signed tokens are checked with, instead of a key set."
    )
    mcp_jwt_issuer: str | None = Field(default=None, description="The `iss` that signed tokens must have.")
    mcp_jwt_audience: str | None = Field(default=None, description="The `aud` that signed tokens must have.")
    mcp_jwt_scopes: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Scopes that signed tokens must all have, separated by commas."
    )

    @field_validator("mcp_jwt_scopes", mode="before")
    @classmethod
    def _scopes(cls, value: object) -> object:
        return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value

    @field_validator("mcp_jwks_url")
    @classmethod
    def _trusted_address(cls, value: AnyUrl | None) -> AnyUrl | None:
        """Whoever can change the keys on their way can sign tokens."""
        if value and (value.username or value.password):
            raise ValueError("it holds a user name or a password; keys are public and fetched without one")
        if value and value.scheme != "https" and not (value.scheme == "http" and _is_loopback(value.host or "")):
            raise ValueError("it does not begin with https://, and http:// is taken on loopback only")
        return value


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
