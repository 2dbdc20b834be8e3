"""Why a metric has no series, on a server where each reason holds for a reason of its own."""

import pytest

from ocpperf_assets.doctor.absence import Absence, Absences, Reason
from ocpperf_assets.doctor.catalogue_verdict import of_absences
from ocpperf_assets.doctor.line import Level
from tests.ocpperf_assets.doctor.conftest import Past
from tests.ocpperf_assets.extraction.conftest import metric


@pytest.mark.parametrize(
    ("query", "reason", "about"),
    [
        ('sum(load{job="elsewhere"})', Reason.NO_TARGET, 'job="elsewhere"'),
        ('sum(load{job=~"else.*|where"})', Reason.NO_TARGET, 'job=~"else.*|where"'),
        ('sum(load{job="down"})', Reason.TARGET_DOWN, 'job="down"'),
        ('sum(burden{job="there"})', Reason.NO_SUCH_SERIES, "burden"),
        (r'sum(load{job="there", zone=~"c\\.d"})', Reason.NOT_SELECTED, r'load{job="there", zone=~"c\\.d"}'),
        ('sum(load{job="there"}) / sum(burden{job="there"})', Reason.NO_SUCH_SERIES, "burden"),
        ('sum(rate(young_total{job="there"}[5m]))', Reason.TOO_YOUNG, ""),
    ],
)
def test_the_first_thing_that_is_lacking_is_the_reason(past: Past, query: str, reason: Reason, about: str) -> None:
    wanted = metric("wanted", query)
    assert Absences(past.client, past.last_s, {}).explain([wanted]) == [Absence(wanted, reason, about)]


def test_the_flavour_that_would_answer_is_named(past: Past) -> None:
    wanted = metric("wanted", 'sum(load{job="elsewhere"})')
    others = {
        "dry": {"wanted": metric("wanted", 'sum(load{job="nowhere"})')},
        "right": {"wanted": metric("wanted", 'sum(load{job="there"})')},
    }
    (absence,) = Absences(past.client, past.last_s, others).explain([wanted])
    assert absence == Absence(wanted, Reason.FLAVOUR, "right")


@pytest.mark.parametrize(("lost", "reason"), [(1, Reason.FLAVOUR), (2, Reason.MIXED)])
def test_a_flavour_that_would_lose_as_much_as_it_finds_is_not_proposed(past: Past, lost: int, reason: Reason) -> None:
    silent = [metric(name, 'sum(load{job="elsewhere"})') for name in ("one", "two")]
    answering = [metric(f"good{n}", 'sum(load{job="there"})') for n in range(lost)]
    other = {one.name: metric(one.name, 'sum(load{zone="a"})') for one in silent}
    other |= {one.name: metric(one.name, 'sum(load{zone="z"})') for one in answering}
    absences = Absences(past.client, past.last_s, {"other": other}).explain(silent, answering)
    assert [(one.reason, one.about) for one in absences] == [(reason, "other")] * 2


@pytest.mark.parametrize(
    ("absent_means", "query", "reason"),
    [
        ("zero", 'sum(burden{job="there"})', Reason.NOTHING_TO_SHOW),
        ("zero", 'sum(burden{job="down"})', Reason.TARGET_DOWN),
        ("not_applicable", 'sum(burden{job="elsewhere"})', Reason.NOTHING_TO_SHOW),
    ],
)
def test_nothing_is_normal_only_where_the_exporter_could_have_told(
    past: Past, absent_means: str, query: str, reason: Reason
) -> None:
    wanted = metric("wanted", query, absent_means=absent_means)
    (absence,) = Absences(past.client, past.last_s, {}).explain([wanted])
    assert absence.reason is reason


def test_metrics_with_one_reason_share_a_line_unless_each_is_wanted() -> None:
    lost = [Absence(metric(f"m{n}", "x"), Reason.NO_TARGET, 'job="a"') for n in range(8)]
    calm = Absence(metric("calm", "x"), Reason.NOTHING_TO_SHOW)
    lines = of_absences([calm, *lost], verbose=False)
    assert [line.level for line in lines] == [Level.WARNING, Level.OK]
    assert lines[0].sentence.startswith('m0, m1, m2, m3, m4, m5 and 2 more: no target has job="a"')
    assert len(of_absences([calm, *lost], verbose=True)) == 9


def test_the_versions_the_catalogue_names_are_told() -> None:
    lost = Absence(metric("m", "x", since="4.16"), Reason.NO_SUCH_SERIES, "x")
    (line,) = of_absences([lost], verbose=False)
    assert "(the catalogue says since OpenShift 4.16)" in line.next_step
