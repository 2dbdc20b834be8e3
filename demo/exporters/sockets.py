"""node_exporter's netstat, sockstat and conntrack collectors: one target a node."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from demo.mechanisms.connections import TABLE, Tracked
from demo.mechanisms.link import SEGMENT, Link
from demo.series import Series, Target, gauge, running, unknown
from demo.timeline import SCRAPE_S, Floats
from demo.topology import Node
from demo.world import World

IPV6_SHARE = 0.02
"""What of the traffic uses IPv6 on a cluster whose pods have IPv4: link-local neighbours and little else."""
PAGE = 4096

# A second on a node in ordinary demand.
EVENTS = {
    "TcpExt_SyncookiesFailed": 0.0,
    "TcpExt_SyncookiesRecv": 0.0,
    "TcpExt_SyncookiesSent": 0.0,
    "TcpExt_ListenOverflows": 0.0,
    "TcpExt_ListenDrops": 0.0,
    "TcpExt_TCPRcvQDrop": 0.001,
    "TcpExt_TCPOFOQueue": 1.5,
    "TcpExt_TCPTimeouts": 0.05,
    "Tcp_ActiveOpens": 14.0,
    "Tcp_PassiveOpens": 11.0,
    "Tcp_InErrs": 0.0,
    "Tcp_OutRsts": 1.2,
    "Icmp_InMsgs": 0.8,
    "Icmp_OutMsgs": 0.9,
    "Icmp_InErrors": 0.001,
    "Icmp6_InMsgs": 0.05,
    "Icmp6_OutMsgs": 0.05,
    "Icmp6_InErrors": 0.0,
    "Udp_InDatagrams": 60.0,
    "Udp_OutDatagrams": 62.0,
    "Udp_InErrors": 0.01,
    "Udp_NoPorts": 0.02,
    "Udp_RcvbufErrors": 0.008,
    "Udp_SndbufErrors": 0.0,
    "Udp6_InDatagrams": 0.4,
    "Udp6_OutDatagrams": 0.4,
    "Udp6_InErrors": 0.0,
    "Udp6_NoPorts": 0.0,
    "Udp6_RcvbufErrors": 0.0,
    "Udp6_SndbufErrors": 0.0,
    "UdpLite_InErrors": 0.0,
}
# In use: those that are always there, and those that come with demand.
SOCKETS = {
    "TCP_alloc": (600, 700),
    "TCP_inuse": (180, 220),
    "TCP_orphan": (0, 3),
    "TCP_tw": (60, 240),
    "TCP6_inuse": (90, 40),
    "UDP_inuse": (14, 4),
    "UDP6_inuse": (6, 0),
    "UDPLITE_inuse": (0, 0),
    "RAW_inuse": (2, 0),
    "RAW6_inuse": (3, 0),
    "FRAG_inuse": (0, 0),
    "FRAG6_inuse": (0, 0),
    "FRAG_memory": (0, 0),
    "FRAG6_memory": (0, 0),
    "sockets_used": (900, 800),
}
TRACKING = {"drop": 0.0, "early_drop": 0.0, "insert_failed": 0.02, "invalid": 0.3, "search_restart": 0.1}


def series(world: World) -> Iterator[Series]:
    for node in world.cluster.nodes:
        yield from _Sockets(
            world, node, world.node_exporter(node), world.life.links[node.name], world.life.tracked[node.name]
        ).series()


@dataclass(frozen=True)
class _Sockets:
    world: World
    node: Node
    target: Target
    link: Link
    tracked: Tracked

    def series(self) -> Iterator[Series]:
        yield from self._events()
        yield from self._segments()
        yield from self._octets()
        yield from self._sockets()
        yield from self._tracking()

    @property
    def _demand(self) -> Floats:
        return self.world.life.activity.demand

    def _random(self, *what: str) -> np.random.Generator:
        return self.world.timeline.random("node", self.node.name, *what)

    def _counted(self, name: str, a_second: float, more: Floats | float = 0.0) -> Floats:
        """What is counted so many times a second of ordinary demand, and so many more, since the boot."""
        rate = a_second * self._demand * SCRAPE_S + more * SCRAPE_S
        return running(self.target, self._random(name).poisson(rate))

    def _events(self) -> Iterator[Series]:
        for name, a_second in EVENTS.items():
            more = self.tracked.opened if name == "Tcp_PassiveOpens" else 0.0
            yield unknown(self.target, f"node_netstat_{name}", self._counted(name, a_second, more))

    def _segments(self) -> Iterator[Series]:
        sent = np.round(self.link.sent * SCRAPE_S / SEGMENT)
        again = self._random("retransmitted").binomial(sent.astype(np.int64), np.minimum(self.link.retransmitted, 0.5))
        connects = self._random("connects").poisson(6.0 * SCRAPE_S * self._demand * self.link.retransmitted)
        yield unknown(self.target, "node_netstat_Tcp_OutSegs", running(self.target, sent))
        yield unknown(self.target, "node_netstat_Tcp_InSegs", running(self.target, np.round(0.95 * sent)))
        yield unknown(self.target, "node_netstat_Tcp_RetransSegs", running(self.target, again))
        yield unknown(self.target, "node_netstat_TcpExt_TCPSynRetrans", running(self.target, connects))
        yield gauge(self.target, "node_netstat_Tcp_CurrEstab", np.round(400 + 500 * self._demand))

    def _octets(self) -> Iterator[Series]:
        for direction, rate in (("In", self.link.received), ("Out", self.link.sent)):
            for family, share in (("IpExt", 1 - IPV6_SHARE), ("Ip6", IPV6_SHARE)):
                total = running(self.target, np.round(share * rate * SCRAPE_S))
                yield unknown(self.target, f"node_netstat_{family}_{direction}Octets", total)

    def _sockets(self) -> Iterator[Series]:
        for name, (always, with_demand) in SOCKETS.items():
            yield gauge(self.target, f"node_sockstat_{name}", np.round(always + with_demand * self._demand))
        for protocol, pages in (("TCP", 120), ("UDP", 8)):
            held = np.round(pages * (0.5 + self._demand))
            yield gauge(self.target, f"node_sockstat_{protocol}_mem", held)
            yield gauge(self.target, f"node_sockstat_{protocol}_mem_bytes", held * PAGE)
        for queue in ("rx", "tx"):
            for version in ("v4", "v6"):
                yield gauge(self.target, "node_udp_queues", 0, queue=queue, ip=version)

    def _tracking(self) -> Iterator[Series]:
        yield gauge(self.target, "node_nf_conntrack_entries", self.tracked.entries)
        yield gauge(self.target, "node_nf_conntrack_entries_limit", TABLE)
        for what, a_second in TRACKING.items():
            name = f"node_nf_conntrack_stat_{what}"
            yield gauge(self.target, name, self._counted(name, a_second))
