"""Two clusters, each with a Prometheus of its own: what befalls one is no matter of the other."""

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from demo.cluster import simulate
from demo.prometheus import LocalPrometheus
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import HOUR
from ocpperf_mcp.warehouse import open_published
from tests.conftest import Ended, collect_here
from tests.wire import Fault, Reply, Request, Wire, pass_on, wire_to

HOURS = 4
METRICS = ("disk_wal_fsync_seconds", "node_cpu_busy", "node_memory_used")
"""Asked for in this order, since the catalogue has them so and one query is under way at a time."""


@pytest.fixture(scope="module")
def western(tmp_path_factory: pytest.TempPathFactory, day: tuple[datetime, datetime]) -> Path:
    """The last hours of a smaller cluster, as Prometheus has them."""
    data = tmp_path_factory.mktemp("west") / "prometheus"
    simulate(data, day[1], hours=HOURS, seed=7, workers=1, scenarios=())
    return data


@pytest.fixture
def west(western: Path, tmp_path: Path) -> Iterator[LocalPrometheus]:
    with LocalPrometheus(shutil.copytree(western, tmp_path / "west")) as server:
        yield server


@pytest.fixture
def wire(west: LocalPrometheus) -> Iterator[Wire]:
    with wire_to(west.url) as proxy:
        yield proxy


class Fleet:
    """A home and its clusters file; west, which has all the trouble, stands first in it."""

    def __init__(self, root: Path, day: tuple[datetime, datetime], urls: dict[str, str]) -> None:
        self.home = Home(root / "home")
        self.day = day
        self.file = root / "clusters.yaml"
        self.urls = urls
        self.configure(*urls)

    def configure(self, *names: str) -> None:
        entries = [
            {"name": name, "prometheus_url": self.urls[name], "labels": {"side": name[0]}, "step": "60s"}
            for name in names
        ]
        self.file.write_text(yaml.safe_dump({"clusters": entries}), encoding="utf-8")

    def collect(self, hours_ago: int, *options: str) -> Ended:
        """One hour, which ended so many hours before the end of the day."""
        end = self.day[1] - hours_ago * HOUR
        environment = {
            "OCPPERF_HOME": str(self.home.root),
            "OCPPERF_CLUSTERS": str(self.file),
            "OCPPERF_PROMETHEUS_CONCURRENCY": "1",
        }
        window = ("--from", (end - HOUR).isoformat(), "--to", end.isoformat())
        metrics = [word for metric in METRICS for word in ("--metric", metric)]
        return collect_here(environment, *window, *metrics, *options)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with open_published(self.home) as con:
            return con.execute(query).fetchall()

    def hours(self, status: str = "ok") -> dict[object, object]:
        """Hours in which some metric has that status, by cluster."""
        query = f"select cluster, count(distinct hour) from raw_extraction where status = '{status}' group by cluster"
        return dict(self.rows(query))  # type: ignore[arg-type] # pairs, as the query says

    def samples(self, cluster: str, where: str = "true") -> object:
        return self.rows(f"select count(*), sum(value) from raw_node where cluster = '{cluster}' and {where}")


@pytest.fixture
def fleet(tmp_path: Path, day: tuple[datetime, datetime], prometheus: LocalPrometheus, wire: Wire) -> Fleet:
    return Fleet(tmp_path, day, {"west": wire.url, "east": prometheus.url})


def dying_at(text: str, stop: Callable[[], None]) -> Fault:
    """The server behind ends when it is asked for that; from then on connections are reset."""
    dead = threading.Event()

    def fault(wire: Wire, request: Request) -> Reply | None:
        if text in request.form.get("query", ""):
            dead.set()
            stop()
        return None if dead.is_set() else pass_on(wire, request)

    return fault


def test_what_befalls_one_is_no_matter_of_the_other(fleet: Fleet, wire: Wire, west: LocalPrometheus) -> None:
    assert fleet.collect(2).code == 0
    assert fleet.hours() == {"east": 1, "west": 1}
    are_compared(fleet)
    history = fleet.samples("west")
    is_removed(fleet, "west")
    assert fleet.samples("west") == history

    fleet.configure("west", "east")
    wire.always = dying_at("node_memory_MemTotal", west.stop)
    down_in_the_middle = fleet.collect(1)
    assert down_in_the_middle.code == 3, "some of its metrics were answered"
    assert fleet.rows("select configured, removed_at from dim_cluster where cluster = 'west'") == [(True, None)]
    assert fleet.hours() == {"east": 2, "west": 2}
    assert fleet.hours("error") == {"west": 1}, "not empty: nobody knows what there was"

    down_from_the_start = fleet.collect(0)
    assert down_from_the_start.code == 3
    assert "Not collected: west." in down_from_the_start.errors
    assert down_from_the_start.errors.index("Cluster east") < down_from_the_start.errors.index("Cluster west")
    assert fleet.hours() == {"east": 3, "west": 2}
    hour = fleet.day[1].replace(tzinfo=None) - 2 * HOUR
    assert fleet.samples("west", f"ts < '{hour}'") == history


def are_compared(fleet: Fleet) -> None:
    """In every watched metric that was collected of both."""
    start, end = (fleet.day[1].replace(tzinfo=None) - hours * HOUR for hours in (3, 2))
    ranked = f"from rpt_fleet(timestamp '{start}', timestamp '{end}') where place is not null"
    places = fleet.rows(f"select metric, list(cluster order by place), max(clusters) {ranked} group by metric")
    assert {str(metric) for metric, *_ in places} == {*METRICS[1:], f"{METRICS[0]}_duration_p99"}
    assert all(clusters == 2 and set(names) == {"east", "west"} for _, names, clusters in places)  # type: ignore[call-overload] # a list of texts
    assert fleet.rows(f"select distinct labels['side'] {ranked} order by all") == [("e",), ("w",)]


def is_removed(fleet: Fleet, name: str) -> None:
    fleet.configure(*(one for one in fleet.urls if one != name))
    assert fleet.collect(1).code == 0
    refused = fleet.collect(1, "--cluster", name)
    assert (refused.code, f"No cluster is named '{name}'." in refused.errors) == (1, True)
    known = fleet.rows("select cluster, configured, removed_at is null from dim_cluster order by cluster")
    assert known == [(one, one != name, one != name) for one in sorted(fleet.urls)]


def test_two_that_cannot_be_asked_are_said_to_be(tmp_path: Path) -> None:
    entries = "clusters: [{name: west, context: of-west}, {name: east, context: of-east}]"
    (tmp_path / "clusters.yaml").write_text(entries, encoding="utf-8")
    environment = {
        "OCPPERF_HOME": str(tmp_path / "home"),
        "OCPPERF_CLUSTERS": str(tmp_path / "clusters.yaml"),
        "KUBECONFIG": str(tmp_path / "nowhere"),
    }
    ended = collect_here(environment, "--last", "1h")
    assert ended.code == 1
    assert ended.errors.count("KUBECONFIG names no file that exists.") == 2
    assert "None of the 2 clusters could be collected." in ended.errors
