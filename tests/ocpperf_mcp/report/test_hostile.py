"""Names and labels that mean harm show as themselves, in every form."""

from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ocpperf_mcp.report.as_junit import as_junit
from ocpperf_mcp.report.markdown import code, escaped, markdown
from ocpperf_mcp.report.model import Report
from ocpperf_mcp.report.printable import printable
from ocpperf_mcp.report.terminal import terminal

HARMFUL = [
    "<script>alert(1)</script>",
    "a | b || c",
    "line\n# Heading\n- item\n\n```\ncode",
    "[a](javascript:alert(1)) ![i](https://evil.example/x.png)",
    "https://evil.example www.evil.example a@evil.example",
    "**bold** _leaning_ ~~gone~~ `code` $x$ &amp; \\| \\",
    "\x1b[31mred\x1b]8;;https://evil.example\x07",
    "\u202egnp.exe\u2066",
]


def tokens(text: str) -> list[Token]:
    """What a reader of GitHub's dialect makes of it, as the strictest and the laxest would."""
    found = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)
    return [*found, *(child for token in found for child in token.children or ())]


@pytest.mark.parametrize("text", HARMFUL)
def test_a_text_in_a_cell_is_one_cell_of_text(text: str) -> None:
    found = tokens(f"| a | b |\n| --- | --- |\n| {escaped(text)} | end |\n")
    assert [token.type for token in found].count("td_open") == 2
    kinds = {token.type for token in found if token.children is None and token.type != "inline"}
    assert not kinds & {"html_inline", "html_block", "link_open", "image", "strong_open", "em_open", "code_inline",
                        "s_open", "heading_open", "fence"}  # fmt: skip
    (shown,) = (token for token in found if token.type == "inline" and token.content.strip() not in ("a", "b", "end"))
    read = "".join(child.content for child in shown.children or ())
    assert read == printable(text)


@pytest.mark.parametrize("text", HARMFUL)
def test_a_text_in_a_code_span_stays_in_it(text: str) -> None:
    spans = [token for token in tokens(f"- {code(text)} end") if token.type == "code_inline"]
    assert [span.content.strip() for span in spans] == [printable(text).strip()]


def test_the_report_of_hostile_labels_has_no_markup_of_theirs(faulty_hours: Report) -> None:
    found = tokens(markdown(faulty_hours))
    assert not {token.type for token in found} & {"html_inline", "html_block", "link_open", "image"}
    headings = [found[place + 1].content for place, token in enumerate(found) if token.type == "heading_open"]
    assert "Heading" not in headings


def test_nothing_steers_the_terminal(faulty_hours: Report) -> None:
    said = terminal(faulty_hours)
    assert "\x1b" not in said
    assert "<img" in said


def test_junit_is_well_formed_and_skips_what_was_not_judged(faulty_hours: Report) -> None:
    suite = ElementTree.fromstring(as_junit(faulty_hours))
    cases = {case.get("name"): case for case in suite}
    failed = {name for name, case in cases.items() if case.find("failure") is not None}
    skipped = {name for name, case in cases.items() if case.find("skipped") is not None}
    ids = {finding.rule + finding.entity: finding.finding_id for finding in faulty_hours.findings}
    assert failed == {
        "etcd", "WAL fsync", f"fsync-slow on n1 ({ids['fsync-slown1']})", f"cpu-busy on n1 ({ids['cpu-busyn1']})"
    }  # fmt: skip
    assert skipped == {"network", "Failures", "failing", f"cpu-busy on n3 ({ids['cpu-busyn3']})"}
    assert (suite.get("failures"), suite.get("skipped")) == (str(len(failed)), str(len(skipped)))
