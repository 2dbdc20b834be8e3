"""Settings of the query side. The only module of this package that reads the environment."""

from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

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
