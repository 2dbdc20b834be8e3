"""From the published warehouse to the channel: told once, over restarts, by the command and by the sensor's job."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest
import typer
import yaml
from typer.testing import CliRunner, Result

from ocpperf_assets.cli import notify
from ocpperf_assets.notify import sensor
from ocpperf_assets.notify.deliver import deliver, pending
from ocpperf_assets.notify.send import Patience
from ocpperf_assets.notify.targets import configured_targets
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.directories import make_directory
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from tests.doubles.webhooks import SECRET, Reply, Webhooks
from tests.ocpperf_assets.notify.hours import BUSIER, BUSY, CALM, TABLES, case
from tests.planted import found_in
from tests.sql.folder_case import publish_case

NOON, NIGHT = datetime(2026, 1, 1, 12, 5, tzinfo=UTC), datetime(2026, 1, 1, 23, 5, tzinfo=UTC)
HASTY = Patience(attempts=2, timeout_s=5, backoff_s=0.01, longest_pause_s=0.01)
DAY = {"busy": [CALM, BUSY], "busier": [CALM, BUSY, BUSIER], "over": [CALM, BUSY, BUSIER, CALM]}

Publish = Callable[[str], None]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Home]:
    """A warehouse as it is published after each of the hours."""
    root = tmp_path_factory.mktemp("day")
    return {name: publish_case(Home(root / name), case(hours), *TABLES) for name, hours in DAY.items()}


@pytest.fixture
def publish(day: dict[str, Home], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Publishes the warehouse of an hour in a home of the test's own, which keeps its state."""
    home = Home(tmp_path / "home")
    home.root.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OCPPERF_HOME", str(home.root))

    def switch(name: str) -> None:
        home.link.unlink(missing_ok=True)
        home.link.symlink_to(day[name].link.resolve())

    return switch


