"""What the executive summary says of resources that fill."""

import pytest

from ocpperf_mcp.report.model import Column, Section, Table, Value
from ocpperf_mcp.report.summary import summarize

KEYS = ("metric", "thing", "full_from", "full_by", "verdict")
AT, BY = "2026-01-02 08:00", "2026-01-02 09:30"


def told(*rows: tuple[str, ...]) -> list[str]:
    """Sentences on what changed, of a section with those rows."""
    table = Table(
        key="capacity",
        columns=tuple(Column(key=key, title=key) for key in KEYS),
        rows=tuple(tuple(Value(text=text) for text in row) for row in rows),
        rows_in_all=len(rows),
    )
    section = Section(key="capacity", title="What is left", tables=(table,))
    return [one.text for one in summarize("healthy", (), (), (), (section,)) if one.about == "changed"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("Disk", "n1", "", "", "full"), "Nothing is left of Disk of n1."),
        (
            ("Disk", "n1", AT, BY, "filling"),
            f"At the pace of this window nothing is left of Disk of n1 between {AT} and {BY} UTC.",
        ),
        (
            ("Disk", "n1", AT, "", "filling"),
            f"At the pace of this window nothing may be left of Disk of n1 from {AT} UTC on.",
        ),
    ],
    ids=["full", "filling", "filling at the earliest"],
)
def test_it_says_until_when_there_is_something_left(row: tuple[str, ...], sentence: str) -> None:
    assert told(row) == [sentence]


def test_only_the_first_is_named_and_the_others_are_counted() -> None:
    rows = [("Disk", f"n{number}", AT, BY, "filling") for number in range(3)]
    (sentence,) = told(*rows, ("CPU", "n1", "", "", "not growing"))
    assert sentence.endswith("UTC; 2 more resources filling.")
    assert "n0" in sentence


@pytest.mark.parametrize("verdict", ["growing", "not growing", "not judged: under eight days"])
def test_what_is_not_filling_is_not_told(verdict: str) -> None:
    assert told(("Disk", "n1", "", "", verdict)) == []
