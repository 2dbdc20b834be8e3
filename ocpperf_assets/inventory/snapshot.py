"""One snapshot of what only the Kubernetes API knows: every part asked, a few at a time, each ending in one state."""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from ocpperf_assets.access.api import ApiError, KubernetesApi
from ocpperf_assets.access.openshift import is_openshift
from ocpperf_assets.inventory.asker import AbsentError, Asker, PatienceError
from ocpperf_assets.inventory.part import Part, Row, State, Value
from ocpperf_assets.inventory.parts import PARTS

AT_ONCE = 4
"""Parts under way together: a slow one holds no other, and the API is not flooded."""
PART_S = 60.0
"""Seconds after which a part asks for no further page."""
SNAPSHOT_S = 240.0
"""Seconds after which nothing more is asked for, so that an API that hangs does not hold a run for an hour."""

_ONE_ROW = "cluster"
"""The table to whose row of a snapshot several parts bring columns."""


@dataclass(frozen=True)
class Told:
    """How one part ended; without rows unless its state is `ok`."""

    part: Part
    state: State
    seconds: float = 0.0
    requests: int = 0
    error: str | None = None
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """A cluster at one moment (UTC). Tables are named without their prefix `raw_inventory_`."""

    cluster: str
    taken_at: datetime
    parts: tuple[Told, ...]
    is_openshift: bool

    @property
    def failed(self) -> tuple[Told, ...]:
        """The parts whose values are missing although they might be there."""
        return tuple(one for one in self.parts if one.state not in ("ok", "not_applicable", "off"))

    @property
    def tables(self) -> Mapping[str, Sequence[Mapping[str, Value]]]:
        """Rows by table, each with the snapshot's key."""
        rows = defaultdict(list, _merged(row for part in self.parts for row in part.rows))
        rows["part"] = [
            {
                "part": one.part.name,
                "kind": one.part.kind,
                "state": one.state,
                "seconds": one.seconds,
                "requests": one.requests,
                "error": one.error,
            }
            for one in self.parts
        ]
        whole = rows[_ONE_ROW] or [{}]
        rows[_ONE_ROW] = [{**whole[0], "is_openshift": self.is_openshift}]
        key: dict[str, Value] = {"cluster": self.cluster, "taken_at": self.taken_at.replace(tzinfo=None)}
        return {table: [{**key, **row} for row in found] for table, found in rows.items()}


def take_snapshot(
    api: KubernetesApi,
    *,
    cluster: str,
    taken_at: datetime,
    known: Mapping[str, Sequence[Row]] | None = None,
    parts: Sequence[Part] = PARTS,
    off: Mapping[str, str] | None = None,
) -> Snapshot:
    """Ask for every part. `known`: rows of parts, by name, which need not be asked for; `off`: why others are not.

    Raises ApiError when the API does not say what it serves: then there is nothing to record.
    """
    openshift = is_openshift(api)
    ends = time.monotonic() + SNAPSHOT_S
    given = known or {}

    def tell(part: Part) -> Told:
        if part.name in given:
            return Told(part, "ok", rows=tuple(given[part.name]))
        if off and part.name in off:
            return Told(part, "off", error=off[part.name])
        if part.openshift_only and not openshift:
            return Told(part, "not_applicable", error="The cluster is no OpenShift.")
        return _ask(api, part, min(time.monotonic() + PART_S, ends))

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="inventory") as pool:
        return Snapshot(cluster, taken_at, tuple(pool.map(tell, parts)), openshift)


def _ask(api: KubernetesApi, part: Part, deadline: float) -> Told:
    """What came before a fault is thrown away: half of the nodes are not the nodes."""
    asker, started = Asker(api, deadline), time.monotonic()
    rows: tuple[Row, ...] = ()
    state: State = "ok"
    error: str | None = None
    try:
        if part.group and not api.has_group(part.group):
            raise AbsentError(f"The Kubernetes API does not serve the group {part.group}.")
        rows = tuple(part.read(asker, part.path))
    except (ApiError, AbsentError, PatienceError) as fault:
        state, error = _state_of(fault)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        # The text of the fault may repeat what was answered.
        state, error = "error", f"The answer to {part.path} has another form than expected ({type(fault).__name__})."
    return Told(part, state, round(time.monotonic() - started, 3), asker.requests, error, rows)


def _state_of(fault: ApiError | AbsentError | PatienceError) -> tuple[State, str]:
    match fault:
        case AbsentError():
            return "absent", str(fault)
        case PatienceError():
            return "timeout", "It took longer than a part of the inventory may take."
        case ApiError() if fault.is_timeout:
            return "timeout", fault.what
        case ApiError() if fault.is_forbidden:
            return "forbidden", fault.what
    return "error", fault.what


def _merged(rows: Iterable[Row]) -> Iterator[tuple[str, list[Mapping[str, Value]]]]:
    """Rows by table; those of the table of one row become one."""
    found: dict[str, list[Mapping[str, Value]]] = defaultdict(list)
    for table, row in rows:
        if table == _ONE_ROW and found[table]:
            found[table] = [{**found[table][0], **row}]
        else:
            found[table].append(row)
    yield from found.items()
