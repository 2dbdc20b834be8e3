"""node_exporter's network collectors: devices, TCP, sockets, softnet; one target a node."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from demo.mechanisms.link import SEGMENT, Link
from demo.series import Series, Target, counter, gauge, unknown
from demo.timeline import SCRAPE_S, Floats
from demo.topology import Node
from demo.world import World


def series(world: World) -> Iterator[Series]:
    for node in world.cluster.nodes:
        yield from _Network(world, node, world.node_exporter(node), world.life.links[node.name]).series()


@dataclass(frozen=True)
class _Network:
    world: World
    node: Node
    target: Target
    link: Link

    def series(self) -> Iterator[Series]:
        yield from self._devices()
        yield from self._tcp()
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
        yield from self._traffic(nic, "receive", self.link.received, self.link.receive_drops)
        yield from self._traffic(nic, "transmit", self.link.sent, self.link.transmit_drops)
        for device, share in (("br-ex", 0.97), ("ovn-k8s-mp0", 0.1), ("genev_sys_6081", 0.4)):
            yield from self._traffic(device, "receive", share * self.link.received, none)
            yield from self._traffic(device, "transmit", share * self.link.sent, none)
        for direction in ("receive", "transmit"):
            yield from self._traffic("lo", direction, 4e5 * demand, none)
        for device in (nic, "br-ex", "ovn-k8s-mp0", "genev_sys_6081", "lo"):
            yield gauge(self.target, "node_network_up", float(device != "genev_sys_6081"), device=device)
        yield gauge(self.target, "node_network_speed_bytes", self.node.nic_speed, device=self.node.nic)
        yield gauge(self.target, "node_network_carrier", 1, device=self.node.nic)

    def _traffic(self, device: str, direction: str, rate: Floats, lost: Floats) -> Iterator[Series]:
        """Bytes a second that were carried; dropped packets, a share of those offered, are counted beside them."""
        moved = np.round(rate * SCRAPE_S)
        name = f"node_network_{direction}"
        yield counter(self.target, f"{name}_bytes_total", moved, device=device)
        yield counter(self.target, f"{name}_packets_total", np.round(moved / SEGMENT), device=device)
        yield self._poisson(f"{name}_drop_total", moved / SEGMENT * lost / (1 - lost), device=device)
        yield counter(self.target, f"{name}_errs_total", np.zeros_like(rate), device=device)

    def _tcp(self) -> Iterator[Series]:
        demand = self.world.life.activity.demand
        sent = np.round(self.link.sent * SCRAPE_S / SEGMENT)
        again = self._random("retransmitted").binomial(sent.astype(np.int64), np.minimum(self.link.retransmitted, 0.5))
        connects = self._random("connects").poisson(6.0 * SCRAPE_S * demand * self.link.retransmitted)
        yield unknown(self.target, "node_netstat_Tcp_OutSegs", np.cumsum(sent))
        yield unknown(self.target, "node_netstat_Tcp_InSegs", np.cumsum(np.round(0.95 * sent)))
        yield unknown(self.target, "node_netstat_Tcp_RetransSegs", np.cumsum(again))
        yield unknown(self.target, "node_netstat_TcpExt_TCPSynRetrans", np.cumsum(connects))
        yield unknown(self.target, "node_netstat_TcpExt_ListenOverflows", 0)
        yield unknown(self.target, "node_netstat_TcpExt_ListenDrops", 0)
        yield gauge(self.target, "node_netstat_Tcp_CurrEstab", np.round(400 + 500 * demand))
        yield gauge(self.target, "node_sockstat_TCP_tw", np.round(60 + 240 * demand))
        yield gauge(self.target, "node_nf_conntrack_entries", np.round(3_000 + 9_000 * demand))
        yield gauge(self.target, "node_nf_conntrack_entries_limit", 262_144)

    def _softnet(self) -> Iterator[Series]:
        """Receive queues are spread evenly over the CPUs."""
        each = self.link.squeezed * SCRAPE_S / self.node.cpus
        for cpu in range(self.node.cpus):
            yield self._poisson("node_softnet_times_squeezed_total", each, cpu=str(cpu))
            yield counter(self.target, "node_softnet_dropped_total", np.zeros_like(each), cpu=str(cpu))
