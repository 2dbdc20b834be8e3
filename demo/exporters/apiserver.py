"""The API server's own metrics; a mutating request waits for etcd's quorum."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from demo.histogram import Operations, latency
from demo.mechanisms.requests import Requests
from demo.series import Series, Target, counter, gauge
from demo.timeline import SCRAPE_S, Bools, Floats
from demo.topology import Node
from demo.world import World

BOUNDS = (0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0,
          30.0, 45.0, 60.0)  # fmt: skip
SLI_BOUNDS = BOUNDS[2:]
KEPT_BOUNDS = (0.005, 0.025, 0.05, 0.1, 0.2, 1.0, 2.0, 4.0, 5.0, 10.0, 20.0, 30.0, 45.0, 60.0)
"""OpenShift drops the other buckets of the request duration."""
EXECUTION_BOUNDS = (0.0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0)
WEBHOOK_BOUNDS = (0.005, 0.025, 0.1, 0.5, 1.0, 2.5, 10.0, 25.0)
EXPIRY_BOUNDS = (0.0, 1800.0, 3600.0, 7200.0, 21600.0, 43200.0, 86400.0, 172800.0, 345600.0, 604800.0, 2592000.0,
                 7776000.0, 15552000.0, 31104000.0)  # fmt: skip
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
    _Request("DELETECOLLECTION", "events", "namespace", 0.02, 0.08, True),
)
EVERYTHING = sum(request.a_second for request in REQUESTS)
"""Requests a second at full demand."""
REFUSED = {"404": 0.01, "409": 0.004, "429": 0.0, "504": 0.0002}
"""Shares of requests that end otherwise; the first two are ordinary answers to what controllers ask."""
OBJECTS = {"configmaps": 4_200, "events": 9_000, "leases.coordination.k8s.io": 60, "pods": 90, "secrets": 6_100,
           "services": 140}  # fmt: skip
WATCHES = {"configmaps": 420, "pods": 160, "secrets": 380, "services": 60}
PRIORITY_LEVELS = {"node-high": 6.0, "system": 9.0, "workload-low": 12.0}
SEATS = {"node-high": 96, "system": 73, "workload-low": 245}
SEATS_TAKEN_S = 0.012
"""How long a request keeps its seat, beside the wait for etcd's quorum."""


class _Webhook(NamedTuple):
    name: str
    type: str
    operation: str
    a_second: float
    median_s: float
    refuses: float


WEBHOOKS = (
    _Webhook("validating.webhook.shop.example.com", "validating", "CREATE", 0.8, 0.007, 0.002),
    _Webhook("sidecar-injector.istio.io", "admit", "CREATE", 0.4, 0.016, 0.0),
)
QUIET_COUNTERS: dict[str, dict[str, str]] = {
    "apiserver_audit_error_total": {"plugin": "log"},
    "apiserver_audit_requests_rejected_total": {},
    "apiserver_terminated_watchers_total": {"group": "", "resource": "pods"},
    "aggregator_unavailable_apiservice_total": {"name": "v1beta1.metrics.k8s.io", "reason": "Timeout"},
}
STEADY_COUNTERS: dict[tuple[str, str, str], float] = {
    ("apiserver_audit_event_total", "", ""): 45.0,
    ("apiserver_tls_handshake_errors_total", "", ""): 0.003,
    ("authentication_attempts", "result", "success"): 38.0,
    ("authentication_attempts", "result", "failure"): 0.004,
    ("apiserver_storage_list_total", "resource", "pods"): 0.05,
    ("apiserver_storage_list_total", "resource", "events"): 0.02,
    ("apiserver_cache_list_total", "resource", "pods"): 0.6,
    ("apiserver_cache_list_total", "resource", "configmaps"): 2.5,
}
"""What happens so many times a second at full demand, by series and one label."""
BESIDE = {"resource": {"group": ""}}
"""Labels that series have beside that one."""
OWN_REQUESTS = 6.0
"""A second at full demand, of the server as a client: to itself and to aggregated APIs."""
CHANGES = {"configmaps": 0.3, "pods": 3.2, "secrets": 0.1, "services": 0.02}
"""Changes a second that watches are told of."""


def series(world: World) -> Iterator[Series]:
    there = world.upgrade.answering(world.cluster.control_plane, "kube-apiserver").sum(axis=0)
    demand = world.life.activity.demand * (len(world.cluster.control_plane) / np.maximum(there, 1))
    for place, node in enumerate(world.cluster.control_plane):
        resets = np.zeros(world.timeline.size, dtype=np.bool_)
        resets[world.timeline.at(RESTART_AT)] = place == 0
        yield from _Instance(
            world, node, world.apiserver(node), resets, demand, world.life.requests[node.name]
        ).series()


