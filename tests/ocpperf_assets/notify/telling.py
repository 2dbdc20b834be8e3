"""The targets told of a published warehouse, as the sensor's run and the command do it."""

from collections.abc import Callable
from datetime import UTC, datetime

import dagster as dg
import typer
from typer.testing import CliRunner, Result

from ocpperf_assets.cli import notify
from ocpperf_assets.notify import sensor
from ocpperf_assets.notify.deliver import deliver
from ocpperf_assets.notify.outcome import Outcome
from ocpperf_assets.notify.send import Patience
from ocpperf_assets.notify.targets import configured_targets
from ocpperf_assets.settings import Settings

NOON, NIGHT = datetime(2026, 1, 1, 12, 5, tzinfo=UTC), datetime(2026, 1, 1, 23, 5, tzinfo=UTC)
HASTY = Patience(attempts=2, timeout_s=5, backoff_s=0.01, longest_pause_s=0.01)

Publish = Callable[[str], None]
Configure = Callable[..., None]


def outcomes(now: datetime = NOON, *, at_once: bool = False) -> list[Outcome]:
    """What becomes of each target, as in a process that has just started."""
    settings = Settings()
    return deliver(settings, configured_targets(settings), now, HASTY, at_once=at_once)


def tell(now: datetime = NOON) -> list[str]:
    """The same in a word."""
    return [outcome.state for outcome in outcomes(now)]


def ocpperf_notify(*words: str) -> Result:
    app = typer.Typer()
    app.command()(notify)
    return CliRunner().invoke(app, list(words))


def looked(cursor: str | None, instance: dg.DagsterInstance | None = None) -> tuple[int, str | None, str | None]:
    """Runs that the sensor asks for, its cursor afterwards, and why it asks for none."""
    with instance or dg.DagsterInstance.ephemeral() as known:
        context = dg.build_sensor_context(cursor=cursor, instance=known)
        data = sensor.notify_sensor(dg.DefaultSensorStatus.STOPPED).evaluate_tick(context)
    return len(data.run_requests or ()), data.cursor, data.skip_message


def look(cursor: str | None, now: datetime) -> dg.SensorResult:
    """A look of the sensor at that moment, which was not too early for one."""
    result = sensor.look(cursor, Settings(), now)
    assert isinstance(result, dg.SensorResult), result.skip_message
    return result


def run_keys(result: dg.SensorResult) -> list[str | None]:
    """Of the runs that are asked for."""
    return [request.run_key for request in result.run_requests or ()]
