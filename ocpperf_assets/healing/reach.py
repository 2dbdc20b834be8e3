"""How far back Prometheus has data, remembered between its questions and told in the warehouse."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ocpperf_assets.doctor.history import find_history
from ocpperf_assets.promql import PrometheusClient
from ocpperf_mcp.contracts.directories import make_directory
from ocpperf_mcp.contracts.paths import Home


@dataclass(frozen=True)
class Reach:
    """`oldest`: the first moment whose data is wanted and there; both moments are in UTC."""

    cluster: str
    oldest: datetime
    asked_at: datetime


def find_reach(client: PrometheusClient, cluster: str, wanted_since: datetime, now: datetime) -> Reach | None:
    """Ask Prometheus, some twenty instant queries; None when it has no data at all.

    Raises QueryError when it does not answer.
    """
    history = find_history(client, now.timestamp())
    if history is None:
        return None
    return Reach(cluster, max(datetime.fromtimestamp(history.oldest_s, UTC), wanted_since), now)


def remember(home: Home, reach: Reach) -> None:
    """Keep it in the state directory, from where the next write phase takes it into the warehouse."""
    known = {one.cluster: one for one in remembered(home)} | {reach.cluster: reach}
    path = _path(home)
    make_directory(path.parent)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps([_row(one) for one in known.values()], indent=1), encoding="utf-8")
    fresh.replace(path)


def remembered(home: Home) -> Iterator[Reach]:
    """What was remembered of every cluster."""
    path = _path(home)
    if not path.exists():
        return
    for row in json.loads(path.read_text(encoding="utf-8")):
        yield Reach(row["cluster"], *(datetime.fromisoformat(row[name]) for name in ("oldest", "asked_at")))


def store(con: duckdb.DuckDBPyConnection, home: Home) -> bool:
    """Bring `raw_reach` up to what is remembered; answers whether it changed."""
    rows = sorted(
        (one.cluster, one.oldest.replace(tzinfo=None), one.asked_at.replace(tzinfo=None)) for one in remembered(home)
    )
    if not rows or con.execute("from raw_reach order by cluster").fetchall() == rows:
        return False
    con.execute("delete from raw_reach")
    con.executemany("insert into raw_reach values (?, ?, ?)", rows)
    return True


def _row(reach: Reach) -> dict[str, str]:
    return {
        "cluster": reach.cluster,
        "oldest": reach.oldest.isoformat(),
        "asked_at": reach.asked_at.isoformat(),
    }


def _path(home: Home) -> Path:
    return home.state / "reach.json"