@dataclass(frozen=True)
class _Instance:
    world: World
    node: Node
    target: Target
    resets: Bools
    demand: Floats
    """What is asked of this server: each takes its share of what others do not answer."""
    fate: Requests

    def series(self) -> Iterator[Series]:
        for request in REQUESTS:
            yield from self._requests(request)
        yield from self._load()
        yield from self._queues()
        yield from self._execution()
        for webhook in WEBHOOKS:
            yield from self._webhook(webhook)
        yield from self._changes()
        yield from self._events()
        yield from self._process()
        yield from self._store()

    def _random(self, *what: str) -> np.random.Generator:
        return self.world.timeline.random("apiserver", self.node.name, *what)

    def _latency(
        self, name: str, bounds: tuple[float, ...], operations: Operations, /, **labels: str
    ) -> Iterator[Series]:
        random = self._random(name, *labels.values())
        return latency(self.target, name, bounds, random, operations, self.resets, **labels)

    def _requests(self, request: _Request) -> Iterator[Series]:
        labels = {"verb": request.verb, "resource": request.resource, "scope": request.scope}
        rate = request.a_second * (0.4 + 0.6 * self.demand) * SCRAPE_S * self.fate.served
        count = self._random(*labels.values()).poisson(rate)
        median = request.base_s + (2 * self.world.life.etcd.quorum_s if request.mutating else 0.0)
        # Writes wait for what is asked as often, etcd and admission; reads come from memory.
        median = median + (self.fate.waits_s if request.mutating else 0.05 * self.fate.waits_s)
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
            inflight = np.round(share * 40 * self.demand * self.fate.asked)
            yield gauge(self.target, "apiserver_current_inflight_requests", inflight, request_kind=kind)
        for resource, watches in WATCHES.items():
            labels = {"verb": "WATCH", "resource": resource, "scope": "cluster", "group": "", "version": "v1"}
            open_ = np.round(watches * (0.9 + 0.1 * self.demand))
            yield gauge(
                self.target, "apiserver_longrunning_requests", open_, component="apiserver", subresource="", **labels
            )

    def _queues(self) -> Iterator[Series]:
        for level, a_second in PRIORITY_LEVELS.items():
            labels = {"priority_level": level, "flow_schema": level}
            count = self._random("queued", level).poisson(a_second * self.demand * SCRAPE_S * self.fate.served)
            waits = Operations(count, 0.0002 + self.fate.waits_s, 0.8)
            name = "apiserver_flowcontrol_request_wait_duration_seconds"
            yield from self._latency(name, WAIT_BOUNDS, waits, execute="true", **labels)
            name = "apiserver_flowcontrol_rejected_requests_total"
            refused = self._random("refused", level).poisson(
                a_second * self.demand * SCRAPE_S * self.fate.asked * self.fate.refused
            )
            yield counter(self.target, name, refused, self.resets, reason="queue-full", **labels)

    def _execution(self) -> Iterator[Series]:
        """What executes in each priority level, and the seats it takes: those of Little's law."""
        for level, a_second in PRIORITY_LEVELS.items():
            labels = {"priority_level": level, "flow_schema": level}
            count = self._random("queued", level).poisson(a_second * self.demand * SCRAPE_S * self.fate.served)
            took = SEATS_TAKEN_S + 2 * self.world.life.etcd.quorum_s + self.fate.waits_s
            name = "apiserver_flowcontrol_request_execution_seconds"
            executed = Operations(count, took, 0.7)
            yield from self._latency(name, EXECUTION_BOUNDS, executed, type="regular", **labels)
            name = "apiserver_flowcontrol_dispatched_requests_total"
            yield counter(self.target, name, count, self.resets, **labels)
            taken = self._random("seats", level).poisson(np.minimum(a_second * self.demand * took, SEATS[level]))
            yield gauge(self.target, "apiserver_flowcontrol_current_executing_seats", taken, **labels)
            waiting = self._random("waiting", level).poisson((0.0002 + self.fate.waits_s) * count / SCRAPE_S)
            yield gauge(self.target, "apiserver_flowcontrol_current_inqueue_requests", waiting, **labels)
            for name in ("nominal", "current"):
                limit = f"apiserver_flowcontrol_{name}_limit_seats"
                yield gauge(self.target, limit, SEATS[level], priority_level=level)

    def _webhook(self, webhook: _Webhook) -> Iterator[Series]:
        labels = {"name": webhook.name, "type": webhook.type, "operation": webhook.operation}
        random = self._random("webhook", webhook.name)
        count = random.poisson(webhook.a_second * self.demand * SCRAPE_S)
        refused = random.binomial(count, webhook.refuses)
        name = "apiserver_admission_webhook_admission_duration_seconds"
        calls = Operations(count, np.full(count.size, webhook.median_s), 0.6)
        yield from self._latency(name, WEBHOOK_BOUNDS, calls, rejected="false", **labels)
        name = "apiserver_admission_webhook_rejection_count"
        why = {"error_type": "no_error", "rejection_code": "403"}
        yield counter(self.target, name, refused, self.resets, **labels, **why)
        name, open_ = "apiserver_admission_webhook_fail_open_count", np.zeros(count.size)
        yield counter(self.target, name, open_, self.resets, name=webhook.name, type=webhook.type)
        name, ended = "apiserver_admission_webhook_request_total", {"code": "200", "rejected": "false"}
        yield counter(self.target, name, count - refused, self.resets, **labels, **ended)

    def _changes(self) -> Iterator[Series]:
        """Every change reaches the watch cache once, and all watches of its resource."""
        for resource, a_second in CHANGES.items():
            count = self._random("changes", resource).poisson(a_second * self.demand * SCRAPE_S)
            labels = {"group": "", "resource": resource}
            name = "apiserver_watch_cache_events_received_total"
            yield counter(self.target, name, count, self.resets, **labels)
            told = count * round(0.1 * WATCHES[resource])
            yield counter(self.target, "apiserver_watch_events_total", told, self.resets, version="v1", **labels)

    def _events(self) -> Iterator[Series]:
        nothing = np.zeros(self.world.timeline.size)
        for name, labels in QUIET_COUNTERS.items():
            yield counter(self.target, name, nothing, self.resets, **labels)
        for (name, label, value), a_second in STEADY_COUNTERS.items():
            count = self._random(name, value).poisson(a_second * self.demand * SCRAPE_S)
            labels = BESIDE.get(label, {}) | ({label: value} if label else {})
            yield counter(self.target, name, count, self.resets, **labels)
        for code, ending in (("200", 1 - self.fate.failing), ("500", self.fate.failing)):
            name = "rest_client_requests_total"
            count = self._random(name, code).poisson(OWN_REQUESTS * ending * self.demand * SCRAPE_S)
            yield counter(self.target, name, count, self.resets, code=code, method="GET", host="[::1]:6443")
        for code, share in (("429", 0.0), ("504", 0.0002)):
            ended = {"verb": "LIST", "resource": "pods", "scope": "cluster", "group": "", "version": "v1"}
            refused = EVERYTHING * self.fate.asked * self.fate.refused if code == "429" else 0.0
            count = self._random("terminated", code).poisson((0.6 * share + refused) * self.demand * SCRAPE_S)
            name = "apiserver_request_terminations_total"
            ended |= {"subresource": "", "component": "apiserver", "code": code}
            yield counter(self.target, name, count, self.resets, **ended)
        aborted = self._random("aborted").poisson(0.01 * self.demand * SCRAPE_S)
        labels = {"verb": "LIST", "resource": "pods", "scope": "cluster", "group": "", "version": "v1"}
        yield counter(self.target, "apiserver_request_aborts_total", aborted, self.resets, subresource="", **labels)
        presented = Operations(self._random("certificates").poisson(6.0 * self.demand * SCRAPE_S), 1.6e7 + nothing, 0.3)
        name = "apiserver_client_certificate_expiration_seconds"
        yield from self._latency(name, EXPIRY_BOUNDS, presented)

    def _process(self) -> Iterator[Series]:
        random, size = self._random("process"), self.world.timeline.size
        watches = sum(WATCHES.values())
        yield gauge(self.target, "process_resident_memory_bytes", np.round(2.4e9 + 5e8 * self.demand))
        yield gauge(self.target, "process_open_fds", 500 + random.poisson(60, size))
        yield gauge(self.target, "process_max_fds", 1_048_576)
        yield gauge(self.target, "go_goroutines", 6 * watches + random.poisson(300, size))
        deprecated = {"group": "flowcontrol.apiserver.k8s.io", "version": "v1beta3", "resource": "flowschemas"}
        name = "apiserver_requested_deprecated_apis"
        yield gauge(self.target, name, 1, subresource="", removed_release="1.32", **deprecated)
        yield gauge(self.target, "aggregator_unavailable_apiservice", 0, name="v1beta1.metrics.k8s.io")
        for place, member in enumerate(self.world.cluster.control_plane):
            file = np.round(self.world.life.database.file[member.name])
            yield gauge(self.target, "apiserver_storage_size_bytes", file, storage_cluster_id=f"etcd-{place}")

    def _store(self) -> Iterator[Series]:
        """What it asks etcd for, and how many objects that holds."""
        quorum = self.world.life.etcd.quorum_s
        for operation, a_second, median in (
            ("get", 14.0, np.full_like(quorum, 0.0015)),
            ("list", 1.2, np.full_like(quorum, 0.012)),
            ("update", 12.0, 0.001 + 1.5 * quorum),
        ):
            count = self._random("etcd", operation).poisson(a_second * (0.4 + 0.6 * self.demand) * SCRAPE_S)
            labels = {"operation": operation, "group": "", "resource": "pods"}
            yield from self._latency("etcd_request_duration_seconds", BOUNDS, Operations(count, median, 0.5), **labels)
            failed = self._random("etcd", operation, "failed").binomial(count, 0.00002)
            yield counter(self.target, "etcd_requests_total", count, self.resets, **labels)
            yield counter(self.target, "etcd_request_errors_total", failed, self.resets, **labels)
        for resource, usual in OBJECTS.items():
            more = self.world.life.database.objects if resource == "secrets" else 0.0
            yield gauge(self.target, "apiserver_storage_objects", usual + 0 * quorum + more, resource=resource)
