"""node_exporter's collectors of CPU, memory, disks and file systems, one target a node."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from demo.mechanisms.disk import DiskLife
from demo.mechanisms.machine import Machine
from demo.mechanisms.upgrade import Turn
from demo.series import Series, Target, counter, gauge, running, unknown
from demo.timeline import SCRAPE_S, Floats
from demo.topology import GIB, Node
from demo.world import World

BUSY_SHARES: Mapping[str, float] = {
    "user": 0.70, "system": 0.21, "softirq": 0.04, "irq": 0.02, "nice": 0.02, "steal": 0.01,
}  # fmt: skip
FAULTS = 1_400.0
"""Page faults a second that read from disk, where memory is as short as can be."""
WARM_AFTER = 240
"""Grid points after a boot by which the page cache is what it was."""
FLUSHED = 0.3
"""Share of writes after which the disk's cache is flushed."""


def series(world: World) -> Iterator[Series]:
    for node in world.cluster.nodes:
        yield from _Node(
            world, node, world.node_exporter(node), world.life.machines[node.name], world.life.disks[node.name]
        ).series()


@dataclass(frozen=True)
class _Node:
    world: World
    node: Node
    target: Target
    machine: Machine
    disk: DiskLife

    def series(self) -> Iterator[Series]:
        yield from self._cpu()
        yield from self._load()
        yield from self._memory()
        yield from self._disks()
        yield from self._files()

    def _random(self, *what: str) -> np.random.Generator:
        return self.world.timeline.random("node", self.node.name, *what)

    def _poisson(self, name: str, gained: Floats, **labels: str) -> Series:
        random = self._random(name, *sorted(labels.values()))
        return counter(self.target, name, random.poisson(np.maximum(gained, 0)), None, **labels)

    def _cpu(self) -> Iterator[Series]:
        waiting = np.clip(0.25 * self.disk.utilisation / self.node.cpus, 0, 0.2)
        for cpu in range(self.node.cpus):
            noise = 1 + 0.05 * self._random("cpu", str(cpu)).standard_normal(self.world.timeline.size)
            busy = np.clip(self.machine.busy * noise, 0.0, 0.995)
            iowait = np.minimum(waiting, 1 - busy)
            shares = {mode: busy * share for mode, share in BUSY_SHARES.items()}
            shares |= {"iowait": iowait, "idle": 1 - busy - iowait}
            for mode, share in shares.items():
                spent = np.round(share * SCRAPE_S, 2)
                yield counter(self.target, "node_cpu_seconds_total", spent, cpu=str(cpu), mode=mode)

    def _load(self) -> Iterator[Series]:
        cores = self.machine.wanted * self.node.cpus
        for minutes in (1, 5, 15):
            yield gauge(self.target, f"node_load{minutes}", np.round(_smoothed(cores, minutes, self._turn), 2))
        short = np.clip(self.machine.wanted - 0.85, 0, 1)
        yield self._poisson("node_context_switches_total", 9_000.0 * SCRAPE_S * self.machine.busy)
        yield self._poisson("node_forks_total", 40.0 * SCRAPE_S * self.machine.busy)
        yield counter(self.target, "node_pressure_cpu_waiting_seconds_total", np.round(short * SCRAPE_S, 6))
        stalled = np.clip(self.disk.utilisation - 0.6, 0, 1) * SCRAPE_S
        yield counter(self.target, "node_pressure_io_waiting_seconds_total", np.round(stalled, 6))
        yield counter(self.target, "node_pressure_io_stalled_seconds_total", np.round(0.6 * stalled, 6))
        for kind, share in (("waiting", 0.6), ("stalled", 0.35)):
            waited = np.round(share * self.machine.starved * SCRAPE_S, 6)
            yield counter(self.target, f"node_pressure_memory_{kind}_seconds_total", waited)
        yield gauge(self.target, "node_filefd_allocated", np.round(6_000 + 9_000 * self.world.life.activity.demand))
        yield gauge(self.target, "node_filefd_maximum", 9.223372036854775807e18)
        yield gauge(self.target, "node_boot_time_seconds", self._booted())
        yield gauge(self.target, "node_procs_blocked", np.round(self.disk.utilisation * 3))
        yield gauge(self.target, "node_procs_running", np.round(cores))

    @property
    def _turn(self) -> Turn | None:
        return self.world.upgrade.turns.get(self.node.name)

    def _booted(self) -> Floats:
        """Unix seconds of the last boot."""
        first = self.world.timeline.epoch_ms // 1000 - 1_900_000
        turn = self._turn
        again = self.world.timeline.epoch_ms // 1000 + SCRAPE_S * turn.boots - 7 if turn else first
        boots = turn.boots if turn else self.world.timeline.size
        return np.where(np.arange(self.world.timeline.size) < boots, float(first), float(again))

    def _memory(self) -> Iterator[Series]:
        total, used = float(self.node.memory), self.machine.memory_used
        cached = np.clip(
            0.30 * total + 0.02 * total * self.machine.pulling,
            0,
            np.maximum(total - used - 0.05 * total, 0.005 * total),
        )
        cached = cached * self._warm()
        buffers = np.full_like(used, 0.004 * total)
        free = total - used - cached - buffers
        for name, value in (
            ("MemTotal", np.full_like(used, total)),
            ("MemFree", free),
            ("MemAvailable", total - used),
            ("Cached", cached),
            ("Buffers", buffers),
            ("Active_anon", 0.8 * used),
            ("Slab", 0.03 * total + 0 * used),
            ("SwapTotal", np.zeros_like(used)),
            ("SwapFree", np.zeros_like(used)),
        ):
            yield gauge(self.target, f"node_memory_{name}_bytes", np.round(value / 4096) * 4096)
        faults = self._random("faults").poisson(
            SCRAPE_S * (2.0 * (1 + 4 * self.machine.pulling) + FAULTS * self.machine.starved)
        )
        yield unknown(self.target, "node_vmstat_pgmajfault", running(self.target, faults))
        for name in ("oom_kill", "pswpin"):
            yield unknown(self.target, f"node_vmstat_{name}", 0)

    def _warm(self) -> Floats:
        """Share of the page cache that has been read again since the boot."""
        if self._turn is None:
            return np.ones(self.world.timeline.size)
        points = np.arange(self.world.timeline.size)
        since = np.clip((points - self._turn.boots) / WARM_AFTER, 0.1, 1.0)
        return np.where(points < self._turn.boots, 1.0, since)

    def _disks(self) -> Iterator[Series]:
        """The disk, and the device-mapper volume on it that shows the same operations once more."""
        for device in (self.node.disk, "dm-0"):
            labels = {"device": device}
            reads = self._random("reads").poisson(self.disk.reads * SCRAPE_S)
            writes = self._random("writes").poisson(self.disk.writes * SCRAPE_S)
            flushes = self._random("flushes").binomial(writes, FLUSHED)
            busy = np.round(self.disk.utilisation * SCRAPE_S, 3)
            waited = np.round((reads + writes) * self.disk.latency_s, 3)
            for name, gained in (
                ("node_disk_reads_completed_total", reads),
                ("node_disk_writes_completed_total", writes),
                ("node_disk_read_bytes_total", reads * 16_384),
                ("node_disk_written_bytes_total", writes * 9_216),
                ("node_disk_read_time_seconds_total", np.round(reads * self.disk.latency_s, 3)),
                ("node_disk_write_time_seconds_total", np.round(writes * self.disk.latency_s, 3)),
                ("node_disk_flush_requests_total", flushes),
                ("node_disk_flush_requests_time_seconds_total", np.round(flushes * self.disk.latency_s, 3)),
                ("node_disk_discards_completed_total", self._random("discards").poisson(0.2, writes.size)),
                ("node_disk_io_time_seconds_total", busy),
                ("node_disk_io_time_weighted_seconds_total", waited),
            ):
                yield counter(self.target, name, gained, None, **labels)
            yield gauge(self.target, "node_disk_io_now", np.round(self.disk.utilisation * 2), **labels)

    def _files(self) -> Iterator[Series]:
        size = 120.0 * GIB
        filled = self.world.life.files[self.node.name].filled
        labels = {"device": f"/dev/{self.node.disk}p4", "fstype": "xfs", "mountpoint": "/var"}
        yield gauge(self.target, "node_filesystem_size_bytes", size, **labels)
        yield gauge(self.target, "node_filesystem_avail_bytes", np.round(size * (1 - filled)), **labels)
        yield gauge(self.target, "node_filesystem_files", 6e7, **labels)
        yield gauge(self.target, "node_filesystem_files_free", np.round(6e7 * (1 - 0.02 * filled)), **labels)
        yield gauge(self.target, "node_filesystem_readonly", 0, **labels)
        clock = self.world.life.clocks[self.node.name]
        yield gauge(self.target, "node_timex_offset_seconds", clock.offset)
        yield gauge(self.target, "node_timex_sync_status", clock.steered)
        yield gauge(self.target, "node_timex_maxerror_seconds", clock.largest_error)


def _smoothed(values: Floats, minutes: int, turn: Turn | None) -> Floats:
    """Exponential average as the kernel's load average takes it; a boot makes it begin at 0."""
    keep = np.exp(-SCRAPE_S / 60 / minutes)
    out = np.empty_like(values)
    level = float(values[0])
    for index, value in enumerate(values):
        if turn is not None and index == turn.boots:
            level = 0.0
        level = keep * level + (1 - keep) * float(value)
        out[index] = level
    return out
