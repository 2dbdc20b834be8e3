"""etcd's own metrics, one target a member."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from demo.histogram import EXPONENTIAL_1MS, EXPONENTIAL_100US, Operations, latency
from demo.mechanisms.database import QUOTA
from demo.series import Series, Target, accumulate, counter, gauge, where
from demo.timeline import SCRAPE_S, Bools, Floats
from demo.topology import Node
from demo.world import World

DEFRAG_BOUNDS = tuple(0.1 * 2**k for k in range(13))
SNAPSHOT_BOUNDS = tuple(0.01 * 2**k for k in range(17))
COMPACTION_BOUNDS = (100.0, 200.0, 400.0, 800.0, 1600.0, 3200.0, 6400.0, 12800.0, 25600.0, 51200.0)
SNAPSHOT_SAVE_BOUNDS = tuple(0.1 * 2**k for k in range(10))
APPLY_BOUNDS = tuple(0.0001 * 2**k for k in range(20))
GRPC_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
VERSION, NEXT_VERSION = "3.5.21", "3.5.24"
HEARTBEATS = 8.0
"""Heartbeats a second that the leader sends to each other member."""
WATCHERS = 330
BYTES_A_PROPOSAL = {"etcd_disk_wal_write_bytes_total": 2_400, "etcd_debugging_mvcc_total_put_size_in_bytes": 2_150}
QUIET_COUNTERS = ("etcd_server_read_indexes_failed_total", "etcd_server_proposals_failed_total",
                  "etcd_server_health_failures")  # fmt: skip
QUIET_GAUGES = ("etcd_server_is_learner", "etcd_server_snapshot_apply_in_progress_total",
                "etcd_disk_defrag_inflight")  # fmt: skip
FSYNC_SIGMA = 0.55
"""Spread of one disk operation's logarithm: the 99th percentile is 3.6 times the median."""
COMMIT_FACTOR = 1.4
"""A commit writes several pages where an fsync of the log writes one."""


def member_id(name: str) -> str:
    """The hexadecimal id under which other members know this one."""
    return sha256(f"etcd {name}".encode()).hexdigest()[:16]


def fsyncs(world: World, member: str) -> Operations:
    """WAL fsyncs of a member: one a proposal, one after another."""
    disk = world.life.disks[member]
    return _one_after_another(world, member, "fsync", world.life.etcd.proposals, disk.latency_s)


def commits(world: World, member: str) -> Operations:
    """Backend commits of a member: at most ten a second, one after another."""
    asked = np.minimum(world.life.etcd.proposals / 10, 10.0)
    return _one_after_another(world, member, "commit", asked, COMMIT_FACTOR * world.life.disks[member].latency_s)


def _one_after_another(world: World, member: str, what: str, asked: Floats, median_s: Floats) -> Operations:
    mean = median_s * np.exp(FSYNC_SIGMA**2 / 2)
    rate = np.minimum(asked, 1 / mean)
    return Operations(world.timeline.random("etcd", what, member).poisson(rate * SCRAPE_S), median_s, FSYNC_SIGMA)


def series(world: World) -> Iterator[Series]:
    for place, node in enumerate(world.cluster.control_plane):
        yield from _Member(world, node, place, world.etcd(node), world.life.etcd.restarts[node.name]).series()


