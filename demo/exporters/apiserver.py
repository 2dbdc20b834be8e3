"""The API server's own metrics; a mutating request waits for etcd's quorum."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from demo.histogram import Operations, latency
from demo.series import Series, Target, counter, gauge
from demo.timeline import SCRAPE_S, Bools, Floats
from demo.topology import Node
from demo.world import World

BOUNDS = (0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0,
          30.0, 45.0, 60.0)  # fmt: skip
SLI_BOUNDS = BOUNDS[2:]
KEPT_BOUNDS = (0.005, 0.025, 0.05, 0.1, 0.2, 1.0, 2.0, 4.0, 5.0, 10.0, 20.0, 30.0, 45.0, 60.0)
"""OpenShift drops the other buckets of the request duration."""
WAIT_BOUNDS = (0.0005, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0)
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
REFUSED = {"404": 0.01, "409": 0.004, "429": 0.0, "504": 0.0002}
"""Shares of requests that end otherwise; the first two are ordinary answers to what controllers ask."""
OBJECTS = {"configmaps": 4_200, "events": 9_000, "leases": 60, "pods": 90, "secrets": 6_100, "services": 140}
WATCHES = {"configmaps": 420, "pods": 160, "secrets": 380, "services": 60}
PRIORITY_LEVELS = {"node-high": 6.0, "system": 9.0, "workload-low": 12.0}


def series(world: World) -> Iterator[Series]:
    for place, node in enumerate(world.cluster.control_plane):
        resets = np.zeros(world.timeline.size, dtype=np.bool_)
        resets[world.timeline.at(RESTART_AT)] = place == 0
        yield from _Instance(world, node, world.apiserver(node), resets).series()


@dataclass(frozen=True)
class _Instance:
    world: World
    node: Node
    target: Target
    resets: Bools

    def series(self) -> Iterator[Series]:
        for request in REQUESTS:
            yield from self._requests(request)
        yield from self._load()
        yield from self._queues()
        yield from self._store()

    @property
    def _demand(self) -> Floats:
        return self.world.life.activity.demand

    def _random(self, *what: str) -> np.random.Generator:
        return self.world.timeline.random("apiserver", self.node.name, *what)

    def _latency(self, name: str, bounds: tuple[float, ...], operations: Operations, **labels: str) -> Iterator[Series]:
        random = self._random(name, *labels.values())
        return latency(self.target, name, bounds, random, operations, self.resets, **labels)

    def _requests(self, request: _Request) -> Iterator[Series]:
        labels = {"verb": request.verb, "resource": request.resource, "scope": request.scope}
        rate = request.a_second * (0.4 + 0.6 * self._demand) * SCRAPE_S
        count = self._random(*labels.values()).poisson(rate)
        median = request.base_s + (2 * self.world.life.etcd.quorum_s if request.mutating else 0.0)
        operations = Operations(count, np.broadcast_to(median, count.shape), 0.6)
        labels |= {"group": "", "version": "v1", "component": "apiserver", "subresource": ""}
        yield from self._latency("apiserver_request_duration_seconds", KEPT_BOUNDS, operations, dry_run="", **labels)
        yield from self._latency("apiserver_request_sli_duration_seconds", SLI_BOUNDS, operations, **labels)
        codes = {"201" if request.verb == "POST" else "200": count}
        codes |= {code: self._random(code, *labels.values()).poisson(rate * share) for code, share in REFUSED.items()}
        for code, gained in codes.items():
            yield counter(self.target, "apiserver_request_total", gained, self.resets, code=code, dry_run="", **labels)

    def _load(self) -> Iterator[Series]:
        for kind, share in (("mutating", 0.3), ("readOnly", 0.7)):
            inflight = np.round(share * 40 * self._demand)
            yield gauge(self.target, "apiserver_current_inflight_requests", inflight, request_kind=kind)
        for resource, watches in WATCHES.items():
            labels = {"verb": "WATCH", "resource": resource, "scope": "cluster", "group": "", "version": "v1"}
            open_ = np.round(watches * (0.9 + 0.1 * self._demand))
            yield gauge(
                self.target, "apiserver_longrunning_requests", open_, component="apiserver", subresource="", **labels
            )

    def _queues(self) -> Iterator[Series]:
        for level, a_second in PRIORITY_LEVELS.items():
            labels = {"priority_level": level, "flow_schema": level}
            count = self._random("queued", level).poisson(a_second * self._demand * SCRAPE_S)
            waits = Operations(count, np.full(count.size, 0.0002), 0.8)
            name = "apiserver_flowcontrol_request_wait_duration_seconds"
            yield from self._latency(name, WAIT_BOUNDS, waits, execute="true", **labels)
            name = "apiserver_flowcontrol_rejected_requests_total"
            yield counter(self.target, name, np.zeros(count.size), self.resets, reason="queue-full", **labels)

    def _store(self) -> Iterator[Series]:
        """What it asks etcd for, and how many objects that holds."""
        quorum = self.world.life.etcd.quorum_s
        for operation, a_second, median in (
            ("get", 14.0, np.full_like(quorum, 0.0015)),
            ("list", 1.2, np.full_like(quorum, 0.012)),
            ("update", 12.0, 0.001 + 1.5 * quorum),
        ):
            count = self._random("etcd", operation).poisson(a_second * (0.4 + 0.6 * self._demand) * SCRAPE_S)
            labels = {"operation": operation, "group": "", "resource": "pods"}
            yield from self._latency("etcd_request_duration_seconds", BOUNDS, Operations(count, median, 0.5), **labels)
        for resource, usual in OBJECTS.items():
            more = self.world.life.database.objects if resource == "secrets" else 0.0
            yield gauge(self.target, "apiserver_storage_objects", usual + 0 * quorum + more, resource=resource)
