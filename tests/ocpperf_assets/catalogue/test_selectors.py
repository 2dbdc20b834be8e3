"""Selectors that every domain uses, flavours that are like another, and namespaces by setting."""

from pathlib import Path

import pytest

from ocpperf_assets.catalogue import Catalogue, load_catalogue
from ocpperf_assets.catalogue.locate import metrics_directory
from tests.ocpperf_assets.catalogue.conftest import Refusal, Write

SHARED = """\
selectors:
  openshift: {load: 'job="node-exporter"', platform: 'namespace=~"openshift-.*"'}
flavours:
  edge:
    like: openshift
    without: {disk: it has none}
"""
LOAD = """\
domain: node
metrics:
  - name: load
    title: Load
    category: node_usage
    expr: max by (instance) (node_load1{$load, $platform})
    unit: count
    labels: [instance]
    better: lower
    description: Load.
"""


@pytest.fixture
def directory(write: Write) -> Path:
    write()
    write(text=SHARED, name="selectors.yaml")
    return write(text=LOAD, name="node.yaml")


def test_every_domain_may_use_what_selectors_yaml_says(directory: Path) -> None:
    query = load_catalogue([directory]).metric("load").query
    assert query == 'max by (instance) (node_load1{job="node-exporter", namespace=~"openshift-.*"})'


def test_the_setting_of_namespaces_stands_for_those_of_the_platform(directory: Path) -> None:
    query = load_catalogue([directory], namespaces="openshift-.*|shop").metric("load").query
    assert query == 'max by (instance) (node_load1{job="node-exporter", namespace=~"openshift-.*|shop"})'


def test_a_later_directory_replaces_a_shared_selector(directory: Path, write: Write) -> None:
    own = write(text="selectors: {openshift: {load: 'job=\"windows\"'}}\n", directory="own", name="selectors.yaml")
    assert 'job="windows"' in load_catalogue([directory, own]).metric("load").query


def test_a_flavour_like_another_has_its_selectors_and_lacks_domains_with_a_reason(directory: Path) -> None:
    edge = load_catalogue([directory], "edge")
    assert edge.metric("load").query == load_catalogue([directory]).metric("load").query
    assert edge.without == {"disk": "it has none"}
    assert {metric.absent_means for metric in edge.of_domain("disk")} == {"not_applicable"}
    assert edge.metric("load").absent_means == "missing"


def test_a_flavour_like_one_that_is_not_there_is_refused(directory: Path, write: Write, refusal: Refusal) -> None:
    write(("like: openshift", "like: openshfit"), text=SHARED, name="selectors.yaml")
    assert refusal(lambda: load_catalogue([directory]))[1:] == [
        "metrics/selectors.yaml:5: flavours.edge.like: expected one of openshift, found 'openshfit'; "
        "did you mean 'openshift'?"
    ]


def test_a_flavour_without_a_domain_that_is_not_there_is_refused(
    directory: Path, write: Write, refusal: Refusal
) -> None:
    write(("{disk: it has none}", "{disc: it has none}"), text=SHARED, name="selectors.yaml")
    assert refusal(lambda: load_catalogue([directory]))[1:] == [
        "metrics/selectors.yaml:6: flavours.edge.without: expected one of disk, etcd, node, node-exporter, "
        "found 'disc'; did you mean 'disk'?"
    ]


@pytest.mark.parametrize("flavour", ["hosted", "microshift"])
def test_etcd_is_not_applicable_where_the_cluster_has_none_of_its_own(flavour: str) -> None:
    catalogue = load_catalogue([metrics_directory()], flavour)
    assert "etcd" in catalogue.without
    assert {metric.absent_means for metric in catalogue.of_domain("etcd")} == {"not_applicable"}


def test_a_flavour_may_lack_a_scrape_job(directory: Path, write: Write) -> None:
    write(("{disk: it has none}", "{node-exporter: it has none}"), text=SHARED, name="selectors.yaml")
    assert load_catalogue([directory], "edge").metric("load").absent_means == "not_applicable"


def test_the_shipped_flavours_have_the_same_metrics(shipped: Catalogue) -> None:
    names = [metric.name for metric in shipped.metrics]
    for flavour in ("kubernetes", "hosted", "microshift"):
        assert [metric.name for metric in load_catalogue([metrics_directory()], flavour).metrics] == names
