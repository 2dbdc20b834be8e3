"""Which values no log may show."""

import os
import re

from pydantic import SecretStr

from ocpperf_assets.settings import Settings

_SECRET_NAME = re.compile(r"(TOKEN|KEY|PASSWORD|SECRET)$")
_SHORTEST = 6
"""What is shorter would blank out ordinary words."""


def known_secrets(settings: Settings) -> list[str]:
    """Values that no log may show: secret settings, the token file's content, and variables named as secrets are."""
    found = [value.get_secret_value() for _, value in settings if isinstance(value, SecretStr)]
    found += [value for name, value in os.environ.items() if _SECRET_NAME.search(name)]
    if settings.prometheus_token_file and settings.prometheus_token_file.is_file():
        found.append(settings.prometheus_token_file.read_text(encoding="utf-8").strip())
    return sorted({value for value in found if len(value) >= _SHORTEST})
