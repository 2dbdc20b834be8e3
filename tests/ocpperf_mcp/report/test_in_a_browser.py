"""The page in a real browser: at a phone's and a desk's width, without JavaScript, by keyboard, by a reader."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from ocpperf_mcp.report.html import html
from ocpperf_mcp.report.model import Line, Report
from tests.ocpperf_mcp.report.made_up import HOSTILE, chart, claimed, event, finding, report, table

QUIET = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
PHONE, DESK = (390, 844), (1280, 860)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "chromium was not found on PATH; `make test` brings it"
    # Chromium's sandbox does not work for root.
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=[*QUIET, *sandbox])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def file(faulty_hours: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(html(faulty_hours), encoding="utf-8")
    return path


def opened(
    browser: Browser, file: Path, size: tuple[int, int] = DESK, *, script: bool = True, dark: bool = False
) -> Page:
    """The page, with what it says on its console and what it asks for kept on `complaints`."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        java_script_enabled=script,
        color_scheme="dark" if dark else "light",
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.on("request", lambda asked: None if asked.url == file.as_uri() else complaints.append(asked.url))
    page.goto(file.as_uri())
    assert complaints == []
    return page


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("dark", [False, True])
def test_it_is_usable_without_seeing_it(browser: Browser, file: Path, size: tuple[int, int], dark: bool) -> None:
    page = opened(browser, file, size, dark=dark)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []


def test_on_a_phone_nothing_is_wider_than_the_screen(browser: Browser, file: Path) -> None:
    page = opened(browser, file, PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]


def test_on_a_phone_a_chart_s_long_names_and_the_words_of_its_band_are_wrapped(
    browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "report.html"
    before = tuple(0.01 * piece for piece in range(12))
    own, peer = (f"openshift-ovn-kubernetes/ovnkube-control-plane-{number}-with-a-long-name" for number in range(2))
    lines = (Line(label=own, values=before, before=before), Line(label=peer, values=before))
    file.write_text(html(report(findings=(finding(0),), charts=(chart(lines=lines),))), encoding="utf-8")
    page = opened(browser, file, PHONE)
    assert "its middle 80 % shaded" in page.locator("figcaption").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]


def test_on_a_desk_all_answers_stand_on_the_first_screen(browser: Browser, file: Path) -> None:
    page = opened(browser, file)
    box = page.locator(".answers").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < DESK[1]


def test_tables_are_sorted_by_their_headings_with_the_keyboard(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(html(report(**claimed(table(12)))), encoding="utf-8")
    page = opened(browser, file)
    names = "[...document.querySelectorAll('#s-nodes ~ details tbody td:nth-child(2)')].map((cell) => cell.textContent)"
    level = page.get_by_role("button", name="Level")
    level.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert page.evaluate(names)[:2] == ["n11", "n10"], "the lowest first"
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("Level")
    page.get_by_role("button", name="Of", exact=True).click()
    assert page.evaluate(names)[:3] == ["n11", "n10", "n9"], "numbers within names count as numbers"


def test_without_javascript_it_is_all_there(browser: Browser, file: Path) -> None:
    page = opened(browser, file, script=False)
    assert page.locator("table").count() > 3
    assert page.locator("th button").count() == 0
    page.locator("summary").last.click()


def test_hostile_names_run_nothing(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    made = report(
        title=HOSTILE,
        findings=(finding(entity=HOSTILE, summary="<img src=x onerror=alert(1)>"),),
        charts=(chart(0.1, 0.2, title=HOSTILE),),
        events=(event(5, summary=HOSTILE),),
    )
    file.write_text(html(made), encoding="utf-8")
    page = opened(browser, file)
    assert page.locator("script").count() == 1
    assert page.locator("img").count() == 0
