"""The targets file: faults are told with their place, addresses are nowhere in it."""

from pathlib import Path

import pytest

from ocpperf_assets.notify.targets import address_of, read_targets
from ocpperf_assets.services.secret import known_secrets
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError
from tests.ocpperf_assets.notify.made_up import target
from tests.test_readme import blocks

URL = "https://hooks.example/services/T000/zq-secret-zq"


def refusal(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(OcpperfError) as refused:
        read_targets(path)
    assert "zq-secret-zq" not in str(refused.value)
    return refused.value.what


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("{name: a, kind: slack}", ":2: a: give either url_file or url_variable"),
        ("{name: a, kind: slack, url_file: f, url_variable: F}", ":2: a: give either url_file or url_variable"),
        (f"{{name: a, kind: slack, url: {URL}}}", ":2: a: url: an address does not stand in this file"),
        ("{name: a, kind: pager, url_file: f}", ":2: a: kind: expected one of slack, teams, webhook, found 'pager'"),
        ("{name: a, kind: slack, url_file: f, sever: info}", ":2: a: sever: unknown field; did you mean 'severity'?"),
        ("{name: ../a, kind: slack, url_file: f}", ":2: ../a: name: expected text matching"),
        ("{name: a, kind: slack, url_file: f}\n- {name: a, kind: teams, url_file: f}", "duplicate name"),
    ],
)
def test_a_fault_is_told_with_its_line_and_field(tmp_path: Path, entry: str, sentence: str) -> None:
    assert sentence in refusal(tmp_path / "notify.yaml", f"targets:\n- {entry}\n")


def test_a_file_without_targets_and_none_at_all_are_refused(tmp_path: Path) -> None:
    assert "expected at least one target" in refusal(tmp_path / "notify.yaml", "targets: []\n")
    with pytest.raises(OcpperfError, match=r"The targets file .* cannot be read: No such file"):
        read_targets(tmp_path / "none.yaml")


def test_the_file_of_readme_is_one(tmp_path: Path) -> None:
    (readme,) = [text for text in blocks("yaml") if text.startswith("targets:")]
    (tmp_path / "notify.yaml").write_text(readme, encoding="utf-8")
    first, second = read_targets(tmp_path / "notify.yaml")
    assert (first.severity, first.clusters, first.quiet) == ("critical", ("prod-eu",), False)
    assert (second.severity, second.clusters, second.quiet) == ("warning", (), True)


def test_an_address_comes_from_a_file_or_a_variable_and_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "url").write_text(f"{URL}\n", encoding="utf-8")
    monkeypatch.setenv("HOOK", URL)
    found = [address_of(target()), address_of(target(url_variable=None, url_file=tmp_path / "url"))]
    assert [one.url for one in found] == [URL, URL]
    assert "zq-secret-zq" not in repr(found)


@pytest.mark.parametrize("held", ["", "http://hooks.example/zq-secret-zq", "hooks.example/zq-secret-zq", "https://["])
def test_what_is_no_address_or_would_cross_the_network_in_clear_is_refused_unseen(
    monkeypatch: pytest.MonkeyPatch, held: str
) -> None:
    monkeypatch.setenv("HOOK", held)
    with pytest.raises(OcpperfError, match="The variable HOOK of target night-shift holds no address") as refused:
        address_of(target())
    assert "zq-secret-zq" not in str(refused.value)


def test_no_log_shows_an_address_or_the_path_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "url").write_text(URL, encoding="utf-8")
    (tmp_path / "notify.yaml").write_text(
        "targets:\n- {name: a, kind: slack, url_file: url}\n- {name: b, kind: teams, url_file: gone}\n"
    )
    monkeypatch.setenv("OCPPERF_NOTIFY", "notify.yaml")
    assert {URL, "/services/T000/zq-secret-zq"} <= set(known_secrets(Settings()))
