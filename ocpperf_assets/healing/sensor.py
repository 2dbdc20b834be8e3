"""The sensor that asks for what is missing before Prometheus forgets it."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import dagster as dg

from ocpperf_assets.assets.raw import raw_key
from ocpperf_assets.healing.asking import find_reaches
from ocpperf_assets.healing.gaps import Stretch, missing_hours, stretches
from ocpperf_assets.healing.reach import Reach
from ocpperf_assets.ingest.write import Knowledge
from ocpperf_assets.partitions import partition_key
from ocpperf_assets.runs_under_way import is_under_way
from ocpperf_assets.schedules import CLUSTER_TAG, COLLECT_JOB
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import HOUR, floor_hour

HEAL_TAG = "ocpperf/heal"


def healing_sensor(
    clusters: Sequence[str], knowledge: Knowledge, tables: Sequence[dg.AssetKey], status: dg.DefaultSensorStatus
) -> dg.SensorDefinition:
    """Asks for missing hours, oldest first, as few runs as they make, no more in an hour than the settings say."""

    @dg.sensor(
        name="heal_gaps",
        job_name=COLLECT_JOB,
        minimum_interval_seconds=600,
        default_status=status,
        description="Collects hours that were missed, or whose expression is new, while Prometheus still has them.",
    )
    def heal_gaps(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        budget = _Budget.read(context.cursor, Settings().heal, datetime.now(UTC))
        requests: list[dg.RunRequest] = []
        reasons: list[str] = []
        busy = [cluster for cluster in clusters if is_under_way(context.instance, tags={HEAL_TAG: cluster})]
        reaches = find_reaches([cluster for cluster in clusters if cluster not in busy])
        for cluster in clusters:
            if cluster in busy:
                reasons.append(f"{cluster}: what was asked for last is still being collected.")
                continue
            reach = reaches[cluster]
            if isinstance(reach, OcpperfError):
                reasons.append(f"{cluster}: {reach}")
                continue
            found = _missing(reach, knowledge, budget.left)
            budget.spent += sum(stretch.hours for stretch in found)
            requests += [_request(cluster, stretch, tables) for stretch in found]
            if not found:
                reasons.append(
                    f"{cluster}: no hour that Prometheus has is missing, or this hour's share was asked for."
                )
        if not requests:
            return dg.SkipReason(" ".join(reasons))
        return dg.SensorResult(run_requests=requests, cursor=budget.written())

    return heal_gaps


class _Budget:
    """How many hours may still be asked for in the hour that is under way."""

    def __init__(self, hour: datetime, spent: int, allowed: int) -> None:
        self.hour, self.spent, self.allowed = hour, spent, allowed

    @classmethod
    def read(cls, cursor: str | None, allowed: int, now: datetime) -> "_Budget":
        hour = floor_hour(now)
        known = json.loads(cursor) if cursor else {}
        return cls(hour, known["spent"] if known.get("hour") == hour.isoformat() else 0, allowed)

    @property
    def left(self) -> int:
        return max(self.allowed - self.spent, 0)

    def written(self) -> str:
        return json.dumps({"hour": self.hour.isoformat(), "spent": self.spent})


def _missing(reach: Reach | None, knowledge: Knowledge, limit: int) -> list[Stretch]:
    if limit == 0 or reach is None:
        return []
    catalogue = knowledge.catalogue_of(reach.cluster)
    return stretches(missing_hours(Settings().paths, reach, catalogue, limit))


def _request(cluster: str, stretch: Stretch, tables: Sequence[dg.AssetKey]) -> dg.RunRequest:
    """One run over the stretch, of the domains and metrics that are missing there."""
    metrics = stretch.by_domain()
    first, last = stretch.window.start, stretch.window.end - HOUR
    return dg.RunRequest(
        asset_selection=[*(raw_key(domain) for domain in metrics), *tables],
        run_config={"ops": {f"raw__{domain}": {"config": {"metrics": names}} for domain, names in metrics.items()}},
        tags={
            HEAL_TAG: cluster,
            CLUSTER_TAG: cluster,
            "dagster/asset_partition_range_start": str(partition_key(cluster, first)),
            "dagster/asset_partition_range_end": str(partition_key(cluster, last)),
            "dagster/priority": "-1",
        },
    )
