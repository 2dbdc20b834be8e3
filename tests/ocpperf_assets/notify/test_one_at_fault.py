"""What is wrong with one target is its own failure: the others are told, by the command, the run and the sensor."""

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from ocpperf_assets.notify import sensor
from ocpperf_assets.notify.deliver import deliver_one
from ocpperf_assets.notify.reading import read_all
from ocpperf_assets.notify.targets import configured_targets
from ocpperf_assets.settings import Settings
from tests.doubles.webhooks import Reply, Webhooks
from tests.ocpperf_assets.notify.telling import (
    HASTY,
    NOON,
    Configure,
    Publish,
    look,
    looked,
    ocpperf_notify,
    outcomes,
    run_keys,
    tell,
)  # fmt: skip

Fault = Callable[[Configure, Path], str]
"""Configures two targets, the first of which is at fault; the sentence that says so."""


def damaged_memory(configure: Configure, root: Path) -> str:
    configure({}, {})
    return _memory(root, lambda path: path.write_text("{"), "cannot be read as what ocpperf wrote. Mend it")


def other_memory(configure: Configure, root: Path) -> str:
    configure({}, {})
    return _memory(root, lambda path: path.write_text('[{"name": "n1"}]'), "cannot be read as what ocpperf wrote.")


def closed_memory(configure: Configure, root: Path) -> str:
    configure({}, {})
    return _memory(root, lambda path: path.mkdir(), "cannot be read: Is a directory. Make it readable")


def _memory(root: Path, damage: Callable[[Path], object], sentence: str) -> str:
    path = root / "home" / "state" / "notified" / "t0.json"
    path.parent.mkdir(parents=True)
    damage(path)
    return f"{path} {sentence}"


def no_template(configure: Configure, _root: Path) -> str:
    configure({"template": "gone.j2"}, {})
    return "The template gone.j2 cannot be read. Point `template` at a readable file."


def failing_template(configure: Configure, root: Path) -> str:
    (root / "own.j2").write_text('{"first": {{ new[0] + 1 }}}')
    configure({"template": "own.j2"}, {})
    return "The template own.j2 cannot be rendered: unsupported operand"


def no_address_file(configure: Configure, _root: Path) -> str:
    configure({"url_file": "gone"}, {})
    return "The file gone of target t0 cannot be read. Point its url_file at a readable file"


def no_address_variable(configure: Configure, _root: Path) -> str:
    configure({"url_file": None, "url_variable": "NOBODY_SET_IT"}, {})
    return "The variable NOBODY_SET_IT of target t0 holds no address."


