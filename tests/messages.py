"""What the program prints, as README's troubleshooting writes it."""

from collections.abc import Callable, Mapping

import pytest

from ocpperf_assets.doctor.line import Line
from ocpperf_mcp.contracts.errors import OcpperfError

Message = tuple[str, str]
"""A sentence and its next step, which may be empty."""


def said(message: OcpperfError | Line, values: Mapping[str, str] | None = None) -> Message:
    """What a message prints, with placeholders for values; each of them has to be in it."""
    what = message.what if isinstance(message, OcpperfError) else message.sentence
    step = message.next_step
    for value, placeholder in (values or {}).items():
        assert value in what + step
        what, step = what.replace(value, placeholder), step.replace(value, placeholder)
    return what, step


def refusal(act: Callable[[], object]) -> OcpperfError:
    with pytest.raises(OcpperfError) as caught:
        act()
    return caught.value
