"""The asset of executive reports: one partition a cluster, written from the published warehouse alone."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

import dagster as dg
from pydantic import Field

from ocpperf_assets.assets.published import PUBLISHED
from ocpperf_assets.reporting.files import ENDINGS, Written, directory_of, forget_reports, where, write_report
from ocpperf_assets.reporting.preview import preview
from ocpperf_assets.reporting.window import asked_of, newest_end
from ocpperf_assets.resources import WarehouseResource
from ocpperf_assets.schedules import REPORTS
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import HOUR, parse_duration, parse_moment
from ocpperf_mcp.report.asked import PREVIOUS
from ocpperf_mcp.report.formats import format_named
from ocpperf_mcp.report.gather import gather
from ocpperf_mcp.report.model import Report

REPORT = dg.AssetKey(["report", "executive_report"])


class ReportConfig(dg.Config):
    """What a run's report is about; every field may be changed in the launchpad."""

    analyzer: Literal["all", "etcd", "network", "ovnk"] = Field(default="all", description="What it is about.")
    last: str = Field(default="24h", description="How long its window is, as a duration like 24h or 7d.")
    until: str = Field(
        default="", description="Moment after its last hour, ISO 8601; empty: the end of the newest closed hour."
    )
    against: str = Field(
        default=PREVIOUS,
        description="What it is compared with: previous, last-week, nothing, a run's name, or a window as START/END.",
    )
    formats: list[str] = Field(
        default=["html", "json"], description=f"Forms in which it is written: {', '.join(ENDINGS)}."
    )
    name: str = Field(
        default="on-demand", pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$", description="Part of the files' names."
    )


def report_asset(clusters: Sequence[str]) -> dg.AssetsDefinition:
    """The asset, one partition a cluster."""

    @dg.asset(
        key=REPORT,
        group_name=REPORTS,
        kinds={"html", "json"},
        deps=[PUBLISHED],
        partitions_def=dg.StaticPartitionsDefinition(list(clusters)),
        backfill_policy=dg.BackfillPolicy.multi_run(1),
        description="An executive report of a cluster's closed hours, in exports/reports. Written every day and every "
        "week; a run of your own may ask for another window, analyzer or form in its config.",
    )
    def executive_report(
        context: dg.AssetExecutionContext, config: ReportConfig, warehouse: WarehouseResource
    ) -> dg.MaterializeResult[None]:
        settings, now, cluster = Settings(), datetime.now(UTC), context.partition_key
        forms = _checked(config.formats)
        report = _gathered(warehouse, cluster, config, now)
        directory = directory_of(warehouse.home, cluster)
        written = write_report(report, directory, _stem(report, config), forms)
        for form, fault in written.faults.items():
            context.log.warning(f"The report was not written as {form}: {fault}")
        forgotten = forget_reports(directory, settings.keep_reports, now)
        return dg.MaterializeResult(metadata=_told(settings, report, written, forgotten))

    return executive_report


def _gathered(warehouse: WarehouseResource, cluster: str, config: ReportConfig, now: datetime) -> Report:
    with warehouse.get_connection() as con:
        until = parse_moment(config.until) if config.until else newest_end(con, cluster, now)
        asked = asked_of(
            con,
            warehouse.home,
            cluster,
            parse_duration(config.last),
            until,
            against=config.against,
            analyzer=None if config.analyzer == "all" else config.analyzer,
        )
        return gather(con, asked)


def _stem(report: Report, config: ReportConfig) -> str:
    """Named by the last day that it tells of."""
    about = "" if config.analyzer == "all" else f"-{config.analyzer}"
    return f"{report.window.end - HOUR:%Y-%m-%d}-{config.name}{about}"


def _checked(forms: Sequence[str]) -> list[str]:
    for form in forms:
        if form not in ENDINGS:
            format_named(form)
            raise OcpperfError(f"Reports are not kept as {form}.", f"Choose of {', '.join(ENDINGS)}.")
    if not forms:
        raise OcpperfError("No form of the report was asked for.", f"Choose of {', '.join(ENDINGS)}.")
    return list(dict.fromkeys(forms))


def _told(settings: Settings, report: Report, written: Written, forgotten: int) -> Mapping[str, dg.MetadataValue]:
    links = {form: where(settings, path) for form, path in written.files.items()}
    shown = {
        form: dg.MetadataValue.url(text) if settings.reports_url else dg.MetadataValue.path(text)
        for form, text in links.items()
    }
    return {
        **shown,
        "state": dg.MetadataValue.text(report.state),
        "findings": dg.MetadataValue.int(len(report.findings)),
        "preview": dg.MetadataValue.md(preview(report)),
        **({"not written": dg.MetadataValue.text(" ".join(written.faults.values()))} if written.faults else {}),
        **({"forgotten": dg.MetadataValue.int(forgotten)} if forgotten else {}),
    }
