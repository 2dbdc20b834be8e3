"""A cluster without a fault: silence for a day, and not for want of data."""

from tests.conftest import Demo


def test_a_quiet_day_has_no_critical_and_no_warning(quiet: Demo) -> None:
    assert quiet.finished.returncode == 0, quiet.finished.stderr
    assert quiet.rows("select rule, entity, severity, summary from rpt_findings where severity <> 'info'") == []
    hours = quiet.rows("select count(distinct hour) from fct_latency_hourly where certainty is not null")
    assert hours == [(24,)], "silence counts only where the rules had data to judge"
