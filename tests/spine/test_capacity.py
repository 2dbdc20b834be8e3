"""What is said to be filling in a simulated day is what was made to fill, in every window of some hours."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from demo.scenario import named_scenarios
from ocpperf_mcp.warehouse import open_published
from tests.conftest import Demo

FILLING = """
select distinct metric, entity
from rpt_capacity(
    'demo', (select list(metric) from dim_metric where capacity_value is not null), $start::timestamp, $end::timestamp
)
where verdict in ('full', 'filling')
"""
DATABASES = {("etcd_db_space_used_percent", f"master-{number}") for number in range(3)}


def windows(start: datetime, end: datetime, hours: int) -> Iterator[tuple[datetime, datetime]]:
    """All that begin with an hour."""
    while start + timedelta(hours=hours) <= end:
        yield start, start + timedelta(hours=hours)
        start += timedelta(hours=1)


def filling(demo: Demo, hours: int) -> dict[tuple[datetime, datetime], set[tuple[str, str]]]:
    """By window what is said to be filling; windows of which nothing is said are left out."""
    with open_published(demo.home) as con:
        ((start, end),) = con.execute("select min(hour), max(hour) + interval 1 hour from fct_metric_hourly").fetchall()
        told = {
            (begins, ends): set(con.execute(FILLING, {"start": begins, "end": ends}).fetchall())
            for begins, ends in windows(start, end, hours)
        }
    return {window: found for window, found in told.items() if found}


@pytest.mark.parametrize("hours", [1, 2, 4, 6])
def test_only_the_database_that_fills_is_said_to(faulty: Demo, hours: int) -> None:
    (growth,) = named_scenarios(["etcd-growth"])
    told = filling(faulty, hours)
    assert told
    assert set(map(frozenset, told.values())) == {frozenset(DATABASES)}
    ((day,),) = faulty.rows("select min(hour) from fct_metric_hourly")
    assert isinstance(day, datetime)
    begins, ends = day + growth.start, day + growth.start + growth.duration
    assert all(begins < end <= ends for _, end in told), "it is told while it grows, and no more once it was emptied"


@pytest.mark.parametrize("hours", [1, 6])
def test_nothing_fills_on_a_quiet_day(quiet: Demo, hours: int) -> None:
    assert filling(quiet, hours) == {}
