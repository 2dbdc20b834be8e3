"""Episodes are those of closed hours, and end only where a later hour was judged."""

from typing import Any

import duckdb
import pytest

from ocpperf_assets.notify.digest import compare
from ocpperf_assets.notify.episodes import Episode, read_episodes
from tests.ocpperf_assets.notify.hours import AWAY, BUSIER, BUSY, CALM, build, case


def the_one(con: duckdb.DuckDBPyConnection) -> Episode:
    """The only episode, with whether it ended."""
    (found,) = read_episodes(con, ())
    (asked,) = read_episodes(con, found.ids)
    return asked


def test_what_fired_in_the_newest_closed_hour_goes_on(memory: duckdb.DuckDBPyConnection) -> None:
    build(memory, case([CALM, BUSY]))
    found = the_one(memory)
    assert (found.entity, found.severity, found.open, found.ended) == ("n1", "warning", True, False)
    assert (found.observed, found.limit) == ("85 %", "80 %")


@pytest.mark.parametrize("last", [BUSIER, CALM], ids=["worse", "calm"])
def test_what_the_open_hour_shows_changes_nothing(memory: duckdb.DuckDBPyConnection, last: str) -> None:
    build(memory, case([CALM, BUSY, last.replace("60", "30")], minutes=30))
    found = the_one(memory)
    assert (found.severity, found.open, found.ended) == ("warning", True, False)
    assert "85 %" in found.summary


def test_what_only_the_open_hour_shows_is_no_episode(memory: duckdb.DuckDBPyConnection) -> None:
    build(memory, case([CALM, "0.95x30"], minutes=30))
    assert read_episodes(memory, ()) == []


def test_an_hour_that_was_judged_and_silent_ends_it(memory: duckdb.DuckDBPyConnection) -> None:
    build(memory, case([BUSY, CALM]))
    found = the_one(memory)
    assert (found.open, found.ended) == (False, True)


@pytest.mark.parametrize(
    ("hours", "more"),
    [
        ([BUSY, CALM], {"extraction": {"metric": "busy", "hour": "2026-01-01 11:00", "status": "error"}}),
        ([BUSY, CALM], {"extraction": {"metric": "busy", "hour": "2026-01-01 11:00", "never": True}}),
        ([BUSY, CALM], {"extraction": {"metric": "busy", "hour": "2026-01-01 11:00", "status": "truncated"}}),
        ([BUSY, AWAY], {}),
    ],
    ids=["its collection failed", "nobody asked", "truncated", "the node fell silent"],
)
def test_what_is_not_known_ends_nothing(
    memory: duckdb.DuckDBPyConnection, hours: list[str], more: dict[str, Any]
) -> None:
    build(memory, case(hours, **more))
    assert not the_one(memory).ended


def test_of_a_metric_that_is_collected_no_more_nothing_goes_on_and_nothing_ends(
    memory: duckdb.DuckDBPyConnection,
) -> None:
    build(memory, case([CALM, BUSY]))
    memory.execute("delete from dim_metric where metric = 'busy'")
    found = the_one(memory)
    assert (found.open, found.ended) == (False, False)


def test_backfill_moves_the_start_and_it_is_known_still(memory: duckdb.DuckDBPyConnection) -> None:
    with duckdb.connect() as later:
        build(later, case([BUSY], start=11))
        digest, told = compare((), read_episodes(later, ()), "warning")
    assert len(digest.new) == 1
    build(memory, case([BUSY, BUSY], start=10))
    found = the_one(memory)
    assert found.finding_id != digest.new[0].finding_id
    assert not compare(told, [found], "warning")[0]
