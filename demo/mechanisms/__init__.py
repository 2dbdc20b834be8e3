"""What happens in the cluster: each mechanism follows from the ones before it, and a scenario disturbs one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from demo.mechanisms import (
    activity,
    clock,
    connections,
    consensus,
    database,
    disk,
    distance,
    files,
    link,
    machine,
    ovn,
    ports,
    requests,
    runtime,
    switch,
    upgrade,
    watching,
)
from demo.scenario import Scenario
from demo.timeline import Floats, Timeline
from demo.topology import Cluster


@dataclass(frozen=True)
class Life:
    """Everything that happened, from which the exporters read."""

    activity: activity.Activity
    machines: Mapping[str, machine.Machine]
    disks: Mapping[str, disk.DiskLife]
    links: Mapping[str, link.Link]
    etcd: consensus.Consensus
    database: database.Database
    ovn: Mapping[str, ovn.Ovn]
    upgrade: upgrade.Upgrade
    files: Mapping[str, files.Files]
    clocks: Mapping[str, clock.ClockLife]
    ports: Mapping[str, ports.Ports]
    distances: Mapping[str, Floats]
    requests: Mapping[str, requests.Requests]
    switches: Mapping[str, switch.Switch]
    runtimes: Mapping[str, Floats]
    watching: watching.Watching
    tracked: Mapping[str, connections.Tracked]


def live(timeline: Timeline, cluster: Cluster, scenarios: Sequence[Scenario], rolling: upgrade.Upgrade) -> Life:
    """Run every mechanism over the timeline."""
    wanted = activity.run(timeline)
    machines = {node.name: machine.run(timeline, node, wanted, scenarios, rolling) for node in cluster.nodes}
    disks = {node.name: disk.run(timeline, node, wanted, machines[node.name], scenarios) for node in cluster.nodes}
    links = {node.name: link.run(timeline, node, machines[node.name], scenarios) for node in cluster.nodes}
    distances = {node.name: distance.run(timeline, node, scenarios) for node in cluster.control_plane}
    filled = {node.name: files.run(timeline, node, scenarios) for node in cluster.nodes}
    return Life(
        wanted,
        machines,
        disks,
        links,
        consensus.run(timeline, cluster, wanted, disks, distances, rolling),
        database.run(timeline, cluster, wanted, scenarios),
        {node.name: ovn.run(timeline, node, machines[node.name], scenarios) for node in cluster.nodes},
        rolling,
        filled,
        {node.name: clock.run(timeline, node, filled[node.name], scenarios) for node in cluster.nodes},
        {node.name: ports.run(timeline, node, scenarios) for node in cluster.nodes},
        distances,
        {node.name: requests.run(timeline, node, scenarios) for node in cluster.control_plane},
        {node.name: switch.run(timeline, node, scenarios) for node in cluster.nodes},
        {node.name: runtime.run(timeline, node, scenarios) for node in cluster.nodes},
        watching.run(timeline, cluster, scenarios),
        {node.name: connections.run(timeline, node, wanted, scenarios) for node in cluster.nodes},
    )