@pytest.fixture
def configure(webhooks: Webhooks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Writes the targets file; each entry says what differs from a webhook that is told everything."""

    def write(*entries: dict[str, object]) -> None:
        reached = [{"name": name, "prometheus_url": f"http://{name}.example:9090"} for name in ("c1", "c2")]
        (tmp_path / "clusters.yaml").write_text(yaml.safe_dump({"clusters": reached}))
        targets = []
        for place, entry in enumerate(entries or ({},)):
            kind = str(entry.get("kind", "webhook"))
            (tmp_path / f"url-{kind}").write_text(webhooks.address(kind))
            targets.append({"name": f"t{place}", "kind": kind, "url_file": str(tmp_path / f"url-{kind}")} | entry)
        (tmp_path / "notify.yaml").write_text(yaml.safe_dump({"targets": targets}))

    monkeypatch.setenv("OCPPERF_NOTIFY", str(tmp_path / "notify.yaml"))
    monkeypatch.setenv("OCPPERF_CLUSTERS", str(tmp_path / "clusters.yaml"))
    write()
    return write


def tell(now: datetime = NOON) -> list[str]:
    """What becomes of each target, as in a process that has just started."""
    settings = Settings()
    return [deliver(settings, target, now, HASTY).state for target in configured_targets(settings)]


def ocpperf_notify(*words: str) -> Result:
    app = typer.Typer()
    app.command()(notify)
    return CliRunner().invoke(app, list(words))


@pytest.mark.usefixtures("configure")
def test_new_worsened_and_resolved_are_each_told_once_over_restarts(publish: Publish, webhooks: Webhooks) -> None:
    states = []
    for hour in ("busy", "busy", "busier", "busier", "over", "over"):
        publish(hour)
        states += tell()
    nothing = "nothing new"
    assert states == ["told", nothing, "told", nothing, "told", nothing]
    told = [[(one["entity"], one["severity"]) for one in payload[name]] for payload, name in zip(
        webhooks.taken, ("new", "worsened", "resolved"), strict=True)]  # fmt: skip
    assert told == [[("n1", "warning")], [("n1", "critical")], [("n1", "critical")]]


def test_each_target_is_told_of_what_it_asked_for(
    publish: Publish, configure: Callable[..., None], webhooks: Webhooks
) -> None:
    configure({"severity": "critical"}, {"clusters": ["c2"]}, {"kind": "slack"}, {"kind": "teams"})
    publish("busy")
    assert tell() == ["nothing new", "nothing new", "told", "told"]
    publish("busier")
    assert tell() == ["told", "nothing new", "told", "told"]
    assert len(webhooks.taken) == 5


@pytest.mark.usefixtures("configure")
def test_a_digest_that_was_not_taken_is_told_the_next_time(publish: Publish, webhooks: Webhooks) -> None:
    publish("busy")
    webhooks.replies.extend([Reply(503), Reply(503)])
    assert tell() == ["failed"]
    assert tell() == ["told"]


def test_a_target_that_is_away_costs_the_others_nothing(
    publish: Publish, configure: Callable[..., None], webhooks: Webhooks
) -> None:
    configure({"url_file": "gone"}, {})
    publish("busy")
    assert tell() == ["failed", "told"]
    assert len(webhooks.taken) == 1


def test_in_quiet_hours_nothing_is_told_but_to_who_is_on_duty_and_what_is_news_afterwards_is(
    publish: Publish, configure: Callable[..., None], webhooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCPPERF_NOTIFY_QUIET", "22:00-06:00")
    configure({}, {"quiet": False})
    publish("busy")
    assert tell(NIGHT) == ["quiet", "told"]
    publish("busier")
    assert tell(NOON) == ["told", "told"]
    assert [len(payload["new"]) for payload in webhooks.taken] == [1, 1, 0]


@pytest.mark.usefixtures("configure")
def test_what_began_and_ended_in_quiet_hours_is_no_news(publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCPPERF_NOTIFY_QUIET", "22:00-06:00")
    publish("busy")
    assert tell(NIGHT) == ["quiet"]
    publish("over")
    assert tell(NOON) == ["nothing new"]


@pytest.mark.usefixtures("configure")
def test_the_newest_report_of_the_cluster_is_linked(
    publish: Publish, webhooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("busy")
    reports = Settings().paths.exports / "reports" / "c1"
    reports.mkdir(parents=True)
    for name in ("2025-12-30-daily.html", "2025-12-31-daily.html", "2025-12-31-daily.json", "notes.html"):
        (reports / name).touch()
    assert pending(Settings(), configured_targets(Settings())[0], NOON).digest.clusters == ("c1",)
    monkeypatch.setenv("OCPPERF_REPORTS_URL", "https://reports.example/ocpperf/")
    tell()
    assert webhooks.taken[0]["reports"] == {"c1": "https://reports.example/ocpperf/c1/2025-12-31-daily.html"}


@pytest.mark.usefixtures("configure")
def test_a_dry_run_prints_what_would_be_sent_and_neither_sends_nor_remembers(
    publish: Publish, webhooks: Webhooks
) -> None:
    publish("busy")
    first, again = ocpperf_notify("--dry-run"), ocpperf_notify("--dry-run")
    assert first.output == again.output
    line, _, payload = first.output.partition("\n")
    assert line == "t0: 1 new; it would be sent:"
    assert json.loads(payload)["new"][0]["entity"] == "n1"
    assert webhooks.asked == 0
    assert SECRET not in first.output


@pytest.mark.usefixtures("configure")
def test_the_command_tells_and_its_exit_code_says_whether_all_were(publish: Publish, webhooks: Webhooks) -> None:
    publish("busy")
    webhooks.replies.append(Reply(404, "no_service"))
    failed = ocpperf_notify()
    assert (failed.exit_code, "HTTP 404, no_service" in failed.output) == (3, True)
    assert ocpperf_notify().output == "t0: 1 new; told.\n"
    assert ocpperf_notify().output == "t0: nothing new.\n"


def test_without_targets_clusters_or_a_warehouse_the_command_says_what_to_do(
    publish: Publish, configure: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = ocpperf_notify().exception
    assert isinstance(missing, OcpperfError)
    assert missing.what.startswith("There is no warehouse at")
    configure({"clusters": ["c1", "c11"]})
    unknown = ocpperf_notify().exception
    assert isinstance(unknown, OcpperfError)
    assert "Target t0 in " in unknown.what
    assert "No cluster is named 'c11'." in unknown.what
    monkeypatch.delenv("OCPPERF_NOTIFY")
    unset = ocpperf_notify().exception
    assert isinstance(unset, OcpperfError)
    assert unset.what == "OCPPERF_NOTIFY names no file of targets."


def looked(cursor: str | None) -> tuple[int, str | None, str | None]:
    """Runs that the sensor asks for, its cursor afterwards, and why it asks for none."""
    context = dg.build_sensor_context(cursor=cursor)
    data = sensor.notify_sensor(dg.DefaultSensorStatus.STOPPED).evaluate_tick(context)
    return len(data.run_requests or ()), data.cursor, data.skip_message


@pytest.mark.usefixtures("configure")
def test_the_sensor_asks_for_a_run_for_news_of_a_version_and_its_run_tells_it(
    publish: Publish, webhooks: Webhooks
) -> None:
    publish("busy")
    assert looked(None) == (1, "1", None)
    assert looked("1") == (0, "1", "Nothing was published since version 1.")
    assert sensor.notify_job.execute_in_process().success
    assert len(webhooks.taken) == 1
    assert looked("0") == (0, "1", "Version 1 has no news.")


@pytest.mark.usefixtures("configure")
def test_no_run_leaves_the_address_in_what_is_kept_or_told(
    publish: Publish, webhooks: Webhooks, capfd: pytest.CaptureFixture[str]
) -> None:
    publish("busy")
    home = Settings().paths
    webhooks.replies.append(Reply(404))
    with dg.DagsterInstance.local_temp(str(make_directory(home.dagster))) as instance:
        failed = sensor.notify_job.execute_in_process(instance=instance, raise_on_error=False)
        events = " ".join(str(record) for record in instance.all_logs(failed.run_id))
        assert sensor.notify_job.execute_in_process(instance=instance).success
    assert not failed.success
    assert "did not take the digest: HTTP 404" in events
    assert found_in(home.root, ("did not take the digest",)), "the run is kept"
    assert found_in(home.root, (SECRET,)) == []
    assert SECRET not in "".join(capfd.readouterr())


@pytest.mark.usefixtures("configure")
def test_while_news_waits_the_sensor_looks_again(publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    publish("busy")
    monkeypatch.setenv("OCPPERF_NOTIFY_QUIET", "22:00-06:00")
    waits = sensor.look("0", Settings(), NIGHT)
    assert isinstance(waits, dg.SkipReason), "so the cursor stays where it is"
    assert waits.skip_message == "What is new waits for the end of the quiet hours."
    asked = sensor.look("0", Settings(), NOON)
    assert isinstance(asked, dg.SensorResult)
    assert [request.run_key for request in asked.run_requests or ()] == ["notify|1"]


def test_the_sensor_skips_with_a_reason_without_targets_or_a_warehouse(
    publish: Publish, configure: Callable[..., None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "There is no warehouse at" in str(looked(None)[2])
    shutil.copy(tmp_path / "notify.yaml", tmp_path / "faulty.yaml")
    (tmp_path / "faulty.yaml").write_text("targets: 3\n")
    monkeypatch.setenv("OCPPERF_NOTIFY", str(tmp_path / "faulty.yaml"))
    assert "The targets file has 1 fault" in str(looked(None)[2])
    monkeypatch.delenv("OCPPERF_NOTIFY")
    assert looked(None)[2] == "OCPPERF_NOTIFY names no file of targets."
