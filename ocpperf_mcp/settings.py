"""Settings of the query side. The only module of this package that reads the environment."""

import os
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AnyUrl, BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import parse_duration
from ocpperf_mcp.loopback import is_loopback
from ocpperf_mcp.retired import retired_and_set

_PREFIX = "OCPPERF_"


def _listed(text: object) -> object:
    return tuple(filter(None, (part.strip() for part in text.split(",")))) if isinstance(text, str) else text


def _duration(text: object) -> object:
    if not isinstance(text, str):
        return text
    try:
        return parse_duration(text)
    except OcpperfError:
        raise ValueError("it is no duration such as 2h or 1d") from None


def _upper(text: object) -> object:
    return text.upper() if isinstance(text, str) else text


def _trusted(value: AnyUrl | None) -> AnyUrl | None:
    if value and value.scheme != "https" and not (value.scheme == "http" and is_loopback(value.host or "")):
        raise ValueError("it does not begin with https://, and http:// is taken on loopback only")
    return value


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
"""Comma-separated."""
Duration = Annotated[timedelta, BeforeValidator(_duration)]
"""Such as 2h or 1d."""


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
            name = str(first["loc"][0])
            variable = f"{_PREFIX}{name}".upper() if name in type(self).model_fields else name
            reason = first["msg"].removeprefix("Value error, ")
            raise OcpperfError(
                f"{variable} cannot be used: {reason[0].lower()}{reason[1:]}.",
                "Correct it in the environment or in .env.",
            ) from None

    @cached_property
    def paths(self) -> Home:
        return Home(self.home.expanduser().resolve())


class ModelSettings(QuerySettings):
    """Of the language model that words a report, and what it may cost. Without a key no model is asked."""

    model_config = SettingsConfigDict(hide_input_in_errors=True)

    openai_api_key: SecretStr | None = Field(
        default=None,
        validation_alias="OPENAI_API_KEY",
        description="Key of the model's API; without one none is asked.",
    )
    base_url: AnyUrl | None = Field(
        default=None,
        validation_alias="BASE_URL",
        description="Address of an API that speaks OpenAI's protocol; default: OpenAI's own.",
    )
    openai_model: str | None = Field(
        default=None, validation_alias="OPENAI_MODEL", description="Name of the model; needed with a key."
    )
    llm_alias: bool = Field(
        default=False, description="Names of clusters, nodes, namespaces and pods are replaced before anything is sent."
    )
    llm_max_tokens: int = Field(default=40_000, ge=1000, description="Tokens that one report may take, both ways.")
    llm_max_cost: float | None = Field(
        default=None, gt=0, description="What one report may cost, in the currency of the prices; default: no limit."
    )
    llm_price_in: float | None = Field(default=None, ge=0, description="Price of a million tokens that are sent.")
    llm_price_out: float | None = Field(default=None, ge=0, description="Price of a million tokens that are answered.")
    llm_timeout: Duration = Field(default=timedelta(minutes=2), description="How long the model may take for a report.")

    @field_validator("base_url")
    @classmethod
    def _private(cls, value: AnyUrl | None) -> AnyUrl | None:
        """The key and the findings go there."""
        return _trusted(value)


class ServingSettings(QuerySettings):
    """Of the MCP server: who may call it, how often. What belongs together is checked where it is used."""

    model_config = SettingsConfigDict(hide_input_in_errors=True)

    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = Field(
        default="INFO", validation_alias="LOG_LEVEL", description="From which level on log lines are written."
    )
    mcp_hosts: Listed = Field(
        default=(),
        description="Host names by which the MCP server is reached, besides its own address; comma-separated.",
    )
    mcp_origins: Listed = Field(
        default=(), description="Origins of web pages that may ask the MCP server, besides its own; comma-separated."
    )
    mcp_rate: float = Field(
        default=50, gt=0, description="Requests a second that one caller may send, twice as many at once."
    )
    mcp_max_body_bytes: int = Field(default=1 << 20, ge=1024, description="Largest body of a request.")
    mcp_stale_after: Duration | None = Field(
        default=None,
        description="Age of a cluster's data, such as 2h, from which on /health answers 503; default: never.",
    )
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
    mcp_jwt_scopes: Listed = Field(default=(), description="Scopes that signed tokens must all have; comma-separated.")

    @property
    def retired(self) -> list[str]:
        """A sentence for each variable of the predecessor that is set and read no more."""
        return retired_and_set(os.environ)

    @field_validator("mcp_jwks_url")
    @classmethod
    def _trusted_address(cls, value: AnyUrl | None) -> AnyUrl | None:
        """Whoever can change the keys on their way can sign tokens."""
        if value and (value.username or value.password):
            raise ValueError("it holds a user name or a password; keys are public and fetched without one")
        return _trusted(value)
