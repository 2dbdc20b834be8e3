"""`ocpperf catalogue`: what it lists, finds and explains, and how it ends where there is nothing."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from ocpperf_assets.catalogue.locate import metrics_directory
from ocpperf_assets.cli import catalogue as command
from ocpperf_mcp.contracts.errors import OcpperfError
from tests.conftest import shipped_catalogue

Run = Callable[..., Result]
NODE = """\
domain: node
metrics:
  - name: node_softirq
    title: My own soft interrupts
    category: node_usage
    expr: avg by (instance) (rate(node_cpu_seconds_total{$node, mode="softirq", cpu="0"}[$window]))
    unit: ratio
    labels: [instance]
    better: lower
    description: Of the first CPU alone.
"""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    app = typer.Typer()
    app.command()(command)
    return lambda *words: CliRunner().invoke(app, list(words))


def example_of(heading: str) -> str:
    """The first YAML block under a heading of the catalogue's README."""
    text = (metrics_directory() / "README.md").read_text(encoding="utf-8")
    return text.partition(f"{heading}\n")[2].partition("```yaml\n")[2].partition("```")[0]


def refused(result: Result) -> OcpperfError:
    assert isinstance(result.exception, OcpperfError)
    return result.exception


def test_every_metric_is_listed(run: Run) -> None:
    said = run().output
    assert f"{len(shipped_catalogue().metrics)} metrics" in said
    assert all(metric.name in said for metric in shipped_catalogue().metrics)


def test_words_are_searched_in_name_title_category_and_description(run: Run) -> None:
    said = json.loads(run("WAL", "fsync", "--format", "json").output)
    assert "disk_wal_fsync_seconds" in {one["name"] for one in said}
    assert all("fsync" in json.dumps(one).lower() and "wal" in json.dumps(one).lower() for one in said)


def test_a_domain_and_a_tool_narrow_the_list(run: Run) -> None:
    said = json.loads(run("--domain", "disk", "--tool", "get_node_disk_io", "--format", "json").output)
    assert {one["domain"] for one in said} == {"disk"}
    assert all("get_node_disk_io" in one["tools"] for one in said)


def test_a_program_reads_the_names_of_the_rules_too(run: Run) -> None:
    (one,) = json.loads(run("disk_wal_fsync_seconds_duration_p99", "--format", "json").output)
    assert one["rules"] == ["etcd-wal-fsync-slow"]


def test_one_metric_is_explained_with_its_limit_and_its_rules(run: Run) -> None:
    said = run("disk_wal_fsync_seconds").output
    assert "objective:   0.01 seconds, a vendor's recommendation (T2): etcd FAQ" in said
    assert "query:       sum by (pod, le) (increase(etcd_disk_wal_fsync_duration_seconds_bucket{namespace=" in said
    assert "rule:        etcd-wal-fsync-slow, p99: warning above 0.01 seconds" in said
    assert "quantiles:   disk_wal_fsync_seconds_duration_p99" in said
    assert (
        "mean:        disk_wal_fsync_duration_seconds_sum_rate over disk_wal_fsync_duration_seconds_count_rate" in said
    )
    assert "shown by:    get_etcd_disk_wal_fsync" in said


def test_what_is_not_there_ends_in_the_nearest_names(run: Run) -> None:
    fault = refused(run("disk_wal_fsync_second5"))
    assert "metrics has 'disk_wal_fsync_second5' in its name" in fault.what
    assert "disk_wal_fsync_seconds" in fault.next_step


def test_an_unknown_domain_or_tool_is_named(run: Run) -> None:
    assert refused(run("--domain", "discs")).what == "There is no domain 'discs'."
    assert refused(run("--tool", "get_disc")).what == "No metric is shown by a tool 'get_disc'."


def test_a_directory_of_ones_own_adds_a_domain_and_replaces_an_entry(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = len(shipped_catalogue().metrics)
    own = tmp_path / "own"
    own.mkdir()
    (own / "shop.yaml").write_text(example_of("## Your own directory"), encoding="utf-8")
    (own / "node.yaml").write_text(NODE, encoding="utf-8")
    monkeypatch.setenv("OCPPERF_METRICS", str(own))
    assert 'query:       sum by (phase) (kube_pod_status_phase{job="kube-state-metrics", namespace="shop"})' in (
        run("shop_pods").output
    )
    assert "My own soft interrupts" in run("node_softirq").output
    assert f"{shipped + 1} metrics" in run().output


def test_a_misspelt_word_finds_names_that_have_one_like_it(run: Run) -> None:
    assert "fsync" in refused(run("fsinc")).next_step


def test_two_options_that_share_no_metric_are_told_so(run: Run) -> None:
    fault = refused(run("--domain", "etcd", "--tool", "get_alerts"))
    assert fault.what == "No metric of that domain is shown by that tool."


def test_a_search_within_a_domain_proposes_names_of_that_domain(run: Run) -> None:
    fault = refused(run("disk_wal_fsync_seconds", "--domain", "net"))
    assert "disk_wal_fsync_seconds" not in fault.next_step


def test_a_quantile_shows_the_rules_of_its_bucket_family(run: Run) -> None:
    assert "etcd-wal-fsync-slow" in run("disk_wal_fsync_seconds_duration_p99").output
