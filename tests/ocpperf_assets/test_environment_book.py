"""docs/environment.md is what the settings say, and leaves no variable out that the code reads."""

import re
from enum import StrEnum
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings

from ocpperf_assets.environment_book import FILE, book, settings_table, variables
from ocpperf_assets.settings import Settings
from ocpperf_mcp.settings import ModelSettings, ServingSettings

ROOT = Path(__file__).parents[2]
_READ = re.compile(r"""os\.(?:environ(?:\.get\(|\.pop\(|\[)|getenv\()["'](\w+)["']""")


def test_the_book_is_up_to_date() -> None:
    assert (ROOT / FILE).read_text(encoding="utf-8") == book(), "run `python -m ocpperf_assets.environment_book`"


def test_every_setting_has_a_description() -> None:
    fields = {**ServingSettings.model_fields, **ModelSettings.model_fields, **Settings.model_fields}
    assert [name for name, field in fields.items() if not field.description] == []


def test_every_variable_that_is_read_elsewhere_is_in_it() -> None:
    sources = [file for package in ("ocpperf_assets", "ocpperf_mcp", "demo") for file in (ROOT / package).rglob("*.py")]
    read = {name for file in sources for name in _READ.findall(file.read_text(encoding="utf-8"))}
    assert {"DAGSTER_HOME", "OCPPERF_DEMO_PROMETHEUS"} <= read
    assert {name for name in read if f"| `{name}` |" not in book()} == set()


def test_values_and_defaults_are_written_as_they_are_set() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|[^|]*\|$", book(), re.MULTILINE))
    assert rows["OCPPERF_KEEP_RAW"] == "duration | `14d`"
    assert rows["OCPPERF_PROMETHEUS_CONCURRENCY"] == "whole number, at least 1, at most 32 | `4`"
    assert rows["OCPPERF_REFRESH"] == "list, separated by commas | `etcd,alert,latency`"
    assert rows["OCPPERF_INSECURE_TLS"] == "1 or 0 | `0`"
    assert rows["OCPPERF_PROMETHEUS_TOKEN"] == "secret | none"


class Mode(StrEnum):
    ON = "on"
    OFF = "off"


class Other(BaseSettings):
    """Forms that a setting may take and none has yet."""

    key: SecretStr = Field(default=SecretStr("zq-secret-zq"), validation_alias="MODEL_KEY", description="A key.")
    mode: Mode = Field(default=Mode.ON, validation_alias=AliasChoices("MODE", "OLD_MODE"), description="On | off.")
    share: float | None = Field(default=None, gt=0, lt=1, description="A share.")


def test_a_variable_of_its_own_name_a_secret_and_limits_are_written() -> None:
    assert list(settings_table(variables(Other)))[2:] == [
        "| `MODEL_KEY` | secret | not shown | A key. |",
        "| `MODE` | `on` or `off` | `on` | On \\| off. |",
        "| `SHARE` | number, more than 0, less than 1 | none | A share. |",
    ]
