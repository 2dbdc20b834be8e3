"""The API server's own metrics; a mutating request waits for etcd's quorum."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from demo.histogram import Operations, latency
from demo.series import Series, counter, gauge
from demo.timeline import SCRAPE_S
from demo.topology import Node
from demo.world import World

BOUNDS = (0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0,
          30.0, 45.0, 60.0)  # fmt: skip
RESTART_AT = 0.72


class _Request(NamedTuple):
    verb: str
    resource: str
    scope: str
    a_second: float
    base_s: float
    mutating: bool


REQUESTS = (
    _Request("GET", "pods", "resource", 18, 0.003, False),
    _Request("LIST", "pods", "cluster", 0.6, 0.030, False),
    _Request("LIST", "configmaps", "namespace", 2.5, 0.010, False),
    _Request("PUT", "leases", "resource", 9, 0.004, True),
    _Request("PATCH", "pods", "resource", 3, 0.006, True),
    _Request("POST", "events", "resource", 4, 0.005, True),
)


def series(world: World) -> Iterator[Series]:
    for place, node in enumerate(world.cluster.control_plane):
        yield from _instance(world, node, restarts=place == 0)


def _instance(world: World, node: Node, restarts: bool) -> Iterator[Series]:
    target, demand = world.apiserver(node), world.life.activity.demand
    resets = np.zeros(world.timeline.size, dtype=np.bool_)
    resets[world.timeline.at(RESTART_AT)] = restarts
    for request in REQUESTS:
        labels = {"verb": request.verb, "resource": request.resource, "scope": request.scope}
        random = world.timeline.random("apiserver", node.name, *labels.values())
        count = random.poisson(request.a_second * (0.4 + 0.6 * demand) * SCRAPE_S)
        median = request.base_s + (2 * world.life.etcd.quorum_s if request.mutating else 0.0)
        operations = Operations(count, np.broadcast_to(median, demand.shape), 0.6)
        labels |= {"group": "", "version": "v1", "component": "apiserver", "dry_run": "", "subresource": ""}
        name = "apiserver_request_duration_seconds"
        yield from latency(target, name, BOUNDS, random, operations, resets, **labels)
        code = "201" if request.verb == "POST" else "200"
        yield counter(target, "apiserver_request_total", count, resets, code=code, **labels)
    for kind, share in (("mutating", 0.3), ("readOnly", 0.7)):
        inflight = np.round(share * 40 * demand)
        yield gauge(target, "apiserver_current_inflight_requests", inflight, request_kind=kind)
