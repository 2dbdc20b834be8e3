"""Pictures in Dagster's metadata."""

import re
from base64 import b64decode
from xml.etree import ElementTree

from ocpperf_assets.assets.plots import columns


def strokes(text: str) -> list[tuple[int, int]]:
    """Place and height of every column of the picture in the Markdown."""
    (encoded,) = re.findall(r"\(data:image/svg\+xml;base64,([^)]+)\)", text)
    (path,) = ElementTree.fromstring(b64decode(encoded))
    return [(int(x), 48 - int(y)) for x, y in re.findall(r"M(\d+) 48V(\d+)", path.attrib["d"])]


def test_columns_start_at_zero_and_the_largest_is_as_high_as_the_picture() -> None:
    text = columns("Samples an hour", [10.0, 5.0, 0.0]).value
    assert [height for _, height in strokes(text)] == [48, 24, 1]
    assert text.endswith("Samples an hour: 0 to 10, 3 of 3 hours")


def test_an_hour_of_which_nothing_is_known_has_no_column() -> None:
    text = columns("Coverage", [1.0, None, 1.0]).value
    assert [place for place, _ in strokes(text)] == [4, 20]
    assert "2 of 3 hours" in text


def test_nothing_known_at_all_is_said() -> None:
    assert columns("Coverage", [None, None]).value.endswith("Coverage: no data")


def test_two_days_of_hours_are_shown_in_place() -> None:
    text = columns("Samples an hour", [123456.0 + hour for hour in range(168)]).value
    assert len(strokes(text)) == 48
    assert len(text) < 1000
