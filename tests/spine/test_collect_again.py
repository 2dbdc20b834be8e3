"""Collecting again, twice at once, and under somebody's eyes."""

import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from demo.prometheus import LocalPrometheus
from ocpperf_assets.models import Ages, expire
from ocpperf_assets.slots import write_turn
from ocpperf_mcp.contracts.windows import HOUR, Window
from tests.conftest import OCPPERF, Demo, collect_here, shipped_knowledge

CONTENT = {
    "raw_etcd": "cluster, metric, series_id, ts, value",
    "raw_histogram": "cluster, metric, series_id, ts, le, increase",
    "raw_extraction": "cluster, domain, metric, hour, status, series, samples, expected, nan, expr_hash",
    "fct_metric_5m": "*",
    "fct_metric_hourly": "*",
    "fct_histogram_hourly": "*",
    "fct_latency_hourly": "*",
    "fct_coverage_hourly": "*",
    "fct_bottleneck": "*",
}
NOBODY = "http://127.0.0.1:9"
ONE_DOMAIN = ("--domain", "etcd")
"""Where it does not matter how much is collected."""


def fingerprints(demo: Demo) -> Mapping[str, object]:
    return demo.fingerprints(CONTENT)


@pytest.fixture(scope="module")
def before(faulty: Demo) -> Mapping[str, object]:
    """What is in every copy before anything is collected again."""
    return fingerprints(faulty)


def window(demo: Demo, hours: int) -> list[str]:
    ((last,),) = demo.rows(
        f"select strftime(max(hour) - interval {hours - 1} hour, '%Y-%m-%dT%H:%MZ') from raw_extraction"
    )
    return ["--from", str(last), "--last", f"{hours}h"]


def collected(demo: Demo, url: str, *options: str) -> str:
    """What a collection says that ends well."""
    ended = collect_here(demo.environment(url), *options)
    assert ended.code == 0, ended.errors
    return ended.errors


def started(demo: Demo, url: str, *options: str) -> subprocess.Popen[str]:
    """A collection in a process of its own."""
    return subprocess.Popen(
        [OCPPERF, "collect", *options],
        env=demo.environment(url),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_collecting_the_same_hours_again_leaves_the_same_rows(
    copied: Demo, prometheus: LocalPrometheus, before: Mapping[str, object]
) -> None:
    collected(copied, prometheus.url, *window(copied, 2))
    assert fingerprints(copied) == before


def forget_all_but(demo: Demo, hours: int, day: tuple[datetime, datetime]) -> None:
    """As the daily upkeep does when samples are kept for that many hours, at the end of the day."""
    with write_turn(demo.home, "upkeep") as turn:
        ages = Ages(raw=timedelta(hours=hours), five_minutes=timedelta(days=90))
        turn.con.execute("update raw_extraction set extracted_at = hour + interval 1 hour")
        expire(turn.con, shipped_knowledge().models, ages, day[1], turn.changed)
        turn.changed_window("raw_extraction", "hour", "demo", Window(*day))


def test_hours_whose_samples_went_for_their_age_keep_their_facts_when_collected_again(
    copied: Demo, prometheus: LocalPrometheus, day: tuple[datetime, datetime]
) -> None:
    forget_all_but(copied, 20, day)
    before = fingerprints(copied)
    asked = ["--from", (day[0] + 2 * HOUR).isoformat(), "--last", "4h", *ONE_DOMAIN]
    assert "2 hours stay as they are" in collected(copied, prometheus.url, *asked)
    assert fingerprints(copied) == before
    assert copied.rows("select min(ts) from raw_etcd") == [((day[0] + 4 * HOUR).replace(tzinfo=None),)]


def test_hours_whose_samples_went_for_their_age_are_no_gaps_to_be_filled(
    copied: Demo, day: tuple[datetime, datetime]
) -> None:
    waiting = "select count(*) from gap('demo', $oldest::timestamp, $asked_at::timestamp) where state = 'recoverable'"
    moments = {"oldest": day[0].replace(tzinfo=None), "asked_at": day[1].replace(tzinfo=None)}
    expression_changed = "update raw_extraction set expr_hash = 'another' where metric = 'etcd_has_leader'"
    with write_turn(copied.home, "another catalogue") as turn:
        turn.con.execute(expression_changed)
        turn.changed_window("raw_extraction", "hour", "demo", Window(*day))
    assert copied.rows(waiting, moments) == [(24,)]
    forget_all_but(copied, 20, day)
    assert copied.rows(waiting, moments) == [(20,)]


@pytest.fixture
def reader(copied: Demo) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that has the warehouse open, as an analyst's shell has: a line is answered with a line."""
    question = "select count(*), sum(hash(ts, value)) from raw_etcd"
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(READER), str(copied.home.link), question],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.communicate(timeout=20)


