"""`ocpperf report --narrate`: prose in every form, a window that is asked for, and a file that verifies."""

import json
from pathlib import Path

from ocpperf_mcp.report.as_json import read_json
from ocpperf_mcp.report.html import html
from ocpperf_mcp.report.markdown import markdown
from ocpperf_mcp.report.model import Report
from ocpperf_mcp.report.terminal import terminal
from tests.doubles.openai_api import Filled, serving_model
from tests.ocpperf_mcp.agent.conftest import Run, asked_of
from tests.ocpperf_mcp.agent.test_graph import HONEST

WORDS = ("report", "--cluster", "c1", "--last", "2h30m", "--narrate", "--format", "json", "--out", "report.json")


def test_without_a_key_the_rules_write_and_it_verifies(run: Run) -> None:
    done = run(*WORDS)
    assert done.exit_code == 0, done.output
    narrative = read_json(Path("report.json").read_text(encoding="utf-8"), "report.json").narrative
    assert narrative is not None
    assert (narrative.author, narrative.note) == ("rules", "")
    assert run("verify", "report.json").exit_code == 0


def test_what_a_model_wrote_verifies_until_somebody_changes_it(run: Run) -> None:
    with serving_model(Filled(HONEST)) as model:
        done = run(*WORDS, env=asked_of(model))
    assert "m1 writes." in done.stderr
    written = json.loads(Path("report.json").read_text(encoding="utf-8"))
    assert written["narrative"]["author"] == "m1"
    assert run("verify", "report.json").exit_code == 0
    written["narrative"]["summary"] = "On n3 the WAL fsync P99 reached 1.99 s."
    Path("report.json").write_text(json.dumps(written), encoding="utf-8")
    assert run("verify", "report.json").exit_code == 3


def test_every_form_shows_the_prose_and_who_wrote_it(run: Run) -> None:
    run(*WORDS)
    made = read_json(Path("report.json").read_text(encoding="utf-8"), "report.json")
    for text in (html(made), markdown(made), terminal(made)):
        assert "Written by the rules." in text
        assert "Root cause: a slow disk. Confidence: low." in " ".join(text.split())
    assert_prose_is_markup_free(made)


def assert_prose_is_markup_free(made: Report) -> None:
    """Prose is text: what a model writes makes no element and no link."""
    assert made.narrative is not None
    hostile = made.narrative.model_copy(update={"summary": "<img src=x> [a](https://evil.example)"})
    about = made.model_copy(update={"narrative": hostile})
    assert "<img src=x>" not in html(about)
    assert r"\<img src=x\> \[a\](https\://evil.example)" in markdown(about)
