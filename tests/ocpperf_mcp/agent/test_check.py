"""Altered sentences about the case's report are caught, honest ones pass; both stand in files beside this one."""

from pathlib import Path

from ocpperf_mcp.agent.check import check
from ocpperf_mcp.agent.facts import Facts


def sentences(name: str) -> list[str]:
    found = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    assert len(found) >= 65
    return found


def test_honest_sentences_pass(facts: Facts) -> None:
    refused = {said: [str(one) for one in found] for said in sentences("honest.txt") if (found := check(said, facts))}
    assert refused == {}


def test_altered_sentences_are_caught(facts: Facts) -> None:
    assert [said for said in sentences("altered.txt") if not check(said, facts)] == []
