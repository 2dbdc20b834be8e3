"""The clusters file: what its entries become, and what is said of those that are wrong."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ocpperf_assets.clusters.configured import Clusters, configured_clusters
from ocpperf_assets.knowledge import load_knowledge
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError

FILE = """\
clusters:
  - name: prod-eu
    context: prod-eu
    labels: {env: prod, region: eu}
    overrides:
      - rule: node-load-high
        levels: []
        because: Builds are meant to fill their nodes.
  - name: lab
    prometheus_url: https://prometheus.lab.example:9090
    token_file: /run/secrets/lab
    ca: /etc/lab-ca.pem
    flavour: kubernetes
    namespaces: monitoring|default
    step: 2m
"""
Read = Callable[..., Clusters]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads the file with texts replaced, beside settings of one's own."""

    def read_(*changes: tuple[str, str], **values: object) -> Clusters:
        text = FILE
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} is not there exactly once"
            text = text.replace(old, new)
        (tmp_path / "clusters.yaml").write_text(text, encoding="utf-8")
        return configured_clusters(settings(tmp_path, **values))

    return read_


def settings(tmp_path: Path, **values: Any) -> Settings:
    named: dict[str, Any] = {"_env_file": None, "home": tmp_path, "clusters": tmp_path / "clusters.yaml"} | values
    return Settings(**named)


def refusal(read: Read, *changes: tuple[str, str]) -> str:
    with pytest.raises(OcpperfError) as refused:
        read(*changes)
    return str(refused.value)


def test_each_entry_is_a_cluster_with_its_labels_in_the_order_of_the_file(read: Read) -> None:
    clusters = read()
    assert clusters.names == ("prod-eu", "lab")
    assert clusters.of("prod-eu").labels == {"env": "prod", "region": "eu"}


def test_what_an_entry_says_holds_there_and_what_it_leaves_out_is_as_the_settings_say(read: Read) -> None:
    clusters = read(step=timedelta(seconds=30), prometheus_concurrency=2)
    prod, lab = (cluster.settings for cluster in clusters.each)
    assert (prod.flavour, prod.step, prod.namespaces) == ("openshift", timedelta(seconds=30), None)
    assert (lab.flavour, lab.step, lab.namespaces) == ("kubernetes", timedelta(minutes=2), "monitoring|default")
    assert prod.prometheus_concurrency == lab.prometheus_concurrency == 2
    assert lab.prometheus_token_file == Path("/run/secrets/lab")


def test_a_token_or_an_address_of_the_settings_is_sent_to_none_of_them(read: Read) -> None:
    clusters = read(prometheus_token="of-another-cluster", prometheus_url="http://another:9090", kube_context="another")
    prod, lab = (cluster.settings for cluster in clusters.each)
    assert prod.prometheus_token is lab.prometheus_token is None
    assert prod.prometheus_url is None
    assert (prod.kube_context, lab.kube_context) == ("prod-eu", None)


def test_an_address_alone_leaves_the_kubernetes_api_alone_which_may_be_another_clusters(read: Read) -> None:
    prod, lab = (cluster.settings for cluster in read().each)
    assert (prod.kubernetes, lab.kubernetes) == (True, False)


def test_without_a_file_there_is_the_one_cluster_of_the_settings(tmp_path: Path) -> None:
    alone = settings(tmp_path, clusters=None, cluster="only")
    assert configured_clusters(alone).names == ("only",)
    assert configured_clusters(alone).of("only").settings == alone


def test_each_cluster_is_asked_as_its_flavour_and_namespaces_say(read: Read, tmp_path: Path) -> None:
    read()
    knowledge = load_knowledge(settings(tmp_path))
    prod, lab = (
        knowledge.catalogue_of(name).metric("container_cpu_usage_percent").query for name in ("prod-eu", "lab")
    )
    assert 'namespace=~"monitoring|default"' in lab
    assert prod != lab
    assert knowledge.catalogue_of("prod-eu").version == knowledge.catalogue.version


def test_overrides_hold_in_their_cluster_alone(read: Read, tmp_path: Path) -> None:
    read()
    rules = {rule.rule: rule for rule in load_knowledge(settings(tmp_path)).rules}
    assert [(one.clusters, one.levels) for one in rules["node-load-high"].overrides] == [(("prod-eu",), ())]


def test_the_nearest_name_is_told_for_one_that_is_none(read: Read) -> None:
    with pytest.raises(OcpperfError, match=r"No cluster is named 'prod-ue'\. Did you mean 'prod-eu'\?"):
        read().of("prod-ue")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("name: lab", "name: prod-eu", "clusters.yaml:9: prod-eu: duplicate name, first used at "),
        ("name: lab", "name: 'a|b'", "name: expected text matching"),
        ("flavour: kubernetes", "flavor: kubernetes", "lab: flavor: unknown field; did you mean 'flavour'?"),
        ("step: 2m", "step: often", "lab: step: expected a duration like 30s, 5m or 1h30m, found 'often'"),
        ("https://prometheus.lab.example:9090", "prometheus.lab", "prometheus_url: it does not begin with http:// or"),
        ("rule: node-load-high", "rule: node-load-hihg", "node-load-hihg: rule: there is no rule 'node-load-hihg'"),
        ("clusters:\n", "cluster:\n", "clusters.yaml:1: cluster: unknown field; did you mean 'clusters'?"),
    ],
)
def test_one_line_says_what_is_wrong_and_where(read: Read, tmp_path: Path, old: str, new: str, said: str) -> None:
    def load() -> None:
        read((old, new))
        load_knowledge(settings(tmp_path))

    with pytest.raises(OcpperfError) as refused:
        load()
    assert said in refused.value.what


def test_two_names_for_one_cluster_are_refused(tmp_path: Path) -> None:
    entries = "clusters: [{name: a, context: admin}, {name: b, context: admin, labels: {env: lab}}]\n"
    (tmp_path / "clusters.yaml").write_text(entries, encoding="utf-8")
    with pytest.raises(OcpperfError, match="b: reached as a is; give it a context or a prometheus_url of its own"):
        configured_clusters(settings(tmp_path))


def test_a_token_in_the_file_is_refused_and_not_shown(read: Read) -> None:
    said = refusal(read, ("token_file: /run/secrets/lab", "token: sha256~planted"))
    assert "lab: token: a token does not stand in this file; write it to one of its own, named in token_file" in said
    assert "planted" not in said


def test_a_file_that_is_not_there_or_has_no_cluster_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OcpperfError, match=r"cannot be read: No such file or directory\. Correct OCPPERF_CLUSTERS"):
        configured_clusters(settings(tmp_path))
    (tmp_path / "clusters.yaml").write_text("clusters: []\n", encoding="utf-8")
    with pytest.raises(OcpperfError, match="expected at least one cluster"):
        configured_clusters(settings(tmp_path))
