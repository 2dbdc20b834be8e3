"""A digest through a template of one's own, for services that take JSON of another shape."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from ocpperf_assets.notify.digest import Digest
from ocpperf_assets.notify.payloads import Link, plain
from ocpperf_mcp.contracts.errors import OcpperfError


def templated(path: Path, digest: Digest, links: Sequence[Link]) -> dict[str, Any]:
    """The JSON object that the template makes of what a plain webhook is sent.

    Raises OcpperfError where it cannot be read or makes something else, as it does where a text is put in without
    the filter `tojson`.
    """
    try:
        text = path.expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise OcpperfError(f"The template {path} cannot be read.", "Point `template` at a readable file.") from None
    environment = SandboxedEnvironment(undefined=StrictUndefined)
    try:
        made = environment.from_string(text).render(plain(digest, links))
    except Exception as fault:  # A template is a program: whatever it raises is its own fault.
        raise OcpperfError(
            f"The template {path} cannot be rendered: {fault}.", "README names what a template is given."
        ) from None
    try:
        payload = json.loads(made)
    except ValueError:
        payload = None
    if not isinstance(payload, dict):
        raise OcpperfError(
            f"The template {path} made no JSON object.", "Put every value in as {{ value | tojson }}, without quotes."
        )
    return payload
