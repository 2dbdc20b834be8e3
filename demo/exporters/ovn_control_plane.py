"""ovnkube-control-plane: the cluster manager, which gives every node its pod subnets; two replicas, one leads."""

from collections.abc import Iterator

import numpy as np

from demo.series import Series, Target, gauge
from demo.topology import CLUSTER_MANAGERS
from demo.world import World

SUBNETS = {"v4": 512, "v6": 65_536}
"""What a /14 holds in pieces of /23, and a /48 in pieces of /64."""


def series(world: World) -> Iterator[Series]:
    for place, node in enumerate(world.cluster.control_plane[:CLUSTER_MANAGERS]):
        target = world.ovnkube_control_plane(node)
        yield gauge(target, "ovnkube_clustermanager_leader", float(place == 0))
        yield gauge(target, "ovnkube_clustermanager_ready_duration_seconds", 4.0 + place)
        if place == 0:
            yield from _subnets(world, target)


def _subnets(world: World, target: Target) -> Iterator[Series]:
    """A node has its subnets from the moment it joins."""
    joined = np.sum([world.ovnkube(node).present for node in world.cluster.nodes], axis=0)
    for family, all_of_them in SUBNETS.items():
        name = f"{family}_host_subnets"
        yield gauge(target, f"ovnkube_clustermanager_num_{name}", all_of_them, network_name="default")
        yield gauge(target, f"ovnkube_clustermanager_allocated_{name}", joined, network_name="default")
