"""What the kinds of checks have in common: specs on the domains, and results read from the published warehouse."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg
import duckdb

from ocpperf_assets.ingest.staged import Change

Rows = list[dict[str, Any]]
Results = Callable[
    [duckdb.DuckDBPyConnection, Sequence[Change], Sequence[dg.AssetCheckSpec]], Iterator[dg.AssetCheckResult]
]


@dataclass(frozen=True)
class Judge:
    """The checks of one kind; `results` answers for those it is given, over the windows of a run."""

    specs: tuple[dg.AssetCheckSpec, ...]
    results: Results


def rows_by_first(con: duckdb.DuckDBPyConnection, query: str, changes: Sequence[Change]) -> Mapping[Any, Rows]:
    """Rows of every window, by the value of the first column."""
    found: dict[Any, Rows] = {}
    for change in changes:
        start, end = (moment.replace(tzinfo=None) for moment in (change.window.start, change.window.end))
        cursor = con.execute(query, {"cluster": change.cluster, "start": start, "end": end})
        names = [column[0] for column in cursor.description or ()]
        for values in cursor.fetchall():
            found.setdefault(values[0], []).append(dict(zip(names, values, strict=True)))
    return found


def result(
    spec: dg.AssetCheckSpec,
    *,
    passed: bool,
    metadata: Mapping[str, Any],
    severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.WARN,
    description: str | None = None,
) -> dg.AssetCheckResult:
    """The result of the check that the spec announces."""
    return dg.AssetCheckResult(
        passed=passed,
        asset_key=spec.asset_key,
        check_name=spec.name,
        severity=severity,
        metadata=metadata,
        description=description,
    )
