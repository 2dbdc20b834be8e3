"""ovnkube-node: OVN-Kubernetes, the OVN daemons and Open vSwitch, one target a node."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from demo.histogram import Operations, latency
from demo.mechanisms.ovn import Ovn
from demo.series import Series, Target, counter, gauge
from demo.timeline import SCRAPE_S, Floats
from demo.topology import Node
from demo.world import World

BOUNDS = tuple(0.1 * 2**k for k in range(15))


def series(world: World) -> Iterator[Series]:
    for node in world.cluster.nodes:
        yield from _Zone(world, node, world.ovnkube(node), world.life.ovn[node.name]).series()


@dataclass(frozen=True)
class _Zone:
    world: World
    node: Node
    target: Target
    ovn: Ovn

    def series(self) -> Iterator[Series]:
        yield from self._databases()
        yield from self._daemons()
        yield from self._pods()
        yield from self._switch()

    def _random(self, *what: str) -> np.random.Generator:
        return self.world.timeline.random("ovnkube", self.node.name, *what)

    def _databases(self) -> Iterator[Series]:
        yield gauge(self.target, "ovnkube_controller_nb_e2e_timestamp", self.ovn.northbound)
        yield gauge(self.target, "ovnkube_controller_sb_e2e_timestamp", self.ovn.southbound)
        for name, size in (
            ("OVN_Northbound", self.ovn.northbound_size),
            ("OVN_Southbound", self.ovn.southbound_size),
        ):
            yield gauge(self.target, "ovn_db_db_size_bytes", size, db_name=name)

    def _daemons(self) -> Iterator[Series]:
        yield gauge(self.target, "ovn_controller_southbound_database_connected", self.ovn.connected)
        yield gauge(self.target, "ovn_northd_status", 1)
        yield gauge(self.target, "ovn_northd_sb_connection_status", 1)
        yield gauge(self.target, "ovn_northd_ovn_northd_loop_short_term_avg", np.round(self.ovn.northd_loop, 6))
        generation = np.round(self.ovn.flow_generation, 6)
        yield gauge(self.target, "ovn_controller_flow_generation_short_term_avg", generation)
        yield gauge(self.target, "ovn_controller_flow_installation_short_term_avg", np.round(0.4 * generation, 6))
        yield counter(self.target, "ovnkube_resource_retry_failures_total", np.zeros(generation.size))
        yield gauge(self.target, "ovnkube_controller_ready_duration_seconds", 21.0)
        yield gauge(self.target, "ovnkube_node_ready_duration_seconds", 9.0)

    def _pods(self) -> Iterator[Series]:
        """Pods that start here: each asks the CNI plugin to be added, and one that ends to be deleted."""
        demand = self.world.life.activity.demand
        rate = (0.02 if self.node.is_worker_only else 0.003) * demand * SCRAPE_S
        count = self._random("pods").poisson(rate)
        waited = self.ovn.port_binding
        for name, median, labels in (
            ("ovnkube_node_cni_request_duration_seconds", 0.4 + waited, {"command": "ADD", "err": "false"}),
            ("ovnkube_node_cni_request_duration_seconds", 0.15 + 0 * waited, {"command": "DEL", "err": "false"}),
            ("ovnkube_controller_pod_creation_latency_seconds", 0.25 + 0 * waited, {}),
            ("ovnkube_controller_pod_port_binding_port_binding_chassis_duration_seconds", waited, {}),
        ):
            operations = Operations(count, median, 0.4)
            random = self._random(name, *labels.values())
            yield from latency(self.target, name, BOUNDS, random, operations, None, **labels)

    def _switch(self) -> Iterator[Series]:
        link, machine = self.world.life.links[self.node.name], self.world.life.machines[self.node.name]
        packets = (link.received + link.sent) * SCRAPE_S / 1_100
        datapath = {"datapath": "ovs-system"}
        lookups = (("hit", 0.998 * packets), ("missed", 0.002 * packets), ("lost", 0 * packets))
        for what, gained in lookups:
            yield self._growing(f"ovs_vswitchd_dp_flows_lookup_{what}", gained, **datapath)
        demand = self.world.life.activity.demand
        yield gauge(self.target, "ovs_vswitchd_dp_flows_total", np.round(300 + 900 * demand), **datapath)
        for bridge, flows in (("br-int", 6_200), ("br-ex", 140)):
            yield gauge(self.target, "ovs_vswitchd_bridge_flows_total", np.round(flows + 40 * demand), bridge=bridge)
        for name in ("netlink_overflow", "rconn_overflow", "rconn_discarded"):
            yield self._growing(f"ovs_vswitchd_{name}", np.zeros_like(packets))
        for process, cores, memory in (("vswitchd", 0.02, 160 << 20), ("db", 0.005, 30 << 20)):
            name = f"ovs_{process}_process"
            spent = np.round(cores * machine.busy * self.node.cpus * SCRAPE_S, 2)
            yield counter(self.target, f"{name}_cpu_seconds_total", spent)
            yield gauge(self.target, f"{name}_resident_memory_bytes", float(memory))

    def _growing(self, name: str, gained: Floats, **labels: str) -> Series:
        """What Open vSwitch counts since it started is exposed as a gauge."""
        return gauge(self.target, name, np.cumsum(np.round(gained)), **labels)
