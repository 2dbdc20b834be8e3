"""The sensor that looks for news after each publication, and the job that tells it."""

from datetime import UTC, datetime

import dagster as dg

from ocpperf_assets.notify.command import said
from ocpperf_assets.notify.deliver import Outcome, deliver, pending
from ocpperf_assets.notify.targets import configured_targets
from ocpperf_assets.settings import Settings
from ocpperf_assets.slots.publication import version_of
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.warehouse import open_published

JOB = "notify"
_RETRIES = {"dagster/max_retries": "2", "dagster/max_runtime": "900"}


@dg.op(description="Send each target of OCPPERF_NOTIFY what is new, worse and over since it was told last.")
def tell_targets(context: dg.OpExecutionContext) -> None:
    """One target that does not take its digest costs the others nothing. Raises dg.Failure in the end."""
    settings = Settings()
    outcomes = [deliver(settings, target, datetime.now(UTC)) for target in configured_targets(settings)]
    for outcome in outcomes:
        context.log.info(said(outcome))
    if failed := [outcome.error for outcome in outcomes if outcome.state == "failed"]:
        raise dg.Failure(" ".join(failed), allow_retries=True)


@dg.job(
    name=JOB,
    description="Tell the targets of OCPPERF_NOTIFY what is news.",
    executor_def=dg.in_process_executor,
    tags=_RETRIES,
)
def notify_job() -> None:
    """The one step."""
    tell_targets()


def notify_sensor(status: dg.DefaultSensorStatus) -> dg.SensorDefinition:
    """Looks once for each published version, and again at news that waits for the end of the quiet hours."""

    @dg.sensor(
        name="tell_news",
        job_name=JOB,
        minimum_interval_seconds=60,
        default_status=status,
        description="After a publication with news in its closed hours, tells the targets of OCPPERF_NOTIFY.",
    )
    def tell_news(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        try:
            return look(context.cursor, Settings(), datetime.now(UTC))
        except OcpperfError as fault:
            return dg.SkipReason(str(fault))

    return tell_news


def look(cursor: str | None, settings: Settings, now: datetime) -> dg.SensorResult | dg.SkipReason:
    """Whether there is something to tell; the cursor is the version in which there was none. Raises OcpperfError."""
    targets = configured_targets(settings)
    if not targets:
        return dg.SkipReason("OCPPERF_NOTIFY names no file of targets.")
    with open_published(settings.paths) as con:
        version = str(version_of(con))
    if version == cursor:
        return dg.SkipReason(f"Nothing was published since version {version}.")
    outcomes = [pending(settings, target, now) for target in targets]
    return _asked(outcomes, version)


def _asked(outcomes: list[Outcome], version: str) -> dg.SensorResult | dg.SkipReason:
    """The cursor stays behind where news waits: the quiet hours may end before anything else is published."""
    states = {outcome.state for outcome in outcomes}
    if "to tell" in states:
        request = dg.RunRequest(run_key=f"{JOB}|{version}")
        return dg.SensorResult(run_requests=[request], cursor=None if "quiet" in states else version)
    if "quiet" in states:
        return dg.SkipReason("What is new waits for the end of the quiet hours.")
    return dg.SensorResult(skip_reason=dg.SkipReason(f"Version {version} has no news."), cursor=version)
