"""The page answers first, escapes everything, leads from every number to its query, and stays small."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from tinyhtml5.parser import HTMLParser as Strict

from ocpperf_mcp.report.html import PRINTED_ROWS, html, page
from ocpperf_mcp.report.model import Report
from tests.ocpperf_mcp.report.made_up import HOSTILE, chart, claimed, event, finding, report, table


class Page(HTMLParser):
    """What a browser makes of a page: its elements with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._parts: list[str] = []
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._inside = tag

    def handle_data(self, data: str) -> None:
        if self._inside not in ("style", "script"):
            self._parts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._parts).split())

    def all(self, name: str) -> list[str]:
        """Values of an attribute."""
        return [attributes[name] for _, attributes in self.elements if name in attributes]

    def of(self, tag: str) -> list[dict[str, str]]:
        return [attributes for one, attributes in self.elements if one == tag]


@pytest.fixture(scope="module")
def written(faulty_hours: Report) -> str:
    return html(faulty_hours)


@pytest.fixture(scope="module")
def shown(written: str) -> Page:
    return Page(written)


def test_it_answers_six_questions_before_anything_else(shown: Page) -> None:
    questions = ["State", "Worst", "Changed", "Why", "Do first", "How sure", "etcd:", "Findings"]
    places = [shown.text.index(f" {question} ") for question in questions]
    assert places == sorted(places)
    assert "Performance of c1 critical Window: 2026-01-01 10:00 to 2026-01-01 12:00 UTC" in shown.text


def test_a_finding_stands_with_what_it_rests_on_and_what_to_do(shown: Page) -> None:
    assert "observed 1.99 s, limit 1 s (T1, etcd mixin) · Certain, held for 90 min" in shown.text
    assert "Consistent with a slow disk, which it shows by itself. Competing: too little CPU." in shown.text
    assert "Move etcd to a faster disk. Before: The others are healthy. Risk: Quorum." in shown.text
    assert "A workload <b>without</b> limits." in shown.text


def test_what_is_acknowledged_stands_apart(shown: Page, faulty_hours: Report) -> None:
    (known,) = (one for one in faulty_hours.findings if one.acknowledged)
    ids = shown.all("id")
    assert ids.index(known.finding_id) > ids.index("acknowledged")
    assert all(ids.index(one.finding_id) < ids.index("acknowledged") for one in faulty_hours.findings if one != known)


def test_every_link_leads_to_a_place_on_the_page_and_no_place_is_named_twice(shown: Page) -> None:
    assert len(shown.all("id")) == len(set(shown.all("id")))
    assert {link.removeprefix("#") for link in shown.all("href")} <= set(shown.all("id"))
    assert all(link.startswith("#") for link in shown.all("href"))


def test_every_row_with_a_claim_leads_to_its_query() -> None:
    made = report(**claimed(table(3)))
    shown = Page(html(made))
    assert shown.all("href").count("#m0") == 3
    assert 'sum(rate(cpu{mode!="idle"}[5m]))' in shown.text
    assert "1050 1080" in shown.text, "samples found and expected of three nodes"


def test_marks_are_words_beside_their_value_and_both_when_both_hold() -> None:
    cell = re.search(r"<td[^>]*>97 %.*?</td>", html(report(**claimed(table(3)))))
    assert cell is not None
    assert re.sub(r"<[^>]*>", " ", cell[0]).split() == ["97", "%", "warning", "top"]


def test_only_its_own_script_may_run_and_nothing_is_fetched(written: str, shown: Page) -> None:
    (script,) = re.findall(r"<script>(.*?)</script>", written, re.DOTALL)
    hashed = b64encode(sha256(script.encode()).digest()).decode()
    (policy,) = (one["content"] for one in shown.of("meta") if one.get("http-equiv") == "Content-Security-Policy")
    assert policy.split("; ")[:3] == [
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        f"script-src 'sha256-{hashed}'",
    ]
    assert not {"link", "img", "iframe", "object", "embed", "form", "base"} & {tag for tag, _ in shown.elements}
    assert not {"src", "srcset", "action", "style"} & {name for _, one in shown.elements for name in one}
    assert not [name for _, one in shown.elements for name in one if name.startswith("on")]


@pytest.mark.parametrize("is_print", [False, True])
def test_hostile_texts_are_texts_everywhere(is_print: bool) -> None:
    rows = table(2, title=HOSTILE)
    named = finding(rule=HOSTILE, entity=HOSTILE, summary=HOSTILE, source=HOSTILE, common_causes=(HOSTILE,))
    made = report(
        title=HOSTILE,
        notes=(HOSTILE,),
        findings=(named,),
        charts=(chart(0.1, 0.2, title=HOSTILE, limit_label=HOSTILE),),
        events=(event(5, kind=HOSTILE, summary=HOSTILE),),
        **claimed(rows),
    )
    written = page(made, is_print=is_print)
    shown = Page(written)
    assert len(shown.of("script")) == 1
    assert shown.text.count("<script>alert(1)</script>") >= 10
    assert "\u202e" not in written
    assert not [name for _, one in shown.elements for name in one if name.startswith("on")]


def test_it_is_parsed_without_an_error(written: str) -> None:
    parser = Strict()
    parser.parse(written)
    assert parser.errors == []


def test_of_a_cluster_without_data_it_says_so_and_claims_no_health() -> None:
    text = Page(html(report())).text
    assert "Performance of c1 unknown" in text
    assert "Worst Not known. Changed Not compared with another window. Why Not known. Do first Not known." in text
    assert "None, since nothing was collected that could be judged." in text
    assert "never collected" in text
    assert "healthy" not in text


def test_a_chart_of_no_finding_has_a_place_of_its_own() -> None:
    shown = Page(html(report(charts=(chart(0.1, 0.2, findings=(), verdict="met"),))))
    assert "that no finding's chart shows. CPU, n0 objective met" in shown.text
    assert "#charts" in shown.all("href")


def test_causes_and_actions_of_a_rule_are_told_once() -> None:
    shown = Page(html(report(findings=tuple(finding(place) for place in range(3)))))
    assert shown.text.count("A workload without limits.") == 1
    assert shown.all("href").count("#f000000") == 2


def test_on_paper_tables_are_short_keep_what_is_marked_and_say_how_much_they_leave_out() -> None:
    rows = table(40).rows
    turned = table(40).model_copy(update={"rows": rows[::-1], "rows_in_all": 50})
    shown = Page(page(report(**claimed(turned)), is_print=True))
    assert "97 % warning top" in shown.text
    assert f"And {50 - PRINTED_ROWS} more." in shown.text
    assert all("open" in one for one in shown.of("details"))


def test_five_hundred_nodes_all_of_them_shown_stay_below_three_megabytes() -> None:
    tables = tuple(table(500, f"t{place}") for place in range(12))
    many = tuple(finding(place) for place in range(500))
    values = tuple(0.5 + place % 7 / 100 for place in range(150))
    drawings = tuple(chart(*values, width_s=144, findings=(f"f{place:06x}",)) for place in range(2))
    assert len(html(report(findings=many, charts=drawings, **claimed(*tables))).encode()) < 3_000_000
