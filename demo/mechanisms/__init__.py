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
        activity=wanted,
        machines=machines,
        disks=disks,
        links=links,
        etcd=consensus.run(timeline, cluster, wanted, disks, distances, rolling),
        database=database.run(timeline, cluster, wanted, scenarios),
        ovn={node.name: ovn.run(timeline, node, machines[node.name], scenarios) for node in cluster.nodes},
        upgrade=rolling,
        files=filled,
        clocks={node.name: clock.run(timeline, node, filled[node.name], scenarios) for node in cluster.nodes},
        ports={node.name: ports.run(timeline, node, scenarios) for node in cluster.nodes},
        tracked={node.name: connections.run(timeline, node, wanted, scenarios) for node in cluster.nodes},
        distances=distances,
        requests={node.name: requests.run(timeline, node, scenarios) for node in cluster.control_plane},
        switches={node.name: switch.run(timeline, node, scenarios) for node in cluster.nodes},
        runtimes={node.name: runtime.run(timeline, node, scenarios) for node in cluster.nodes},
        watching=watching.run(timeline, cluster, scenarios),
    )
