"""Settings of the query side. The only module of this package that reads the environment."""

from functools import cached_property
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from ocpperf_mcp.contracts.paths import Home


class QuerySettings(BaseSettings):
    """Read from `OCPPERF_*` and an optional `.env`; the environment wins."""

    model_config = SettingsConfigDict(env_prefix="OCPPERF_", env_file=".env", extra="ignore")

    home: Path = Field(
        default=Path("~/.ocpperf"), description="Directory of the warehouse, its state, staging and logs."
    )

    @cached_property
    def paths(self) -> Home:
        return Home(self.home.expanduser().resolve())
