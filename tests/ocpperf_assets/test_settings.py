"""A setting that cannot be used is refused by its name, with what would be right, and without its value."""

from datetime import timedelta

import pytest

from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("OCPPERF_STEP", "soon", "OCPPERF_STEP cannot be used: 'soon' is not a duration; write it like 60s or 2m."),
        ("OCPPERF_PROMETHEUS_URL", "host:9090", "it does not begin with http:// or https://."),
        ("OCPPERF_PROMETHEUS_CONCURRENCY", "0", "OCPPERF_PROMETHEUS_CONCURRENCY cannot be used: input should be"),
        ("OCPPERF_NOTIFY_QUIET", "at night", "it is not written like 22:00-06:00 Europe/Berlin."),
        ("OCPPERF_NOTIFY_STALE", "1h", "OCPPERF_NOTIFY_STALE cannot be used: it is less than two hours"),
        ("OCPPERF_NOTIFY_STALE", "never", "'never' is not a duration; write it like 60s or 2m."),
        ("OCPPERF_KEEP_REPORTS", "1h", "OCPPERF_KEEP_REPORTS cannot be used: it is less than one day."),
        ("OCPPERF_CLUSTER", "two words", "OCPPERF_CLUSTER cannot be used: "),
        ("OCPPERF_SERVICE_ACCOUNT", "ocpperf", "it is no service account; write it as namespace/name."),
    ],
)
def test_what_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(OcpperfError) as refusal:
        Settings()
    assert sentence in refusal.value.what


def test_a_secret_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCPPERF_PROMETHEUS_TOKEN", "sha256~a-secret")
    monkeypatch.setenv("OCPPERF_PROMETHEUS_URL", "user:sha256~a-secret@host")
    with pytest.raises(OcpperfError) as refusal:
        Settings()
    assert "a-secret" not in str(refusal.value)
    monkeypatch.setenv("OCPPERF_PROMETHEUS_URL", "http://host")
    assert "a-secret" not in repr(Settings())


def test_a_cluster_is_silent_after_three_hours_or_never(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().notify_stale == timedelta(hours=3)
    monkeypatch.setenv("OCPPERF_NOTIFY_STALE", "0")
    assert Settings().notify_stale == timedelta()
