"""The sensor that looks for news, and the job that tells it."""

from collections.abc import Sequence
from datetime import UTC, datetime

import dagster as dg

from ocpperf_assets.notify.deliver import deliver, pending
from ocpperf_assets.notify.looked import Looked
from ocpperf_assets.notify.outcome import Outcome, said
from ocpperf_assets.notify.reading import published_version, read_all
from ocpperf_assets.notify.targets import configured_targets
from ocpperf_assets.runs_under_way import is_under_way
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError

JOB = "notify"
# A process that dies is tried again. A target that fails is left alone for a while, which its memory has.
_RETRIES = {
    "dagster/max_retries": "2",
    "dagster/retry_on_asset_or_op_failure": "false",
    "dagster/max_runtime": "900",
}


@dg.op(description="Send each target of OCPPERF_NOTIFY what is new, worse, over and silent since it was told last.")
def tell_targets(context: dg.OpExecutionContext) -> None:
    """One target that does not take its digest costs the others nothing. Raises dg.Failure in the end."""
    settings = Settings()
    outcomes = deliver(settings, configured_targets(settings), datetime.now(UTC), at_once=False)
    for outcome in outcomes:
        context.log.info(said(outcome))
    if failed := [said(outcome) for outcome in outcomes if outcome.state == "failed"]:
        raise dg.Failure(" ".join(failed), allow_retries=False)


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
    """Looks once for each published version, and again when something that waits comes due."""

    @dg.sensor(
        name="tell_news",
        job_name=JOB,
        minimum_interval_seconds=60,
        default_status=status,
        description="Where the closed hours have news or a cluster has none, tells the targets of OCPPERF_NOTIFY.",
    )
    def tell_news(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        if is_under_way(context.instance, job=JOB):
            return dg.SkipReason("What was asked for last is still being told.")
        try:
            return look(context.cursor, Settings(), datetime.now(UTC))
        except OcpperfError as fault:
            return dg.SkipReason(str(fault))

    return tell_news


def look(cursor: str | None, settings: Settings, now: datetime) -> dg.SensorResult | dg.SkipReason:
    """Whether there is something to tell. Raises OcpperfError."""
    targets = configured_targets(settings)
    if not targets:
        return dg.SkipReason("OCPPERF_NOTIFY names no file of targets.")
    last, version = Looked.read(cursor), published_version(settings)
    if last and last.version == version and now < last.again_at:
        return dg.SkipReason(f"Nothing was published since version {version}, and nothing that waits is due.")
    reading = read_all(settings, targets)
    outcomes = pending(settings, targets, reading, now)
    requests = _requests(outcomes, now)
    looked = Looked.at(now, reading.standing, outcomes, settings.notify_stale, is_asked=bool(requests))
    skipped = None if requests else dg.SkipReason(_reason(outcomes, looked))
    return dg.SensorResult(run_requests=requests, skip_reason=skipped, cursor=looked.written())


def _requests(outcomes: Sequence[Outcome], now: datetime) -> list[dg.RunRequest]:
    """A run where somebody is to be told.

    Where nobody is, but the memory of some target cannot be read, one run a day, which fails and names it.
    """
    if any(outcome.state == "to tell" for outcome in outcomes):
        return [dg.RunRequest()]
    unread = [outcome.target.name for outcome in outcomes if outcome.state == "failed"]
    return [dg.RunRequest(run_key=f"{JOB}|{','.join(unread)}|{now:%Y-%m-%d}")] if unread else []


def _reason(outcomes: Sequence[Outcome], looked: Looked) -> str:
    waiting = [said(outcome) for outcome in outcomes if outcome.state != "nothing new"]
    return " ".join(waiting) or f"Version {looked.version} has no news."
