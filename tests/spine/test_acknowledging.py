"""`ocpperf ack`: a finding that somebody knows of is no news, in the published warehouse, at once."""

from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from ocpperf_assets.cli import ack
from ocpperf_mcp.contracts.errors import OcpperfError
from tests.conftest import Demo

Run = Callable[..., Result]


@pytest.fixture
def run(copied: Demo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OCPPERF_HOME", str(copied.home.root))
    app = typer.Typer()
    app.command()(ack)
    return lambda *words: CliRunner().invoke(app, list(words))


@pytest.fixture
def finding(copied: Demo) -> str:
    """The id of the warning on the link that drops packets."""
    ((found,),) = copied.rows("select finding_id from rpt_findings where rule = 'net-device-drops'")
    return str(found)


def acknowledged(demo: Demo) -> list[tuple[object, ...]]:
    return demo.rows("select rule, entity, acknowledged_because from rpt_findings where acknowledged order by all")


def test_an_acknowledged_finding_is_marked_with_its_note_until_it_is_withdrawn(
    run: Run, copied: Demo, finding: str
) -> None:
    said = run(finding[:8], "--note", "its owner knows").output
    assert said == "net-device-drops on worker-0/ens192 is acknowledged for good.\n"
    assert acknowledged(copied) == [("net-device-drops", "worker-0/ens192", "its owner knows")]
    assert "net-device-drops on worker-0/ens192, for good: its owner knows" in run().output
    assert run(finding, "--withdraw").exit_code == 0
    assert acknowledged(copied) == []
    assert "Nothing is acknowledged" in run().output
    known = copied.rows("select cluster, configured from dim_cluster")
    assert known == [("demo", True)], "this shell does not know which clusters are configured"


def test_it_ends_with_its_date(run: Run, copied: Demo, finding: str) -> None:
    assert "until 2100-01-02 00:00 UTC" in run(finding, "--until", "2100-01-02").output
    assert acknowledged(copied) == [("net-device-drops", "worker-0/ens192", "")]


def test_a_date_before_the_finding_is_refused_since_it_would_change_nothing(
    run: Run, copied: Demo, finding: str
) -> None:
    fault = run(finding, "--until", "2020-01-01T11:00Z").exception
    assert isinstance(fault, OcpperfError)
    assert fault.what.endswith("so --until 2020-01-01 11:00 leaves it out.")
    assert fault.next_step
    assert acknowledged(copied) == []
    assert "Nothing is acknowledged" in run().output


def test_it_may_hold_until_the_finding_is_worse(run: Run, copied: Demo, finding: str) -> None:
    assert "until it is worse than warning" in run(finding, "--until-worse").output
    assert acknowledged(copied) == [("net-device-drops", "worker-0/ens192", "")]


def test_an_id_from_before_earlier_hours_were_collected_still_names_it(run: Run, copied: Demo) -> None:
    ((rule, entity, former),) = copied.rows(
        "select rule, entity, aliases[1] from rpt_findings where len(aliases) > 0 order by start, entity limit 1"
    )
    assert run(str(former)).output == f"{rule} on {entity} is acknowledged for good.\n"
    assert [row[:2] for row in acknowledged(copied)] == [(rule, entity)]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nothing",), "No finding's id begins with 'nothing'."),
        (("",), "No finding was named."),
        ((" ", "--withdraw"), "No finding was named."),
        (("", "--until", ""), "No finding was named."),
        (("x", "--until", ""), "'' is not a time."),
        (
            ("x", "--until", "2100-01-02", "--withdraw"),
            "More than one of --until, --until-worse and --withdraw was given.",
        ),
        (("--withdraw",), "No finding was named."),
        (("x", "--until", "tomorrow"), "'tomorrow' is not a time."),
    ],
)
def test_what_is_not_meant_clearly_is_refused(run: Run, words: tuple[str, ...], sentence: str) -> None:
    fault = run(*words).exception
    assert isinstance(fault, OcpperfError)
    assert sentence in fault.what
