"""From the published warehouse to the channel: told once, over restarts, by the command and by the sensor's job."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from ocpperf_assets.notify import sensor
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.directories import make_directory
from ocpperf_mcp.contracts.errors import OcpperfError
from tests.doubles.webhooks import SECRET, Reply, Webhooks
from tests.ocpperf_assets.notify.telling import NIGHT, NOON, Configure, Publish, looked, ocpperf_notify, tell
from tests.planted import found_in

MORNING = NIGHT + timedelta(hours=7)


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


def test_each_target_is_told_of_what_it_asked_for(publish: Publish, configure: Configure, webhooks: Webhooks) -> None:
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
    assert tell(NOON) == ["failed"]
    assert tell(NIGHT) == ["told"]


def test_a_target_that_is_away_costs_the_others_nothing(
    publish: Publish, configure: Configure, webhooks: Webhooks
) -> None:
    configure({"url_file": "gone"}, {})
    publish("busy")
    assert tell() == ["failed", "told"]
    assert len(webhooks.taken) == 1


def test_in_quiet_hours_nothing_is_told_but_to_who_is_on_duty_and_what_is_news_afterwards_is(
    publish: Publish, configure: Configure, webhooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCPPERF_NOTIFY_QUIET", "22:00-06:00")
    configure({}, {"quiet": False})
    publish("busy")
    assert tell(NIGHT) == ["quiet", "told"]
    publish("busier")
    assert tell(NOON) == ["told", "told"]
    at_night, *at_noon = [len(payload["new"]) for payload in webhooks.taken]
    assert (at_night, sorted(at_noon)) == (1, [0, 1])


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
    publish: Publish, configure: Configure, monkeypatch: pytest.MonkeyPatch
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


@pytest.mark.usefixtures("configure")
def test_the_sensor_asks_for_a_run_for_news_of_a_version_and_its_run_tells_it(
    publish: Publish, webhooks: Webhooks
) -> None:
    publish("busy")
    asked, cursor, _ = looked(None)
    assert asked == 1
    assert looked(cursor) == (0, cursor, "Nothing was published since version 1, and nothing that waits is due.")
    assert sensor.notify_job.execute_in_process().success
    assert len(webhooks.taken) == 1
    assert looked("0")[::2] == (0, "Version 1 has no news.")


@pytest.mark.usefixtures("configure")
def test_no_run_leaves_the_address_in_what_is_kept_or_told(
    publish: Publish, webhooks: Webhooks, capfd: pytest.CaptureFixture[str]
) -> None:
    publish("busy")
    home = Settings().paths
    with dg.DagsterInstance.local_temp(str(make_directory(home.dagster))) as instance:
        assert sensor.notify_job.execute_in_process(instance=instance).success
        publish("busier")
        webhooks.replies.append(Reply(404))
        failed = sensor.notify_job.execute_in_process(instance=instance, raise_on_error=False)
        events = " ".join(str(record) for record in instance.all_logs(failed.run_id))
    assert (len(webhooks.taken), webhooks.asked) == (1, 2)
    assert not failed.success
    assert "did not take the digest: HTTP 404" in events
    assert found_in(home.root, ("did not take the digest",)), "the run is kept"
    assert found_in(home.root, (SECRET,)) == []
    assert SECRET not in "".join(capfd.readouterr())


@pytest.mark.usefixtures("configure")
def test_while_news_waits_the_sensor_looks_again(publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    publish("busy")
    monkeypatch.setenv("OCPPERF_NOTIFY_QUIET", "22:00-06:00")
    waits = sensor.look(None, Settings(), NIGHT)
    assert isinstance(waits, dg.SensorResult)
    assert waits.skip_reason
    assert waits.skip_reason.skip_message == "t0: 1 new; it waits for the end of the quiet hours."
    asked = sensor.look(waits.cursor, Settings(), MORNING)
    assert isinstance(asked, dg.SensorResult)
    assert len(asked.run_requests or ()) == 1


def test_the_sensor_skips_with_a_reason_without_targets_or_a_warehouse(
    publish: Publish, configure: Configure, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "There is no warehouse at" in str(looked(None)[2])
    shutil.copy(tmp_path / "notify.yaml", tmp_path / "faulty.yaml")
    (tmp_path / "faulty.yaml").write_text("targets: 3\n")
    monkeypatch.setenv("OCPPERF_NOTIFY", str(tmp_path / "faulty.yaml"))
    assert "The targets file has 1 fault" in str(looked(None)[2])
    monkeypatch.delenv("OCPPERF_NOTIFY")
    assert looked(None)[2] == "OCPPERF_NOTIFY names no file of targets."
