"""Settings of the query side: what is refused, and in which words."""

from pathlib import Path

import pytest

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.settings import ServingSettings


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("OCPPERF_MCP_STALE_AFTER", "soon", "OCPPERF_MCP_STALE_AFTER cannot be used: it is no duration"),
        ("OCPPERF_MCP_RATE", "0", "OCPPERF_MCP_RATE cannot be used: input should be greater than 0"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL cannot be used"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, value: str, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(variable, value)
    with pytest.raises(OcpperfError) as caught:
        ServingSettings()
    assert caught.value.what.startswith(words)


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OCPPERF_MCP_HOSTS", "a.example, b.example,")
    assert ServingSettings().mcp_hosts == ("a.example", "b.example")
