"""`ocpperf report --fleet --narrate`: prose about several clusters, each figure with the cluster it is of."""

import json
from pathlib import Path
from typing import Any

import pytest

from ocpperf_mcp.agent import notes
from ocpperf_mcp.agent.check import check
from ocpperf_mcp.agent.facts import Facts, facts_in
from ocpperf_mcp.report.as_json import read_json
from ocpperf_mcp.report.model import Narrative, Report
from tests.doubles.openai_api import Filled, Scripted, serving_model
from tests.ocpperf_mcp.agent.conftest import Run, asked_of

WORDS = ("report", "--fleet", "--last", "2h30m", "--narrate", "--format", "json", "--out", "fleet.json")
HONEST: dict[str, Any] = {
    "summary": "c1 is critical. On c1 the WAL fsync P99 of n1 reached 1.99 s, over its limit of 1 s.",
    "explanation": "c2 and c3 are unknown: too little of them could be judged.",
    "steps": [],
    "judgement": None,
}
SWAPPED = {**HONEST, "summary": "c1 is critical. On c3 the WAL fsync P99 of n1 reached 1.99 s."}


def fleet() -> Report:
    return read_json(Path("fleet.json").read_text(encoding="utf-8"), "fleet.json")


def narrative(run: Run, model: Scripted, **settings: str) -> Narrative:
    done = run(*WORDS, env=asked_of(model, **settings))
    assert done.exit_code == 0, done.output
    made = fleet().narrative
    assert made is not None
    return made


def test_a_model_words_the_fleet_and_what_it_wrote_verifies(run: Run) -> None:
    with serving_model(Filled(HONEST)) as model:
        made = narrative(run, model)
    assert (made.author, made.summary, made.note) == ("m1", HONEST["summary"], "")
    assert [one.cluster for one in fleet().clusters] == ["c1", "c2", "c3"]
    assert run("verify", "fleet.json").exit_code == 0


def test_a_figure_of_one_cluster_told_of_another_goes_back(run: Run) -> None:
    with serving_model(Filled(SWAPPED), Filled(HONEST)) as model:
        made = narrative(run, model)
    assert '"1.99 s"' in model.requests[1]["messages"][-1]["content"]
    assert made.author == "m1"


def test_a_figure_that_stays_with_another_cluster_is_not_in_the_report(run: Run) -> None:
    with serving_model(Filled(SWAPPED)) as model:
        made = narrative(run, model)
    assert (made.author, made.note) == ("rules", notes.UNCHECKED)


def test_names_of_clusters_are_aliased_too(run: Run) -> None:
    aliased = json.loads(json.dumps(HONEST).replace("c1", "cluster-1").replace("c2", "cluster-2"))
    aliased = json.loads(json.dumps(aliased).replace("c3", "cluster-3").replace("n1", "node-1"))
    with serving_model(Filled(aliased)) as model:
        made = narrative(run, model, OCPPERF_LLM_ALIAS="1")
    assert (made.author, made.summary, made.explanation) == ("m1", HONEST["summary"], HONEST["explanation"])
    sent = json.dumps([message["content"] for message in model.requests[0]["messages"]])
    assert not {"c1", "c2", "c3", "n1"} & set(sent.replace('\\"', " ").replace("/", " ").replace(":", " ").split())
    assert "cluster-1" in sent


@pytest.fixture
def facts(run: Run) -> Facts:
    assert run(*WORDS).exit_code == 0
    return facts_in(fleet())


def test_what_holds_of_one_cluster_is_held_against_that_one(facts: Facts) -> None:
    honest = [
        "c1 is critical, and c2 and c3 are unknown.",
        "On c1 etcd is critical and ovnk is healthy.",
        "In c1 the CPU of n1 reached 96 %.",
        "c1 has one critical finding.",
        "The fleet is critical.",
    ]
    assert {said: found for said in honest if (found := check(said, facts))} == {}
    altered = [
        "c2 is critical.",
        "c2 is healthy.",
        "On c2 the CPU of n1 reached 96 %.",
        "c3 had three findings.",
        "On c2 ovnk is healthy.",
        "c3 is unknown. The CPU of n1 reached 96 %.",
        "c1 and c2 are critical.",
        "On c1 the CPU of n1 reached 96 %, and on c3 it reached 95 %.",
        "The slow fsync on c2 was due to a slow disk.",
        "Only c3 is critical.",
    ]
    assert [said for said in altered if not check(said, facts)] == []
