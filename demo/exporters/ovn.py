"""ovnkube-node: OVN-Kubernetes, the OVN daemons and Open vSwitch, one target a node."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from demo.histogram import Operations, latency
from demo.mechanisms.ovn import Ovn
from demo.series import Series, Target, accumulate, counter, gauge, running
from demo.timeline import SCRAPE_S, Floats, Ints
from demo.topology import Node
from demo.world import World

BOUNDS = tuple(0.1 * 2**k for k in range(15))
FAILS = 0.002
"""Share of the pods that need a second request for their network: they end before the first is served."""
STEPS = {
    "pod_creation_latency": 0.25,
    "pod_first_seen_lsp_created_duration": 0.15,
    "pod_lsp_created_port_binding_duration": 0.12,
    "pod_port_binding_chassis_port_binding_up_duration": 0.3,
}
"""Median seconds of the steps of a pod's network that do not wait for the southbound database."""
STARTED_WITH = {"pods": 3.1, "namespaces": 0.4, "services": 1.2}
"""Seconds it took at the start to bring in all objects of a resource."""
_BUILT = {"branch": "release-4.18", "goversion": "go1.22.9"}
VERSIONS = (
    {"version": "0.0", "revision": "d1a2b3c", **_BUILT},
    {"version": "0.0", "revision": "8e41f07", **_BUILT},
)
"""What the builds of the releases before and after an upgrade say of themselves; the version never changes."""
GROWS_NEVER = ("upcall_flow_limit_hit", "txn_error")


def series(world: World) -> Iterator[Series]:
    for node in world.cluster.nodes:
        for number, target in enumerate(world.ovnkube(node)):
            yield from _Zone(world, node, target, world.life.ovn[node.name], number).series()