@dataclass(frozen=True)
class _Member:
    world: World
    node: Node
    place: int
    target: Target
    restarts: Bools

    def series(self) -> Iterator[Series]:
        yield from self._consensus()
        yield from self._disk()
        yield from self._store()
        yield from self._peers()
        yield from self._clients()
        yield from self._applies()
        yield from self._watchers()
        yield from self._process()

    @property
    def _starts(self) -> Bools:
        return self.restarts | _never(self.target.starts, self.restarts.size)

    def _counter(self, name: str, gained: Floats, **labels: str) -> Series:
        random = self.world.timeline.random(name, self.node.name, *sorted(labels.items()))
        return counter(self.target, name, random.poisson(np.maximum(gained, 0)), self.restarts, **labels)

    def _consensus(self) -> Iterator[Series]:
        etcd, size = self.world.life.etcd, self.world.timeline.size
        yield gauge(self.target, "etcd_server_has_leader", 1)
        yield gauge(self.target, "etcd_server_is_leader", etcd.leader == self.place)
        yield gauge(self.target, "etcd_server_proposals_pending", etcd.pending[self.node.name])
        committed = np.cumsum(np.round(etcd.proposals * SCRAPE_S)) + 4_000_000
        yield gauge(self.target, "etcd_server_proposals_committed_total", committed)
        yield gauge(self.target, "etcd_server_proposals_applied_total", committed - etcd.pending[self.node.name])
        changes = etcd.leader_changes + np.roll(_never(self.target.starts, size), 1)
        yield counter(self.target, "etcd_server_leader_changes_seen_total", changes, self.restarts)
        nothing = np.zeros(size)
        slow = np.where(self.world.life.disks[self.node.name].latency_s > 0.05, 6.0, 0.01)
        for name in QUIET_COUNTERS:
            yield self._counter(name, nothing)
        for name in QUIET_GAUGES:
            yield gauge(self.target, name, 0)
        yield self._counter("etcd_server_slow_apply_total", slow)
        yield self._counter("etcd_server_slow_read_indexes_total", slow / 20)
        yield self._counter("etcd_server_heartbeat_send_failures_total", slow / 10 * (etcd.leader == self.place))
        yield gauge(self.target, "etcd_server_quota_backend_bytes", QUOTA)

    def _disk(self) -> Iterator[Series]:
        world, member = self.world, self.node.name
        for name, operations in (
            ("etcd_disk_wal_fsync_duration_seconds", fsyncs(world, member)),
            ("etcd_disk_backend_commit_duration_seconds", commits(world, member)),
            ("etcd_disk_wal_write_duration_seconds", self._writes()),
        ):
            random = world.timeline.random(name, member)
            yield from latency(self.target, name, EXPONENTIAL_1MS, random, operations, self.restarts)
        stall = world.life.database.defragmentation[member]
        yield from self._rare("etcd_disk_backend_defrag_duration_seconds", DEFRAG_BOUNDS, stall, 3.4)
        snapshots = np.arange(world.timeline.size) % 960 == 200
        yield from self._rare("etcd_disk_backend_snapshot_duration_seconds", SNAPSHOT_BOUNDS, snapshots, 0.9)
        name = "etcd_snap_db_save_total_duration_seconds"
        yield from self._rare(name, SNAPSHOT_SAVE_BOUNDS, np.roll(self.restarts, 1), 1.7)
        for name, each in BYTES_A_PROPOSAL.items():
            grown = accumulate(np.round(world.life.etcd.proposals * each * SCRAPE_S), self._starts)
            yield gauge(self.target, name, grown)
        compactions = np.arange(world.timeline.size) % 10 == 3
        name = "etcd_debugging_mvcc_db_compaction_total_duration_milliseconds"
        yield from self._rare(name, COMPACTION_BOUNDS, compactions, 140.0)
        yield self._counter("etcd_debugging_mvcc_db_compaction_keys_total", compactions * 5_200.0)

    def _writes(self) -> Operations:
        """Writes of the log end in the page cache, which a slow disk fills only in part."""
        synced = fsyncs(self.world, self.node.name)
        return Operations(synced.count, 0.0001 + 0.02 * synced.median_s, 0.7)

    def _rare(self, name: str, bounds: tuple[float, ...], when: Bools, median: float) -> Iterator[Series]:
        random = self.world.timeline.random(name, self.node.name)
        operations = Operations(when.astype(np.int64), np.full(when.size, median), 0.3)
        return latency(self.target, name, bounds, random, operations, self.restarts)

    def _store(self) -> Iterator[Series]:
        world = self.world
        share = np.arange(world.timeline.size) / world.timeline.size
        database = world.life.database
        yield gauge(self.target, "etcd_mvcc_db_total_size_in_use_in_bytes", _pages(database.used))
        yield gauge(self.target, "etcd_mvcc_db_total_size_in_bytes", _pages(database.file[self.node.name]))
        yield gauge(self.target, "etcd_debugging_mvcc_keys_total", np.round(52_000 + 900 * share) + database.objects)
        yield self._counter("etcd_mvcc_put_total", world.life.etcd.proposals * 0.9 * SCRAPE_S)
        yield self._counter("etcd_mvcc_delete_total", world.life.etcd.proposals * 0.05 * SCRAPE_S)

    def _peers(self) -> Iterator[Series]:
        world = self.world
        own = member_id(self.node.name)
        yield gauge(self.target, "etcd_server_id", np.ones_like(world.life.etcd.proposals), server_id=own)
        leading = np.where(world.life.etcd.leader == self.place, 1.0, 0.15)
        traffic = world.life.etcd.proposals * 2_600 * leading * SCRAPE_S
        for other in world.cluster.control_plane:
            if other == self.node:
                continue
            far = member_id(other.name)
            random = world.timeline.random("rtt", self.node.name, other.name)
            median = 0.0009 + 0.25 * world.life.disks[other.name].service_s
            reached = world.upgrade.answering([other], "etcd")[0]
            far_away = world.life.distances[self.node.name] + world.life.distances[other.name]
            trips = Operations(np.where(reached, 5, 0), np.minimum(median, 0.004) + far_away, 0.5)
            name = "etcd_network_peer_round_trip_time_seconds"
            yield from latency(self.target, name, EXPONENTIAL_100US, random, trips, self.restarts, To=far)
            yield gauge(self.target, "etcd_network_active_peers", reached, Local=own, Remote=far)
            yield self._counter("etcd_network_peer_sent_bytes_total", reached * traffic, To=far)
            yield self._counter("etcd_network_peer_received_bytes_total", reached * (0.3 * traffic + 9_000), From=far)
            gone = np.where(np.roll(world.life.etcd.restarts[other.name], 1), 3.0, 0.0)
            gone = gone + ~reached * np.where(world.life.etcd.leader == self.place, HEARTBEATS, 0.2) * SCRAPE_S
            yield self._counter("etcd_network_peer_sent_failures_total", gone, To=far)
            yield self._counter("etcd_network_peer_received_failures_total", gone, From=far)

    def _clients(self) -> Iterator[Series]:
        world = self.world
        asked = world.life.etcd.proposals * SCRAPE_S / 3
        yield self._counter("etcd_network_client_grpc_received_bytes_total", asked * 3_100)
        yield self._counter("etcd_network_client_grpc_sent_bytes_total", asked * 11_000)
        written = 0.001 + 1.2 * world.life.etcd.quorum_s
        for method, service, gained, median in (
            ("Range", "KV", 2.2 * asked, np.full_like(asked, 0.0012)),
            ("Txn", "KV", asked, written),
            ("LeaseGrant", "Lease", asked / 40, written),
            ("Compact", "KV", asked / 9_000, 4 * written),
        ):
            yield from self._calls(method, f"etcdserverpb.{service}", gained, median)
        yield self._counter("etcd_server_client_requests_total", 3.2 * asked, type="unary", client_api_version="3.5")
        yield self._counter(
            "etcd_server_client_requests_total", asked * 0 + 0.4, type="stream", client_api_version="3.5"
        )
        watch = {"grpc_service": "etcdserverpb.Watch", "grpc_method": "Watch", "grpc_type": "bidi_stream"}
        opened, closed = self._watches()
        yield counter(self.target, "grpc_server_started_total", opened, self.restarts, **watch)
        yield counter(self.target, "grpc_server_handled_total", closed, self.restarts, **watch, grpc_code="OK")

    def _calls(self, method: str, service: str, gained: Floats, median_s: Floats) -> Iterator[Series]:
        """Calls of one method; few fail: those for a revision compacted since, and writes while nobody leads."""
        call = {"grpc_service": service, "grpc_method": method, "grpc_type": "unary"}
        random = self.world.timeline.random("grpc", self.node.name, method)
        count = random.poisson(gained)
        failed = {}
        if method == "Range":
            failed = {"OutOfRange": random.binomial(count, 0.0002)}
        elif method == "Txn":
            failed = {"Unavailable": random.binomial(count, 0.2 * (self.world.life.etcd.leader_changes > 0))}
        well = count - sum(failed.values())
        yield counter(self.target, "grpc_server_started_total", count, self.restarts, **call)
        for code, ended in {"OK": well, **failed}.items():
            yield counter(self.target, "grpc_server_handled_total", ended, self.restarts, **call, grpc_code=code)
        if method != "Compact":
            name, handled = "grpc_server_handling_seconds", Operations(count, median_s, 0.5)
            yield from latency(self.target, name, GRPC_BOUNDS, random, handled, self.restarts, **call)

    def _applies(self) -> Iterator[Series]:
        life, name = self.world.life, "etcd_server_apply_duration_seconds"
        random = self.world.timeline.random(name, self.node.name)
        count = random.poisson(life.etcd.proposals * SCRAPE_S / 3)
        applied = Operations(count, 0.0003 + 0.25 * life.disks[self.node.name].latency_s, 0.6)
        labels = {"version": "v3", "op": "Txn", "success": "true"}
        yield from latency(self.target, name, APPLY_BOUNDS, random, applied, self.restarts, **labels)
        asked = life.etcd.proposals * SCRAPE_S / 3
        yield self._counter("etcd_mvcc_range_total", 3.4 * asked)
        yield self._counter("etcd_mvcc_txn_total", 1.3 * asked)
        for what in ("granted", "revoked"):
            yield self._counter(f"etcd_debugging_lease_{what}_total", asked / 40)
        yield self._counter("etcd_debugging_server_lease_expired_total", asked / 44)

    def _watchers(self) -> Iterator[Series]:
        random, size = self.world.timeline.random("watchers", self.node.name), self.world.timeline.size
        yield gauge(self.target, "etcd_debugging_mvcc_watch_stream_total", WATCHERS)
        yield gauge(self.target, "etcd_debugging_mvcc_watcher_total", WATCHERS + random.poisson(15, size))
        yield gauge(self.target, "etcd_debugging_mvcc_slow_watcher_total", random.poisson(0.01, size))
        yield gauge(self.target, "etcd_debugging_mvcc_pending_events_total", random.poisson(0.3, size))
        yield self._counter("etcd_debugging_mvcc_events_total", self.world.life.etcd.proposals * 2.1 * SCRAPE_S)

    def _process(self) -> Iterator[Series]:
        """The process; it maps the file of its database, and keeps some goroutines a watch."""
        random, size = self.world.timeline.random("process", self.node.name), self.world.timeline.size
        file = self.world.life.database.file[self.node.name]
        yield from self._versions()
        yield gauge(self.target, "etcd_cluster_version", 1, cluster_version=VERSION.rpartition(".")[0])
        yield gauge(self.target, "process_resident_memory_bytes", _pages(450e6 + 0.3 * file))
        yield gauge(self.target, "process_open_fds", 260 + random.poisson(20, size))
        yield gauge(self.target, "process_max_fds", 1_048_576)
        yield gauge(self.target, "go_goroutines", 3 * WATCHERS + 400 + random.poisson(40, size))
        yield gauge(self.target, "etcd_mvcc_db_open_read_transactions", 1 + random.poisson(0.2, size))

    def _versions(self) -> Iterator[Series]:
        """An upgrade gives the member a new one at its first restart."""
        restart = self.world.upgrade.restarts.get("etcd", {}).get(self.node.name)
        new = np.arange(self.world.timeline.size) >= (restart.stop if restart else self.world.timeline.size)
        for version, there in ((VERSION, ~new), (NEXT_VERSION, new)):
            if there.any():
                yield where(gauge(self.target, "etcd_server_version", 1, server_version=version), there)

    def _watches(self) -> tuple[Floats, Floats]:
        """Watches opened and closed: about 330 stay open; a restarted member gets its own anew."""
        size = self.world.timeline.size
        closed = self.world.timeline.random("watch", self.node.name).poisson(0.4, size).astype(np.float64)
        opened = closed.copy()
        opened[0] += WATCHERS
        after = np.flatnonzero(self._starts)
        if after.size:
            opened[np.minimum(after + 1, size - 1)] += WATCHERS
        return opened, closed


def _never(marks: Bools | None, size: int) -> Bools:
    return np.zeros(size, dtype=np.bool_) if marks is None else marks


def _pages(size: Floats) -> Floats:
    return np.asarray(np.round(size / 4096) * 4096)
