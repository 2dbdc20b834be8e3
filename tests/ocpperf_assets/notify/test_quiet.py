"""Quiet hours go by the clocks of their zone, over midnight too."""

from datetime import datetime

import pytest

from ocpperf_assets.notify.quiet import parse_quiet


@pytest.mark.parametrize(
    ("text", "moment", "is_quiet"),
    [
        ("22:00-06:00 Europe/Berlin", "2026-01-15T20:59+00:00", False),
        ("22:00-06:00 Europe/Berlin", "2026-01-15T21:00+00:00", True),
        ("22:00-06:00 Europe/Berlin", "2026-07-15T20:00+00:00", True),
        ("22:00-06:00 Europe/Berlin", "2026-01-15T05:00+00:00", False),
        ("12:00-13:00", "2026-01-15T12:59+00:00", True),
        ("12:00-13:00", "2026-01-15T13:00+00:00", False),
    ],
)
def test_the_first_minute_is_quiet_and_the_last_is_not(text: str, moment: str, is_quiet: bool) -> None:
    assert parse_quiet(text).holds(datetime.fromisoformat(moment)) is is_quiet


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("at night", "it is not written like 22:00-06:00 Europe/Berlin"),
        ("22:00-25:00", "25:00 is no time of day"),
        ("06:00-06:00", "it begins when it ends"),
        ("22:00-06:00 Europe/Nowhere", "there is no time zone Europe/Nowhere"),
        ("22:00-06:00 ../../etc/passwd", "there is no time zone"),
    ],
)
def test_what_is_no_such_stretch_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_quiet(text)