@dataclass(frozen=True)
class _Zone:
    world: World
    node: Node
    target: Target
    ovn: Ovn
    generation: int
    """How many ovnkubes were on the node before this one."""

    def series(self) -> Iterator[Series]:
        yield from self._databases()
        yield from self._daemons()
        yield from self._pods()
        yield from self._services()
        yield from self._controller()
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
            yield gauge(self.target, "ovn_db_jsonrpc_server_sessions", 3, db_name=name)
            yield gauge(self.target, "ovn_db_ovsdb_monitors", 5, db_name=name)

    def _daemons(self) -> Iterator[Series]:
        yield gauge(self.target, "ovn_controller_southbound_database_connected", self.ovn.connected)
        yield gauge(self.target, "ovn_northd_status", 1)
        yield gauge(self.target, "ovn_northd_sb_connection_status", self.ovn.connected)
        yield gauge(self.target, "ovn_northd_nb_connection_status", 1)
        lflows = np.round(0.7 * self.ovn.northd_loop, 6)
        yield gauge(self.target, "ovn_northd_build_lflows_short_term_avg", lflows)
        yield gauge(self.target, "ovn_controller_bfd_run_short_term_avg", 0.0001)
        tunnels = len(self.world.cluster.nodes) - 1
        yield gauge(self.target, "ovn_controller_integration_bridge_geneve_ports", tunnels)
        yield gauge(self.target, "ovn_northd_ovn_northd_loop_short_term_avg", np.round(self.ovn.northd_loop, 6))
        generation = np.round(self.ovn.flow_generation, 6)
        yield gauge(self.target, "ovn_controller_flow_generation_short_term_avg", generation)
        yield gauge(self.target, "ovn_controller_flow_installation_short_term_avg", np.round(0.4 * generation, 6))
        yield counter(self.target, "ovnkube_resource_retry_failures_total", np.zeros(generation.size))
        for name, took in (("controller", 21.0), ("node", 9.0)):
            yield gauge(self.target, f"ovnkube_{name}_ready_duration_seconds", self._ready(name, took))

    def _ready(self, name: str, took_s: float) -> Floats:
        """Seconds until it was ready at its last start; no two starts take the same time."""
        boots = self.world.upgrade.started(self.node)
        starts = self.generation + (0 if boots is None else np.cumsum(boots))
        longer = np.round(self._random("ready", name).uniform(-0.15, 0.35, 4), 3)
        longer[0] = 0.0
        return np.asarray(took_s * (1 + longer[np.broadcast_to(starts, self.target.present.shape)]))

    def _pods(self) -> Iterator[Series]:
        """Pods that start here: each asks the CNI plugin to be added, and one that ends to be deleted."""
        demand = self.world.life.activity.demand
        rate = (0.02 if self.node.is_worker_only else 0.003) * demand * SCRAPE_S
        count = self._random("pods").poisson(rate)
        waited = self.ovn.port_binding
        for name, median, labels in (
            ("ovnkube_node_cni_request_duration_seconds", 0.4 + waited, {"command": "ADD", "err": "false"}),
            ("ovnkube_node_cni_request_duration_seconds", 0.15 + 0 * waited, {"command": "DEL", "err": "false"}),
            ("ovnkube_controller_pod_port_binding_port_binding_chassis_duration_seconds", waited, {}),
            *((f"ovnkube_controller_{step}_seconds", took + 0 * waited, {}) for step, took in STEPS.items()),
        ):
            yield from self._took(name, count, median, **labels)
        # A pod is asked for again until one request does not fail.
        again = self._random("again").poisson(rate * self.ovn.failing / (1 - self.ovn.failing))
        failed = self._random("failed").binomial(count, FAILS) + again
        name = "ovnkube_node_cni_request_duration_seconds"
        yield from self._took(name, failed, 2.0 + waited, command="ADD", err="true")
        name = "ovnkube_controller_network_programming_ovn_duration_seconds"
        yield from self._took(name, count, 0.35 + waited)
        for kind, median in (("pod", 0.6 + waited), ("service", 0.5 + waited)):
            name = "ovnkube_controller_network_programming_duration_seconds"
            yield from self._took(name, count, median, kind=kind)

    def _took(self, name: str, count: Ints, median_s: Floats, /, **labels: str) -> Iterator[Series]:
        operations = Operations(count, median_s, 0.4)
        return latency(self.target, name, BOUNDS, self._random(name, *labels.values()), operations, None, **labels)

    def _services(self) -> Iterator[Series]:
        """Every change of a service's endpoints is a sync on every node."""
        count = self.world.timeline.random("services").poisson(0.2 * self.world.life.activity.demand * SCRAPE_S)
        median = np.full(count.size, 0.02)
        yield from self._took("ovnkube_controller_sync_service_latency_seconds", count, median)
        yield counter(self.target, "ovnkube_controller_sync_service_total", count)
        yield counter(self.target, "ovnkube_controller_requeue_service_total", np.zeros(count.size))

    def _controller(self) -> Iterator[Series]:
        demand = self.world.life.activity.demand
        yield from self._clients(demand)
        for name, took in STARTED_WITH.items():
            yield gauge(self.target, "ovnkube_controller_sync_duration_seconds", took, resource_name=name)
            yield gauge(self.target, "ovnkube_controller_workqueue_depth", 0, name=name)
            gained = self._random("update", name).poisson(0.3 * demand * SCRAPE_S)
            yield counter(self.target, "ovnkube_controller_resource_update_total", gained, name=name, event="update")
        yield gauge(self.target, "ovnkube_controller_num_egress_firewalls", 2)
        yield gauge(self.target, "ovnkube_controller_num_egress_firewall_rules", 14)
        yield gauge(self.target, "ovnkube_controller_build_info", 1, **VERSIONS[min(self.generation, 1)])

    def _clients(self, demand: Floats) -> Iterator[Series]:
        """What the databases tell ovnkube and ovn-controller: the heartbeat, and every change of a pod or service."""
        for database in ("OVN_Northbound", "OVN_Southbound"):
            told = self._random("told", database).poisson((0.02 + 0.5 * demand) * SCRAPE_S)
            name, model = "ovnkube_master_libovsdb", {"primary_model": database}
            yield counter(self.target, f"{name}_update_messages_total", told, **model, database=database)
            yield counter(self.target, f"{name}_disconnects_total", np.zeros(told.size), **model)
        runs = self._random("lflow").poisson((0.02 + 0.2 * demand) * self.ovn.connected * SCRAPE_S)
        yield gauge(self.target, "ovn_controller_lflow_run", running(self.target, runs))

    def _switch(self) -> Iterator[Series]:
        link, machine = self.world.life.links[self.node.name], self.world.life.machines[self.node.name]
        packets = (link.received + link.sent) * SCRAPE_S / 1_100
        datapath, switch = {"datapath": "ovs-system"}, self.world.life.switches[self.node.name]
        lost = self._random("lost").poisson(switch.lost * SCRAPE_S)
        lookups = (("hit", 0.998 * packets), ("missed", 0.002 * packets), ("lost", lost))
        for what, gained in lookups:
            yield self._growing(f"ovs_vswitchd_dp_flows_lookup_{what}", gained, **datapath)
        yield self._growing("ovs_vswitchd_dp_packets_total", packets, **datapath)
        yield gauge(self.target, "ovs_vswitchd_dp_masks_total", 34, **datapath)
        yield gauge(self.target, "ovs_vswitchd_interfaces_total", len(list(self.world.cluster.pods_on(self.node))) + 4)
        yield gauge(self.target, "ovs_vswitchd_handlers_total", self.node.cpus)
        for direction in ("rx", "tx"):
            yield gauge(self.target, f"ovs_vswitchd_interface_{direction}_dropped_total", 0)
        yield self._growing("ovs_vswitchd_stream_open", self._random("streams").poisson(0.01, packets.size))
        demand = self.world.life.activity.demand
        yield gauge(self.target, "ovs_vswitchd_dp_flows_total", np.round(300 + 900 * demand), **datapath)
        for bridge, flows in (("br-int", 6_200), ("br-ex", 140)):
            yield gauge(self.target, "ovs_vswitchd_bridge_flows_total", np.round(flows + 40 * demand), bridge=bridge)
        overflows = self._random("overflows").poisson(switch.overflows * SCRAPE_S)
        yield self._growing("ovs_vswitchd_netlink_overflow", overflows)
        for name in ("rconn_overflow", "rconn_discarded", *GROWS_NEVER):
            yield self._growing(f"ovs_vswitchd_{name}", np.zeros_like(packets))
        for process, cores, memory in (("vswitchd", 0.02, 160 << 20), ("db", 0.005, 30 << 20)):
            name = f"ovs_{process}_process"
            spent = np.round(cores * machine.busy * self.node.cpus * SCRAPE_S, 2)
            yield counter(self.target, f"{name}_cpu_seconds_total", spent)
            yield gauge(self.target, f"{name}_resident_memory_bytes", float(memory))

    def _growing(self, name: str, gained: Floats | Ints, **labels: str) -> Series:
        """What Open vSwitch, which runs beside the pods, counts since the boot is exposed as a gauge."""
        return gauge(
            self.target,
            name,
            accumulate(np.asarray(np.round(gained), dtype=np.float64), self.world.upgrade.started(self.node)),
            **labels,
        )
