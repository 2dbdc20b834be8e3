"""ovnkube-control-plane: the cluster manager, which gives every node its pod subnets; two replicas, one leads."""

from collections.abc import Iterator

import numpy as np

from demo.mechanisms.upgrade import holder
from demo.series import Series, Target, gauge
from demo.timeline import Bools
from demo.topology import CLUSTER_MANAGERS
from demo.world import World

SUBNETS = {"v4": 512, "v6": 65_536}
"""What a /14 holds in pieces of /23, and a /48 in pieces of /64."""


def series(world: World) -> Iterator[Series]:
    managers = world.cluster.control_plane[:CLUSTER_MANAGERS]
    leader = holder(world.upgrade.hosting(managers))
    for place, node in enumerate(managers):
        for target in world.ovnkube_control_plane(node):
            yield gauge(target, "ovnkube_clustermanager_leader", leader == place)
            yield gauge(target, "ovnkube_clustermanager_ready_duration_seconds", 4.0 + place)
            if np.any(leader == place):
                yield from _subnets(world, target, leader == place)


def _subnets(world: World, target: Target, leads: Bools) -> Iterator[Series]:
    """A node has its subnets from the moment it joins."""
    joined = np.sum([world.node_exporter(node).present for node in world.cluster.nodes], axis=0)
    for family, all_of_them in SUBNETS.items():
        name = f"{family}_host_subnets"
        yield gauge(
            target, f"ovnkube_clustermanager_num_{name}", np.where(leads, all_of_them, np.nan), network_name="default"
        )
        yield gauge(
            target, f"ovnkube_clustermanager_allocated_{name}", np.where(leads, joined, np.nan), network_name="default"
        )