def answered(reader: subprocess.Popen[str]) -> str:
    assert reader.stdin
    assert reader.stdout
    reader.stdin.write("again\n")
    reader.stdin.flush()
    return reader.stdout.readline()


def test_two_collections_at_once_both_land_and_a_reader_keeps_its_view_through_a_third(
    copied: Demo, prometheus: LocalPrometheus, before: Mapping[str, object], reader: subprocess.Popen[str]
) -> None:
    view = answered(reader)
    published = copied.rows("select max(version) from raw_publication")
    both = [started(copied, prometheus.url, *window(copied, 2), *ONE_DOMAIN) for _ in range(2)]
    for process in both:
        _, errors = process.communicate(timeout=170)
        assert process.returncode == 0, errors
    assert fingerprints(copied) == before
    assert copied.rows("select max(version) from raw_publication") == [(int(str(published[0][0])) + 2,)]
    assert answered(reader) == view
    collected(copied, prometheus.url, *window(copied, 1), "--metric", "etcd_has_leader")
    assert answered(reader) == view


READER = """
import sys, os, duckdb
con = duckdb.connect(os.path.realpath(sys.argv[1]), read_only=True)
for _ in sys.stdin:
    print(con.execute(sys.argv[2]).fetchone(), flush=True)
"""


@pytest.mark.parametrize("begun", ["staging/*/*/samples-*.parquet", "slots/*.writing"], ids=["fetching", "writing"])
def test_a_collection_killed_at_work_leaves_what_was_published_and_the_next_one_heals(
    copied: Demo, prometheus: LocalPrometheus, before: Mapping[str, object], begun: str
) -> None:
    doomed = started(copied, prometheus.url, *window(copied, 6), *ONE_DOMAIN)
    while not list(copied.home.root.glob(begun)):
        assert doomed.poll() is None, "it ended before it could be killed"
        time.sleep(0.01)
    doomed.kill()
    doomed.communicate(timeout=20)
    assert fingerprints(copied) == before
    collected(copied, prometheus.url, *window(copied, 1), *ONE_DOMAIN)
    assert fingerprints(copied) == before


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--last", "yesterday"], "'yesterday' is not a duration."),
        (["--last", "1h", "--cluster", "other"], "No cluster is named 'other'."),
        (["--last", "1h", "--domain", "etdc"], "There is no domain 'etdc'."),
        (["--last", "1h", "--metric", "etcd_has_leadre"], "etcd_has_leader"),
        (["--from", "2999-01-01T00:00Z", "--last", "1h"], "The window lies in the future."),
        ([], "No window was given."),
    ],
)
def test_what_cannot_be_collected_is_refused_in_a_sentence(tmp_path: Path, options: list[str], sentence: str) -> None:
    environment = {"OCPPERF_HOME": str(tmp_path / "home"), "OCPPERF_PROMETHEUS_URL": NOBODY}
    ended = collect_here(environment, *options)
    assert ended.code == 1
    assert sentence in ended.errors
    assert "Traceback" not in ended.errors
    assert not (tmp_path / "home").exists()


def test_an_unreachable_prometheus_fails_the_run_and_loses_nothing(copied: Demo, before: Mapping[str, object]) -> None:
    ended = collect_here(copied.environment(NOBODY), *window(copied, 1), *ONE_DOMAIN)
    assert ended.code == 1
    assert "Traceback" not in ended.errors
    after = fingerprints(copied)
    assert {table for table in CONTENT if after[table] != before[table]} <= {"raw_extraction"}


def test_the_published_file_can_be_opened_by_its_link(faulty: Demo) -> None:
    with duckdb.connect(str(faulty.home.link), read_only=True) as con:
        assert con.execute("select count(*) > 0 from fct_metric_hourly").fetchone() == (True,)
