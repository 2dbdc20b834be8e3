"""Which values no log may show."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from pydantic import SecretStr

from ocpperf_assets.clusters.configured import configured_clusters
from ocpperf_assets.notify.targets import address_of, configured_targets
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError

_SECRET_NAME = re.compile(r"(TOKEN|KEY|PASSWORD|SECRET)$")
_SECRET_FIELD = re.compile(r"(token|password|client-key-data|secret|access-token|refresh-token)$")
_SHORTEST = 6
"""What is shorter would blank out ordinary words."""


def known_secrets(settings: Settings) -> list[str]:
    """Values that no log may show: secret settings, variables named as secrets are, every cluster's credentials and
    the addresses of webhooks.

    Raises OcpperfError on a faulty clusters or targets file.
    """
    found = [value for name, value in os.environ.items() if _SECRET_NAME.search(name)]
    for cluster in configured_clusters(settings).each:
        found += _of(cluster.settings)
    found += [value.get_secret_value() for _, value in settings if isinstance(value, SecretStr)]
    found += _of_webhooks(settings)
    return sorted({value for value in found if len(value) >= _SHORTEST})


def _of(settings: Settings) -> Iterator[str]:
    yield from (value.get_secret_value() for _, value in settings if isinstance(value, SecretStr))
    if settings.prometheus_token_file and settings.prometheus_token_file.is_file():
        yield settings.prometheus_token_file.read_text(encoding="utf-8").strip()
    for path in (settings.kubeconfig or "~/.kube/config").split(":"):
        yield from _in_kubeconfig(Path(path).expanduser())


def _of_webhooks(settings: Settings) -> Iterator[str]:
    """Whole addresses, and their paths, which libraries log without the host. One that cannot be read is not shown."""
    for target in configured_targets(settings):
        try:
            url = address_of(target).url
        except OcpperfError:
            continue
        parts = urlsplit(url)
        yield from (url, parts.path, f"{parts.path}?{parts.query}", parts.query)


def _in_kubeconfig(path: Path) -> Iterator[str]:
    """A file that cannot be read has nothing that we could show."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return
    yield from _secret_texts(content, named="")


def _secret_texts(value: object, named: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _secret_texts(inner, named=str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _secret_texts(inner, named)
    elif isinstance(value, str) and _SECRET_FIELD.search(named):
        yield value
