"""Multus' admission controller: how many pods ask for additional networks. In this cluster none does."""

from collections.abc import Iterator

from demo.series import Series, gauge
from demo.world import World


def series(world: World) -> Iterator[Series]:
    yield gauge(world.multus_admission(), "network_attachment_definition_instances", 0, networks="any")
