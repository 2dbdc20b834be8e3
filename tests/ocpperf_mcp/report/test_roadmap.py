"""What to do, by when: each action once, as the findings and the catalogue say it, and nothing besides."""

import pytest

from ocpperf_mcp.report.html import html
from ocpperf_mcp.report.markdown import markdown
from ocpperf_mcp.report.model import Action, Finding, Report, Section
from ocpperf_mcp.report.sections.roadmap import roadmap
from ocpperf_mcp.report.tables import flat_tables
from ocpperf_mcp.report.terminal import terminal
from tests.ocpperf_mcp.report.made_up import finding, report

LOOK = Action(
    command="oc adm top nodes", precondition="The metrics API answers.", risk="None; it reads only.", horizon="now"
)
MOVE = Action(
    change="Move the pods that use most.", precondition="There is room.", risk="They restart.", horizon="days"
)
BUY = Action(change="Give the nodes more CPUs.", precondition="All are busy.", risk="Cost.", horizon="months")


def cells(section: Section | None, *columns: str) -> list[list[list[str]]]:
    """By table, by row."""
    assert section is not None
    return [
        [
            [value.text for column, value in zip(table.columns, row, strict=True) if column.key in columns]
            for row in table.rows
        ]
        for table in section.tables
    ]


def test_actions_stand_by_horizon_each_once_with_all_they_follow_from() -> None:
    made = roadmap(
        [finding(0, actions=(BUY, LOOK)), finding(1, actions=(BUY, LOOK)), finding(2, rule="b", actions=(LOOK,))]
    )
    assert made is not None
    assert [table.key for table in made.tables] == ["roadmap-now", "roadmap-months"]
    assert cells(made, "command", "change", "follows") == [
        [["oc adm top nodes", "", "b on n2; cpu-busy on n0, n1"]],
        [["", "Give the nodes more CPUs.", "cpu-busy on n0, n1"]],
    ]


def test_the_worst_comes_first_whatever_the_order_of_the_findings() -> None:
    worst = finding(1, severity="critical", actions=(LOOK.model_copy(update={"command": "oc get nodes"}),))
    assert cells(roadmap([finding(0, actions=(LOOK,)), worst]), "severity", "command") == [
        [["critical", "oc get nodes"], ["warning", "oc adm top nodes"]]
    ]


def test_what_differs_in_risk_is_another_action() -> None:
    riskier = LOOK.model_copy(update={"risk": "It adds load."})
    assert cells(roadmap([finding(0, actions=(LOOK, riskier))]), "risk") == [
        [["None; it reads only."], ["It adds load."]]
    ]


def test_many_things_are_named_in_part_and_counted() -> None:
    many = [finding(place, actions=(MOVE,)) for place in range(40)]
    assert cells(roadmap(many), "follows") == [[["cpu-busy on n0, n1, n2, n3 and 36 more"]]]


def test_in_a_fleet_things_are_named_with_their_cluster() -> None:
    assert cells(roadmap([finding(0, actions=(MOVE,))], is_fleet=True), "follows") == [[["cpu-busy on n0 of c1"]]]


@pytest.mark.parametrize(
    "findings",
    [(), (finding(0),), (finding(0, acknowledged=True, actions=(LOOK,)),)],
    ids=["no finding", "a finding without actions", "acknowledged"],
)
def test_where_nothing_is_to_do_there_is_no_section(findings: tuple[Finding, ...]) -> None:
    assert roadmap(findings) is None


def test_an_action_without_a_horizon_is_shown_as_such() -> None:
    made = roadmap([finding(0, actions=(MOVE.model_copy(update={"horizon": None}),))])
    assert made is not None
    assert [table.title for table in made.tables] == ["Without a time: the rule names none"]


@pytest.fixture(scope="module")
def told() -> Report:
    found = (finding(0, actions=(LOOK, MOVE, BUY)),)
    section = roadmap(found)
    assert section is not None
    return report(findings=found, sections=(section,))


def test_every_form_has_what_by_when_before_what_and_at_which_risk(told: Report) -> None:
    table = next(one for one in flat_tables(told) if one.name == "roadmap")
    forms = (markdown(told), html(told), terminal(told), " ".join(map(str, table.rows[-1])))
    for form in forms:
        flat = " ".join(form.split())
        assert all(words in flat for words in ("Within months", "more CPUs", "All are busy", "Cost", "cpu-busy on n0"))


def test_on_the_page_it_stands_right_after_the_findings(told: Report) -> None:
    page = html(told)
    assert page.index('id="findings"') < page.index('id="s-roadmap"') < page.index('id="sources"')
    assert 'href="#s-roadmap"' in page


def test_of_the_warehouse_it_has_the_horizons_of_the_rules(faulty_hours: Report) -> None:
    made = next(one for one in faulty_hours.sections if one.key == "roadmap")
    assert cells(made, "severity", "follows") == [[["warning", "cpu-busy on n1"]], [["critical", "fsync-slow on n1"]]]
    assert [table.key for table in made.tables] == ["roadmap-now", "roadmap-months"]


def test_on_a_terminal_a_long_command_is_folded_and_never_cut() -> None:
    word = "'apiserver_(storage|resource)_objects_of_every_kind_that_there_is_in_the_cluster_by_resource'"
    look = LOOK.model_copy(update={"command": f"oc get --raw /metrics | grep -E {word} | tail"})
    found = (finding(0, actions=(look,)),)
    section = roadmap(found)
    assert section is not None
    said = terminal(report(findings=found, sections=(section,)))
    column = "".join(line.split("│")[2].strip() for line in said.splitlines() if line.count("│") == 7)
    assert word in column.replace("tail", "")
    assert "…" not in said
