"""node_exporter's collectors of network devices and softnet, one target a node."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from demo.mechanisms.link import SEGMENT, Link
from demo.mechanisms.ports import Ports, Second
from demo.series import Series, Target, counter, gauge
from demo.timeline import SCRAPE_S, Floats
from demo.topology import Node
from demo.world import World

TUNNEL = "genev_sys_6081"
BONDED, PORTS = "worker-0", 2
# Shares of the packets received.
EXTRAS = {
    "receive_fifo": 0.0,
    "transmit_fifo": 0.0,
    "receive_compressed": 0.0,
    "transmit_compressed": 0.0,
    "receive_multicast": 2e-4,
    "receive_nohandler": 1e-6,
    "receive_frame": 0.0,
    "transmit_colls": 0.0,
    "transmit_carrier": 0.0,
}


def series(world: World) -> Iterator[Series]:
    for node in world.cluster.nodes:
        yield from _Network(
            world, node, world.node_exporter(node), world.life.links[node.name], world.life.ports[node.name]
        ).series()


@dataclass(frozen=True)
class _Network:
    world: World
    node: Node
    target: Target
    link: Link
    ports: Ports

    def series(self) -> Iterator[Series]:
        yield from self._devices()
        yield from self._extras()
        yield from self._bond()
        if self.ports.second is not None:
            yield from self._second(self.ports.second)
        yield from self._softnet()

    def _random(self, *what: str) -> np.random.Generator:
        return self.world.timeline.random("node", self.node.name, *what)

    def _poisson(self, name: str, gained: Floats, **labels: str) -> Series:
        random = self._random(name, *sorted(labels.values()))
        return counter(self.target, name, random.poisson(np.maximum(gained, 0)), None, **labels)

    def _devices(self) -> Iterator[Series]:
        demand = self.world.life.activity.demand
        none = np.zeros_like(demand)
        nic = self.node.nic
        yield from self._traffic(nic, "receive", self.link.received, self.link.receive_drops, self.link.damaged)
        yield from self._traffic(nic, "transmit", self.link.sent, self.link.transmit_drops)
        yield from self._traffic(TUNNEL, "receive", 0.4 * self.link.received, none)
        yield from self._traffic(TUNNEL, "transmit", 0.4 * self.link.sent, none)
        for direction in ("receive", "transmit"):
            yield from self._traffic("lo", direction, 4e5 * demand, none)
        for device, mtu in ((nic, 9_000), (TUNNEL, 65_000), ("lo", 65_536)):
            # Loopback and tunnels have no operational state of their own: "unknown", which counts as not up.
            yield gauge(self.target, "node_network_up", float(device == nic), device=device)
            yield gauge(self.target, "node_network_mtu_bytes", mtu, device=device)
        yield gauge(self.target, "node_network_speed_bytes", self.node.nic_speed, device=self.node.nic)
        yield gauge(self.target, "node_network_carrier", 1, device=self.node.nic)
        yield counter(self.target, "node_network_carrier_changes_total", none, device=self.node.nic)
        # The node's address is on the bridge, of which the device is a port: neighbours are known there.
        for device, entries in (("br-ex", 12), ("ovn-k8s-mp0", 2)):
            yield gauge(self.target, "node_arp_entries", np.round(entries * (1 + 0.5 * demand)), device=device)

    def _extras(self) -> Iterator[Series]:
        """What devices count beside traffic, drops and errors; loopback has the same counters, and they stand still."""
        packets = np.round(self.link.received * SCRAPE_S / SEGMENT)
        for name, share in EXTRAS.items():
            gained = share * packets + (self.link.damaged * packets if name == "receive_frame" else 0.0)
            yield self._poisson(f"node_network_{name}_total", gained, device=self.node.nic)
            yield counter(self.target, f"node_network_{name}_total", np.zeros_like(packets), device="lo")

    def _bond(self) -> Iterator[Series]:
        """One node has two ports in a bond."""
        if self.node.name == BONDED:
            yield gauge(self.target, "node_bonding_slaves", PORTS, master="bond0")
            yield gauge(self.target, "node_bonding_active", PORTS - self.ports.lost, master="bond0")

    def _second(self, second: Second) -> Iterator[Series]:
        """A link for storage, of which only what matters for its state is told here."""
        device = {"device": second.device}
        moved = 2e6 * self.world.life.activity.demand * second.up
        for direction in ("receive", "transmit"):
            yield from self._traffic(second.device, direction, moved, np.zeros_like(moved))
        for name in ("up", "carrier"):
            yield gauge(self.target, f"node_network_{name}", second.up, **device)
        yield gauge(self.target, "node_network_speed_bytes", self.node.nic_speed, **device)
        yield gauge(self.target, "node_network_mtu_bytes", 9_000, **device)
        yield counter(self.target, "node_network_carrier_changes_total", second.changes, **device)

    def _traffic(
        self, device: str, direction: str, rate: Floats, lost: Floats, damaged: Floats | None = None
    ) -> Iterator[Series]:
        """Bytes a second that were carried; packets lost or damaged, as shares of those offered, are counted beside."""
        moved = np.round(rate * SCRAPE_S)
        name = f"node_network_{direction}"
        yield counter(self.target, f"{name}_bytes_total", moved, device=device)
        yield counter(self.target, f"{name}_packets_total", np.round(moved / SEGMENT), device=device)
        yield self._poisson(f"{name}_drop_total", moved / SEGMENT * lost / (1 - lost), device=device)
        errors = np.zeros_like(rate) if damaged is None else moved / SEGMENT * damaged / (1 - damaged)
        yield self._poisson(f"{name}_errs_total", errors, device=device)

    def _softnet(self) -> Iterator[Series]:
        """Receive queues are spread over the CPUs, the first of which gets twice as much as each of the others."""
        parts = np.array([2.0, *([1.0] * (self.node.cpus - 1))])
        packets = self.link.received * SCRAPE_S / SEGMENT
        for cpu, part in enumerate(parts / parts.sum()):
            labels = {"cpu": str(cpu)}
            yield counter(self.target, "node_softnet_processed_total", np.round(part * packets), **labels)
            squeezed = self.link.squeezed * SCRAPE_S / self.node.cpus
            yield self._poisson("node_softnet_times_squeezed_total", squeezed, **labels)
            for name in ("dropped_total", "received_rps_total", "flow_limit_count_total"):
                yield counter(self.target, f"node_softnet_{name}", np.zeros_like(packets), **labels)
            yield gauge(self.target, "node_softnet_backlog_len", 0, **labels)
