"""What Dagster is shown: assets, partitions, checks, lineage, the schedule."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph
from dagster._core.definitions.freshness import TimeWindowFreshnessPolicy

from ocpperf_assets.assets.lineage import is_shown, model_key
from ocpperf_assets.definitions import build_definitions
from ocpperf_assets.knowledge import load_knowledge
from ocpperf_assets.reporting.asset import REPORT
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import floor_hour
from tests.ocpperf_assets.assets.snapshot import SNAPSHOT, written
from tests.test_readme import blocks


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("OCPPERF_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OCPPERF_CLUSTER", "lab")
    return Settings()


@pytest.fixture
def graph(settings: Settings) -> AssetGraph:
    return build_definitions(settings).get_repository_def().asset_graph


def named(keys: set[dg.AssetKey]) -> set[str]:
    return {key.to_user_string() for key in keys}


def all_upstream(graph: AssetGraph, key: str) -> set[str]:
    """Everything an asset rests on, however far away."""
    found: set[dg.AssetKey] = set()
    waiting = [dg.AssetKey.from_user_string(key)]
    while waiting:
        parents = set(graph.get(waiting.pop()).parent_keys) - found
        found |= parents
        waiting += parents
    return named(found)


def test_domains_models_and_what_is_published_are_assets(graph: AssetGraph) -> None:
    keys = named(set(graph.get_all_asset_keys()))
    assert {"raw/etcd", "raw/disk", "raw/node", "raw/raw_series", "published"} <= keys
    assert {"dim/dim_node", "fct/fct_metric_5m", "fct/fct_bottleneck", "rpt/rpt_findings", "rpt/rpt_latency"} <= keys
    assert not [key for key in keys if key.startswith(("macro/", "checks/"))], "helpers and checks are no assets"


def test_every_asset_is_described_and_all_but_the_report_are_partitioned_by_cluster_and_hour(graph: AssetGraph) -> None:
    report = graph.get(REPORT)
    assert report.description
    assert report.partitions_def == dg.StaticPartitionsDefinition(["lab"])
    for key in set(graph.get_all_asset_keys()) - {REPORT}:
        node = graph.get(key)
        assert isinstance(node.partitions_def, dg.MultiPartitionsDefinition), key
        assert node.partitions_def.partition_dimension_names == ["cluster", "hour"]
        assert node.description, key
        if not node.is_virtual:
            assert node.backfill_policy == dg.BackfillPolicy.single_run()


def test_views_are_shown_and_never_run(graph: AssetGraph) -> None:
    virtual = named({key for key in graph.get_all_asset_keys() if graph.get(key).is_virtual})
    assert {"rpt/rpt_findings", "rpt/rpt_latency", "raw/raw_series", "rpt/wal_fsync_p99_latency"} <= virtual
    assert not virtual & named(set(graph.executable_asset_keys))
    assert {"raw/etcd", "dim/dim_node", "fct/fct_bottleneck", "published"}.isdisjoint(virtual)


def test_every_asset_has_owner_layer_and_kind_and_names_the_file_it_is_written_in(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCPPERF_OWNERS", "team:sre, lead@example.com")
    graph = build_definitions(Settings()).get_repository_def().asset_graph
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.owners == ["team:sre", "lead@example.com"]
        assert node.tags["layer"] == key.path[0]
        assert node.kinds
        if key != dg.AssetKey("published"):
            (reference,) = node.metadata["dagster/code_references"].code_references
            assert Path(reference.file_path).is_file()


def test_every_model_that_is_shown_tells_what_a_row_is_and_what_it_is_made_of(
    graph: AssetGraph, settings: Settings
) -> None:
    shown = [model for model in load_knowledge(settings).models if is_shown(model)]
    assert len(shown) > 30
    for model in shown:
        node = graph.get(model_key(model))
        description = str(node.description)
        assert model.description
        assert description.lower().startswith(model.description.lower())
        assert model.grain
        assert f"Grain: {model.grain}." in description
        assert model.body in description
        assert node.group_name == model.folder
        (reference,) = node.metadata["dagster/code_references"].code_references
        assert reference.file_path == str(model.path)
        assert (node.freshness_policy is not None) == model.is_table


def test_every_table_is_checked_and_every_fact_for_more_than_its_keys(graph: AssetGraph, settings: Settings) -> None:
    checks: dict[str, set[str]] = {}
    for key in graph.asset_check_keys:
        checks.setdefault(key.asset_key.to_user_string(), set()).add(key.name)
    tables = [model for model in load_knowledge(settings).models if is_shown(model) and model.is_table]
    for model in tables:
        assert f"check_{model.name}_keys" in checks[f"{model.folder}/{model.name}"]
    facts = {f"fct/{model.name}" for model in tables if model.folder == "fct"}
    assert {name for name in facts if len(checks[name]) < 2} == set()


def test_domains_that_are_refreshed_must_be_fresher_than_those_that_wait_for_the_hour(graph: AssetGraph) -> None:
    def late_after(key: str) -> timedelta:
        policy = graph.get(dg.AssetKey.from_user_string(key)).freshness_policy
        assert isinstance(policy, TimeWindowFreshnessPolicy)
        return policy.fail_window.to_timedelta()

    assert late_after("raw/etcd") == late_after("fct/fct_bottleneck") == timedelta(hours=2)
    assert late_after("raw/disk") == timedelta(hours=3)
    assert graph.get(dg.AssetKey(["rpt", "rpt_findings"])).freshness_policy is None, "a view is as fresh as its tables"
    assert graph.get(REPORT).freshness_policy is None, "a report is of its window"


def test_the_hours_offered_reach_from_history_to_the_open_one(graph: AssetGraph) -> None:
    keys = graph.get(dg.AssetKey(["raw", "etcd"])).partitions_def
    assert keys
    newest = floor_hour(datetime.now(UTC))
    offered = keys.get_partition_keys()
    assert offered[-1] in (f"lab|{newest:%Y-%m-%d-%H:%M}", f"lab|{newest - timedelta(hours=1):%Y-%m-%d-%H:%M}")
    assert len(offered) > 15 * 24


def test_lineage_follows_the_sql(graph: AssetGraph) -> None:
    assert "fct/fct_bottleneck" in all_upstream(graph, "rpt/rpt_findings")
    assert {"raw/etcd", "raw/node", "dim/dim_rule"} <= all_upstream(graph, "fct/fct_bottleneck")
    assert "fct/fct_bottleneck" not in all_upstream(graph, "fct/fct_metric_hourly")
    everything = named(set(graph.get_all_asset_keys()) - {REPORT}) - {"published"}
    assert all_upstream(graph, "published") == everything


def test_checks_stand_on_the_table_they_are_about(graph: AssetGraph) -> None:
    checks = {key.name: key.asset_key.to_user_string() for key in graph.asset_check_keys}
    assert checks["check_fct_latency_hourly_ordered"] == "fct/fct_latency_hourly"
    assert checks["check_fct_bottleneck_keys"] == "fct/fct_bottleneck"
    assert checks["check_dim_rule_duration"] == "dim/dim_rule"
    assert checks["check_raw_extraction_keys"] == "published", "raw tables are filled by other steps"


def requested(settings: Settings, name: str, tick: datetime) -> list[tuple[str | None, str | None]]:
    """Run keys and partitions that a schedule asks for at the moment."""
    definitions = build_definitions(settings)
    context = dg.build_schedule_context(scheduled_execution_time=tick, repository_def=definitions.get_repository_def())
    data = definitions.resolve_schedule_def(name).evaluate_tick(context)
    return [(request.run_key, request.partition_key) for request in data.run_requests or ()]


def test_three_minutes_past_the_hour_that_has_closed_is_collected(settings: Settings) -> None:
    assert build_definitions(settings).resolve_schedule_def("closed_hour").cron_schedule == "3 * * * *"
    asked = requested(settings, "closed_hour", datetime(2026, 11, 24, 7, 3, tzinfo=UTC))
    assert asked == [("lab|2026-11-24-06:00", "lab|2026-11-24-06:00")]


@pytest.mark.parametrize(("minute", "hour"), [(5, "07"), (55, "07"), (0, "06")])
def test_every_five_minutes_the_hour_with_something_new_is_refreshed(
    settings: Settings, minute: int, hour: str
) -> None:
    asked = requested(settings, "open_hour", datetime(2026, 11, 24, 7, minute, tzinfo=UTC))
    assert asked == [(f"lab|2026-11-24-07:{minute:02}", f"lab|2026-11-24-{hour}:00")]


def test_a_refresh_leaves_out_the_domains_that_wait(settings: Settings) -> None:
    job = build_definitions(settings).resolve_job_def("refresh")
    keys = named(set(job.asset_layer.executable_asset_keys))
    assert "raw/etcd" in keys
    assert {"raw/disk", "raw/node"}.isdisjoint(keys)
    assert "published" in keys


@pytest.mark.parametrize("running", [True, False])
def test_schedules_start_by_themselves_where_the_settings_say_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, running: bool
) -> None:
    monkeypatch.setenv("OCPPERF_SCHEDULES", str(int(running)))
    schedules = build_definitions(Settings()).get_repository_def().schedule_defs
    assert {schedule.default_status is dg.DefaultScheduleStatus.RUNNING for schedule in schedules} == {running}


def test_every_domain_has_a_coverage_check_and_every_objective_one_of_its_own(graph: AssetGraph) -> None:
    found = {(key.asset_key.to_user_string(), key.name) for key in graph.asset_check_keys}
    assert {("raw/etcd", "coverage"), ("raw/disk", "coverage"), ("raw/node", "coverage")} <= found
    assert ("raw/etcd", "objective_disk_wal_fsync_seconds") in found
    assert ("raw/etcd", "objective_disk_wal_fsync_seconds_duration_p99") not in found, "its bucket family is judged"


def test_every_rule_has_a_check_on_the_domain_of_its_metric_that_says_its_limits(
    graph: AssetGraph, settings: Settings
) -> None:
    knowledge = load_knowledge(settings)
    assert knowledge.rules
    for rule in knowledge.rules:
        domain = knowledge.catalogue.metric(rule.metric).domain
        key = dg.AssetCheckKey(dg.AssetKey(["raw", domain]), f"rule_{rule.rule.replace('-', '_')}")
        spec = graph.get_check_spec(key)
        assert not spec.blocking
        assert f"{rule.levels[0].severity} {rule.direction} {rule.levels[0].value:g}" in str(spec.description)


def test_a_rule_of_ones_own_has_a_check_too(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "rules"
    own.mkdir()
    (readme,) = [text for text in blocks("yaml") if text.startswith("rules:")]
    (own / "disk.yaml").write_text(readme)
    monkeypatch.setenv("OCPPERF_RULES", str(own))
    keys = build_definitions(Settings()).get_repository_def().asset_graph.asset_check_keys
    assert dg.AssetCheckKey(dg.AssetKey(["raw", "disk"]), "rule_disk_queue_long") in keys


def test_checks_judge_a_whole_run_since_dagster_shows_those_with_partitions_as_skipped(graph: AssetGraph) -> None:
    assert {graph.get(key).partitions_def for key in graph.asset_check_keys} == {None}


def test_a_faulty_catalogue_stops_the_code_location_in_a_sentence(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "metrics"
    own.mkdir()
    (own / "etcd.yaml").write_text("domain: etcd\nmetrics: [{name: x}]\n")
    monkeypatch.setenv("OCPPERF_METRICS", str(own))
    with pytest.raises(OcpperfError, match=r"etcd\.yaml:2: x: title: the field is missing"):
        build_definitions(Settings())


def test_the_graph_is_the_one_that_was_reviewed(settings: Settings) -> None:
    assert written(build_definitions(settings)) == SNAPSHOT.read_text(encoding="utf-8"), (
        "the graph changed; if that is meant: python -m tests.ocpperf_assets.assets.snapshot"
    )
