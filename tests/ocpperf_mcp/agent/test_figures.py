"""Figures and times of prose are read into base units, with how exactly they are said."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpperf_mcp.agent.check import check
from ocpperf_mcp.agent.facts import Facts
from ocpperf_mcp.agent.figures import figures, moments
from ocpperf_mcp.agent.units import COUNT, SHARE, TIME, TIMES


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1.99 s", [(1.99, TIME)]),
        ("1,990 ms", [(1.99, TIME)]),
        ("800 µs", [(0.0008, TIME)]),
        ("five-minute", [(300, TIME)]),
        ("twenty-four hours", [(86400, TIME)]),
        ("an hour and 30 minutes", [(5400, TIME)]),
        ("1h30m", [(5400, TIME)]),
        ("half an hour", [(1800, TIME)]),
        ("8 to 16 ms", [(0.008, TIME), (0.016, TIME)]),
        ("8-16 ms", [(0.008, TIME), (0.016, TIME)]),
        ("between 8 and 16 ms", [(0.008, TIME), (0.016, TIME)]),
        ("96 percent", [(0.96, SHARE)]),
        ("half of the rules", [(0.5, SHARE)]),
        ("twice, 250-fold, tenfold, 3x", [(2, TIMES), (250, TIMES), (10, TIMES), (3, TIMES)]),
        ("three nodes", [(3, COUNT)]),
        ("2 million samples", [(2e6, COUNT)]),
        ("one of the nodes", []),
        ("8 GiB", [(8 * 1024**3, "bytes")]),
        ("8 GB", [(8e9, "bytes")]),
        ("10 MB/s", [(1e7, "bytes a second")]),
        ("10 Mb/s", [(1e7, "bits a second")]),
        ("100 Mbps", [(1e8, "bits a second")]),
    ],
)
def test_a_figure_is_read_in_its_base_unit(text: str, read: list[tuple[float, str]]) -> None:
    found = figures(text)
    assert [one.dimension for one in found] == [dimension for _, dimension in read]
    assert [one.value for one in found] == pytest.approx([value for value, _ in read])


@pytest.mark.parametrize(
    ("said", "number", "fits"),
    [
        ("2 s", 1.987, True),
        ("1.9 s", 1.987, False),
        ("1.99 s", 1.987, True),
        ("1.987 s", 1.99, False),
        ("about 250 ms", 0.26, True),
        ("250 ms", 0.26, False),
        ("2000 ms", 1.987, False),
    ],
)
def test_a_figure_stands_for_what_rounds_to_it(said: str, number: float, fits: bool) -> None:
    assert figures(said)[0].fits(number) is fits


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-01-01 10:00 to 11:30 UTC", [("2026-01-01", "10:00"), ("", "11:30")]),
        ("2026-01-01T10:00Z", [("2026-01-01", "10:00")]),
        ("10 am and 1:30 pm", [("", "10:00"), ("", "13:30")]),
        ("1 January 2026, January 2nd", [("2026-01-01", ""), ("-01-02", "")]),
    ],
)
def test_dates_and_times_of_day_are_read(text: str, read: list[tuple[str, str]]) -> None:
    assert [(one.date, one.clock) for one in moments(text)] == read


@given(st.floats(min_value=1e-3, max_value=1e6), st.integers(min_value=0, max_value=4))
def test_what_is_rounded_to_any_digits_fits_the_number_itself(number: float, decimals: int) -> None:
    (figure,) = figures(f"{number:.{decimals}f} ms")
    assert figure.fits(number / 1000)


def test_no_changed_figure_of_an_honest_sentence_passes(facts: Facts) -> None:
    """Each figure of each sentence three times as great and four more, and a little greater."""
    passed = []
    for said in (Path(__file__).parent / "honest.txt").read_text(encoding="utf-8").splitlines():
        for match in re.finditer(r"(?<![\w.,:-])\d[\d.,]*(?![\d:-]|\w)", said):
            text = match[0].rstrip(".,")
            number = float(text.replace(",", ""))
            for other in (f"{number * 3 + 4:.0f}", f"{number * 1.07 + 0.4:.1f}"):
                changed = f"{said[: match.start()]}{other}{said[match.start() + len(text) :]}"
                passed += [] if check(changed, facts) else [changed]
    assert passed == []
