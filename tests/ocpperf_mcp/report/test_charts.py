"""Charts draw what was measured and nothing else, and say it in words."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.report.chart_words import described, legend_of
from ocpperf_mcp.report.charts import MOST_EVENTS, PALETTE, drawn, svg
from ocpperf_mcp.report.model import Line
from ocpperf_mcp.report.quantity import quantity
from ocpperf_mcp.warehouse import open_published
from tests.ocpperf_mcp.report.made_up import HOSTILE, START, chart, event, finding, report


def strokes(drawing: str, colour: str) -> list[str]:
    """The paths and lines of one colour, in the order in which they are drawn."""
    root = ElementTree.fromstring(drawing)
    return [part.attrib.get("d", part.tag) for part in root.iter() if part.attrib.get("stroke") == PALETTE[colour]]


def titles(drawing: str) -> list[str]:
    return [part.text or "" for part in ElementTree.fromstring(drawing).iter() if part.tag == "title"]


def test_a_line_ends_where_nothing_was_measured_and_begins_anew() -> None:
    (line,) = strokes(svg(chart(0.1, 0.2, None, 0.3, 0.4, 0.5)), "line")
    assert line.count("M") == 2
    assert line.count("L") == 1 + 2


def test_a_value_between_two_gaps_is_a_dot() -> None:
    alone = ElementTree.fromstring(svg(chart(0.1, 0.2, None, 0.3, None, None)))
    dots = [part for part in alone.iter() if part.tag == "path" and part.attrib.get("fill") == PALETTE["line"]]
    assert len(dots) == 1


def test_nothing_measured_is_an_empty_chart_and_no_line_at_zero() -> None:
    nothing = chart(*[None] * 6)
    assert not [path for path in strokes(svg(nothing), "line") if "L" in path]
    assert described(nothing, (), ()).endswith("UTC. No data.")


def test_the_limit_the_comparison_and_the_others_have_strokes_of_their_own() -> None:
    lines = (Line(label="n0", values=(0.1, 0.2), before=(0.3, 0.4)), Line(label="n1", values=(0.5, 0.6)))
    one = chart(lines=lines)
    assert [len(strokes(svg(one), kind)) for kind in ("line", "before", "peer", "limit")] == [1, 1, 1, 1]
    assert legend_of(one) == {
        "line": "n0, mean", "before": "the same in the comparison window",
        "peer": "n1", "limit": "limit 90 % (T1)",
    }  # fmt: skip


def test_where_most_of_the_comparison_window_lay_is_a_band_behind_the_line() -> None:
    def bands(*before: float | None) -> list[str]:
        drawing = svg(chart(lines=(Line(label="n0", values=(0.1, 0.2, 0.3), before=before),)))
        return [title for title in titles(drawing) if title.startswith("Comparison window")]

    (band,) = bands(0.30, None, *(0.30 + 0.01 * piece for piece in range(10)), 0.99)
    assert band == "Comparison window, the middle 80 %: 30.1 % to 38.9 %"
    told = legend_of(chart(lines=(Line(label="n0", values=(0.1,), before=tuple(0.1 * piece for piece in range(9))),)))
    assert told["before"] == "the same in the comparison window, its middle 80 % shaded"
    assert bands(*[0.3] * 9) == []
    assert bands(0.1, 0.2, 0.3, 0.4) == []
    assert bands(None, None, None) == bands() == []


def test_episodes_and_events_are_marked_with_titles() -> None:
    said = titles(svg(chart(0.1, 0.97), [finding()], [event(90)]))
    assert "cpu-busy, 2026-01-01 01:00 to 2026-01-01 02:00" in said
    assert "n0 rebooted 90 minutes in." in said
    assert "Limit 90 % (T1)" in said


def test_a_hostile_name_is_the_text_of_a_title() -> None:
    drawing = svg(chart(0.1, 0.2), [finding(rule=HOSTILE)], [event(5, summary=HOSTILE)])
    assert "<script" not in drawing
    assert len([one for one in titles(drawing) if "<script>alert(1)</script>" in one]) == 2


def test_colours_are_all_of_the_palette_and_become_variables_of_a_page() -> None:
    one = chart(0.1, None, 0.3, lines=(Line(label="n0", values=(0.1, None, 0.3), before=(0.2, 0.3)),))
    drawing = svg(one, [finding()], [event(5)], in_variables=True)
    assert "#" not in drawing
    assert 'stroke="var(--chart-line)"' in drawing


def test_a_drawing_has_no_ids_that_two_on_a_page_would_share() -> None:
    root = ElementTree.fromstring(svg(chart(0.1, 0.2), [finding()], [event(5)]))
    assert not [part for part in root.iter() if {"id", "class", "style"} & part.attrib.keys()]


def test_the_words_tell_range_worst_limit_and_gaps() -> None:
    one = chart(0.1, None, 0.97, 0.97)
    assert described(one, (finding(),), (event(90),)) == (
        "CPU, n0: mean of each hour, 2026-01-01 00:00 to 2026-01-01 06:00 UTC. "
        "Between 10 % and 97 %, highest at 2026-01-01 02:00. Worst found: 96 %. Limit: 90 % (T1). "
        "No data in 1 of 4 pieces, drawn as gaps. Marked: 2026-01-01 01:30 reboot."
    )


def test_a_chart_stands_under_the_first_of_its_findings() -> None:
    one = chart(0.1, findings=("f000001", "f000000"))
    assert list(drawn(report(findings=(finding(0), finding(1)), charts=(one,)))) == ["f000001"]


def test_of_too_many_events_those_of_the_own_node_stay() -> None:
    far = [event(place, node="n9") for place in range(MOST_EVENTS)]
    own, of_none = event(300), event(301, node=None)
    outside = event(-5)
    made = report(findings=(finding(),), charts=(chart(0.1, 0.2),), events=(*far, own, of_none, outside))
    ((shown,),) = drawn(made).values()
    assert len(shown.events) == MOST_EVENTS
    assert {own, of_none} < set(shown.events)
    assert outside not in shown.events
    assert list(shown.events) == sorted(shown.events, key=lambda one: one.start)


def test_a_chart_of_an_objective_keeps_the_events_of_its_own_node_and_says_the_verdict() -> None:
    far = [event(place, node="n9") for place in range(MOST_EVENTS)]
    own = event(300)
    one = chart(0.1, 0.2, findings=(), node="n0", verdict="met")
    ((shown,),) = drawn(report(charts=(one,), events=(*far, own))).values()
    assert own in shown.events
    assert "Limit: 90 % (T1). Objective met." in shown.words


def test_infinity_has_no_place_on_a_chart() -> None:
    assert "L" not in "".join(strokes(svg(chart(float("inf"), 0.1, None)), "line"))


SMALL = (0.0003, 0.02, 1.0, 12.5, 99.0)
LARGE = (*SMALL, 2_000.0, 123_456.0)


@pytest.mark.parametrize(
    ("unit", "values"),
    [
        ("seconds", LARGE),
        ("ratio", SMALL),
        ("bytes", (*LARGE, 3e9)),
        ("bytes_per_second", LARGE),
        ("bits_per_second", (*LARGE, 3e9)),
        ("count", LARGE),
        ("boolean", (0.0, 1.0)),
        ("requests_per_second", LARGE),
    ],
)
def test_numbers_are_written_as_the_tables_write_them(case_home: Home, unit: str, values: tuple[float, ...]) -> None:
    asked = {"unit": unit, "values": list(values)}
    with open_published(case_home) as con:
        texts = con.execute("select readable(v, $unit) from unnest($values) as t(v)", asked).fetchall()
    assert [quantity(value, unit) for value in values] == [text for (text,) in texts]


def test_a_window_of_days_has_dates_below() -> None:
    days = chart(0.1, 0.2, width_s=86_400, window={"start": START, "end": START + timedelta(days=5)})
    assert "Jan 03" in svg(days)
