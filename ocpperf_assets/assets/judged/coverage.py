"""One check a domain: was enough of it collected."""

from collections.abc import Iterator, Sequence

import dagster as dg
import duckdb

from ocpperf_assets.assets.judged.judge import Judge, Rows, result, rows_by_first
from ocpperf_assets.assets.published import PUBLISHED
from ocpperf_assets.ingest.staged import Change

# Below this share of the expected samples no rule judges either.
ENOUGH = 0.8

_COVERAGE = """
select domain, sum(samples) filter (expected is not null) / nullif(sum(expected), 0) as coverage,
       count(*) filter (status = 'error') as failed_hours,
       count(*) filter (status = 'empty' and absent_means = 'missing') as empty_hours,
       min_by(metric, coverage) filter (coverage < 1) as least_covered
from rpt_coverage
where cluster = $cluster and hour >= $start and hour < $end
group by domain
"""


def coverage_judge(raw_keys: Sequence[dg.AssetKey]) -> Judge:
    return Judge(tuple(_spec(key) for key in raw_keys), _results)


def _spec(key: dg.AssetKey) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        "coverage",
        asset=key,
        additional_deps=[PUBLISHED],
        description=f"At least {ENOUGH:.0%} of the expected samples came, and no query failed.",
    )


def _results(
    con: duckdb.DuckDBPyConnection, changes: Sequence[Change], asked: Sequence[dg.AssetCheckSpec]
) -> Iterator[dg.AssetCheckResult]:
    found = rows_by_first(con, _COVERAGE, changes)
    for spec in asked:
        yield _covered(spec, found.get(spec.asset_key.path[-1], []))


def _covered(spec: dg.AssetCheckSpec, rows: Rows) -> dg.AssetCheckResult:
    """Fails when nothing is known: missing data is never healthy."""
    failed = sum(row["failed_hours"] for row in rows)
    least = min((row["coverage"] for row in rows if row["coverage"] is not None), default=0.0)
    return result(
        spec,
        passed=least >= ENOUGH and not failed,
        metadata={
            "coverage": round(float(least), 4),
            "metric hours failed": failed,
            "metric hours empty": sum(row["empty_hours"] for row in rows),
            "least covered metric": ", ".join(sorted({row["least_covered"] for row in rows if row["least_covered"]})),
        },
    )
