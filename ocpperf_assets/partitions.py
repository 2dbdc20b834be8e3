"""Partitions are cluster by hour; the last one is the hour still open."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import dagster as dg

from ocpperf_assets.ingest.staged import Change, merge_hours

_HOUR_FORMAT = "%Y-%m-%d-%H:%M"


def cluster_hours(clusters: Sequence[str], start: datetime) -> dg.MultiPartitionsDefinition:
    """Every hour since `start`, for every cluster, the open hour included."""
    hours = dg.HourlyPartitionsDefinition(start_date=start, end_offset=1, fmt=_HOUR_FORMAT)
    return dg.MultiPartitionsDefinition({"cluster": dg.StaticPartitionsDefinition(list(clusters)), "hour": hours})


def partition_key(cluster: str, hour: datetime) -> dg.MultiPartitionKey:
    return dg.MultiPartitionKey({"cluster": cluster, "hour": hour.strftime(_HOUR_FORMAT)})


def changes_of(partition_keys: Iterable[str]) -> list[Change]:
    """The contiguous windows, cluster by cluster, that a run's partition keys make."""
    return list(merge_hours(sorted(_cluster_and_hour(key) for key in partition_keys)))


def _cluster_and_hour(key: str) -> tuple[str, datetime]:
    cluster, hour = key.split("|")
    return cluster, datetime.strptime(hour, _HOUR_FORMAT)