FAULTS = [
    damaged_memory, other_memory, closed_memory, no_template, failing_template, no_address_file, no_address_variable,
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_the_command_tells_the_others_and_says_it_with_exit_code_3(
    publish: Publish, configure: Configure, webhooks: Webhooks, tmp_path: Path, fault: Fault
) -> None:
    publish("busy")
    sentence = fault(configure, tmp_path)
    done = ocpperf_notify()
    first, second = done.output.splitlines()
    assert done.exit_code == 3
    assert first.startswith("t0: ")
    assert sentence in first
    assert second == "t1: 1 new; told."
    assert len(webhooks.taken) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_a_dry_run_says_the_same_and_sends_nothing(
    publish: Publish, configure: Configure, webhooks: Webhooks, tmp_path: Path, fault: Fault
) -> None:
    publish("busy")
    sentence = fault(configure, tmp_path)
    done = ocpperf_notify("--dry-run")
    first, second, *_ = done.output.splitlines()
    assert done.exit_code == 3
    assert sentence in first
    assert second == "t1: 1 new; it would be sent:"
    assert webhooks.asked == 0


@pytest.mark.parametrize("fault", FAULTS)
def test_the_run_tells_the_others_and_fails_in_its_name(
    publish: Publish, configure: Configure, webhooks: Webhooks, tmp_path: Path, fault: Fault
) -> None:
    publish("busy")
    sentence = fault(configure, tmp_path)
    with dg.DagsterInstance.ephemeral() as instance:
        run = sensor.notify_job.execute_in_process(instance=instance, raise_on_error=False)
        events = " ".join(str(record) for record in instance.all_logs(run.run_id))
    assert not run.success
    assert f"t0: {sentence}" in events or f"t0: 1 new; {sentence}" in events
    assert len(webhooks.taken) == 1


def test_a_target_that_does_not_answer_delays_no_other(
    publish: Publish, configure: Configure, webhooks: Webhooks
) -> None:
    publish("busy")
    configure({}, {})
    webhooks.replies.append(Reply(200, after=webhooks.has_taken))
    assert tell() == ["told", "told"], "who was asked first answered after the other had been told"
    assert len(webhooks.taken) == 1


def test_a_dry_run_looks_at_addresses_though_there_is_no_news(publish: Publish, configure: Configure) -> None:
    publish("calm")
    configure({"url_file": "gone"}, {})
    done = ocpperf_notify("--dry-run")
    assert done.exit_code == 3
    assert done.output.splitlines()[0].startswith("t0: The file gone of target t0 cannot be read.")
    assert done.output.splitlines()[1:] == ["t1: nothing new."]


def test_a_memory_that_cannot_be_written_is_told_as_well(publish: Publish, configure: Configure) -> None:
    publish("busy")
    configure({}, {})
    assert tell() == ["told", "told"]
    kept = Settings().paths.state / "notified"
    (kept / "t0.new").mkdir()
    publish("busier")
    first, second = outcomes()
    assert (first.state, second.state) == ("failed", "told")
    assert first.error.startswith(f"{kept / 't0.json'} cannot be written: Is a directory.")


def test_of_a_memory_that_cannot_be_read_the_sensor_asks_for_one_run_a_day_and_for_news_of_others_at_once(
    publish: Publish, configure: Configure, tmp_path: Path
) -> None:
    publish("busy")
    damaged_memory(configure, tmp_path)
    news = look(None, NOON)
    assert run_keys(news) == [None]
    assert tell() == ["failed", "told"]
    alone = look(None, NOON)
    assert run_keys(alone) == ["notify|t0|2026-01-01"]
    assert run_keys(look(None, NOON.replace(hour=13))) == run_keys(alone), "Dagster starts no second one of that name"
    assert run_keys(look(None, NOON.replace(day=2))) == ["notify|t0|2026-01-02"]


@pytest.mark.usefixtures("configure")
def test_while_a_run_is_under_way_the_sensor_waits_for_its_end(publish: Publish) -> None:
    publish("busy")
    instance = dg.DagsterInstance.ephemeral()
    instance.create_run_for_job(sensor.notify_job, status=dg.DagsterRunStatus.STARTED)
    assert looked(None, instance) == (0, None, "What was asked for last is still being told.")


@pytest.mark.usefixtures("configure")
def test_what_was_told_of_a_newer_version_meanwhile_is_not_forgotten(publish: Publish, webhooks: Webhooks) -> None:
    publish("calm")
    settings = Settings()
    (target,) = configured_targets(settings)
    early = read_all(settings, [target])
    publish("busy")
    assert tell() == ["told"]
    assert deliver_one(settings, target, early, NOON, HASTY, at_once=True).state == "nothing new"
    assert tell() == ["nothing new"], "it is remembered"
    assert len(webhooks.taken) == 1


@pytest.mark.usefixtures("webhooks")
def test_whether_what_each_target_was_told_has_ended_is_found_in_one_reading(
    publish: Publish, configure: Configure
) -> None:
    configure({"severity": "critical"}, {})
    publish("busy")
    assert tell() == ["nothing new", "told"]
    publish("over")
    reading = read_all(Settings(), configured_targets(Settings()))
    assert [episode.ended for episode in reading.standing.episodes] == [True]
    assert tell() == ["nothing new", "told"]
