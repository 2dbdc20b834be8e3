"""A cluster whose closed hours grow old is told to be silent, once, and to speak again, once."""

from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from ocpperf_assets.notify.memory import ToldSilent
from ocpperf_assets.notify.silence import LastHeard, Silences, compare_silence, read_heard
from tests.ocpperf_assets.notify.hours import CALM, TEN, build, case

HOUR, LIMIT = timedelta(hours=1), timedelta(hours=3)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
CONFIGURED = datetime(2026, 1, 1, 9, 30)


def heard(until: datetime = NOON, cluster: str = "c1") -> LastHeard:
    return LastHeard(cluster=cluster, last_heard=until, ever_collected=True)


def judged(known: tuple[ToldSilent, ...], found: LastHeard, now: datetime, limit: timedelta = LIMIT) -> Silences:
    return compare_silence(known, [found], limit, now)


def silent_since(moment: datetime) -> tuple[ToldSilent, ...]:
    return (ToldSilent(cluster="c1", since=moment),)


def test_it_is_silent_once_its_last_closed_hour_is_as_old_as_the_limit_and_told_so_once() -> None:
    assert judged((), heard(), NOON + LIMIT - timedelta(seconds=1)) == Silences((), (), ())
    first = judged((), heard(), NOON + LIMIT)
    assert (first.silent, first.kept) == ((heard(),), silent_since(NOON))
    assert judged(first.kept, heard(), NOON + 2 * LIMIT) == Silences((), (), first.kept)


def test_it_speaks_again_with_an_hour_that_is_not_too_old_itself_and_is_told_so_once() -> None:
    now = NOON + 9 * HOUR
    healed = judged(silent_since(NOON), heard(NOON + HOUR), now)
    assert healed == Silences((), (), silent_since(NOON)), "an older hour was collected, and it is silent still"
    again = judged(silent_since(NOON), heard(NOON + 8 * HOUR), now)
    (told,) = again.speaking_again
    assert (told.silent_since, told.last_heard) == (NOON, NOON + 8 * HOUR)
    assert again.kept == ()
    assert judged(again.kept, heard(NOON + 8 * HOUR), now) == Silences((), (), ())


@pytest.mark.parametrize("limit", [timedelta(), timedelta(days=1)], ids=["never", "another limit"])
def test_by_another_limit_it_is_forgotten_without_a_word(limit: timedelta) -> None:
    assert judged(silent_since(NOON), heard(), NOON + 9 * HOUR, limit) == Silences((), (), ())


def test_one_that_is_configured_no_more_is_forgotten_without_a_word() -> None:
    assert compare_silence(silent_since(NOON), [], LIMIT, NOON + 9 * HOUR) == Silences((), (), ())


def test_what_is_heard_last_is_the_newest_closed_hour_with_data(memory: duckdb.DuckDBPyConnection) -> None:
    build(memory, case([CALM, CALM, "0.2x30"], minutes=30))
    assert read_heard(memory, ["c1"]) == [heard(TEN + 2 * HOUR)]


@pytest.mark.parametrize("status", ["error", "empty"])
def test_an_hour_that_was_asked_for_in_vain_is_not_heard(memory: duckdb.DuckDBPyConnection, status: str) -> None:
    build(memory, case([CALM, CALM]))
    memory.execute("update fct_coverage_hourly set status = ? where hour = '2026-01-01 11:00'", [status])
    assert read_heard(memory, ["c1"]) == [heard(TEN + HOUR)]


def test_one_of_which_nothing_was_ever_collected_is_heard_when_it_was_configured(
    memory: duckdb.DuckDBPyConnection,
) -> None:
    build(memory, case([CALM]))
    memory.execute("insert into raw_cluster (cluster, configured, first_configured_at) values ('c2', true, ?)", [
        CONFIGURED])  # fmt: skip
    found = {one.cluster: one for one in read_heard(memory, ["c1", "c2"])}
    assert found["c2"] == LastHeard(cluster="c2", last_heard=CONFIGURED.replace(tzinfo=UTC), ever_collected=False)
    assert found["c1"].ever_collected


def test_nobody_waits_for_a_cluster_that_was_removed_or_belongs_to_another_configuration(
    memory: duckdb.DuckDBPyConnection,
) -> None:
    build(memory, case([CALM]))
    assert read_heard(memory, ["c2"]) == []
    memory.execute("insert into raw_cluster (cluster, configured) values ('c1', false)")
    assert read_heard(memory, ["c1"]) == []
