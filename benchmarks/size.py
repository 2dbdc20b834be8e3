"""Bytes a sample in the warehouse against Prometheus' own blocks for the same samples at the same step.

Both hold a week of every gauge of the catalogue, with their series: the raw tables and `raw_series_label` in a DuckDB
file of their own, the same samples written as OpenMetrics and loaded by promtool.
"""

import subprocess
import sys
from pathlib import Path

import duckdb

from benchmarks.collecting import fetch_and_stage
from benchmarks.ground import DAYS, Ground, endpoint, knowledge, verdict
from benchmarks.measure import report
from demo.prometheus import find_binaries
from ocpperf_assets.ingest.write import Knowledge, write_run
from ocpperf_assets.promql import PrometheusClient
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.warehouse import open_published

_GAUGES = """
from raw_sample as sample semi join dim_metric as d on d.metric = sample.metric and d.kind = 'gauge'
"""
# Prometheus drops labels without a value, and a NaN is a sample like any other.
_LINES = f"""
select sample.metric, sample.metric || '{{' || coalesce(array_to_string(list_transform(
           list_filter(map_entries(labels), lambda e: e.value <> ''),
           lambda e: e.key || '="' || replace(replace(e.value, '\\', '\\\\'), '"', '\\"') || '"'), ','), '') || '}} '
       || coalesce(sample.value::varchar, 'NaN') || ' ' || epoch(sample.ts)::bigint as line
{_GAUGES.replace("as sample", "as sample join raw_series_label using (cluster, metric, series_id)", 1)}
order by sample.metric, sample.series_id, sample.ts
"""


def warehouse_bytes(home: Home, copy: Path) -> int:
    """Size of a file with nothing but gauges' samples and the series."""
    copy.unlink(missing_ok=True)
    with duckdb.connect(str(copy), config={"storage_compatibility_version": "latest"}) as con:
        con.execute(f"attach '{home.link.resolve()}' as w (read_only)")
        tables = con.execute(
            "select table_name from duckdb_tables() where database_name = 'w' and "
            "(table_name in (select 'raw_' || domain from w.dim_metric) or table_name = 'raw_series_label')"
        ).fetchall()
        for (table,) in tables:
            con.execute(
                f"create table {table} as select t.* from w.{table} as t "
                "semi join w.dim_metric as d on d.metric = t.metric and d.kind = 'gauge'"
            )
    return copy.stat().st_size


def blocks_bytes(home: Home, folder: Path) -> int:
    """Size of Prometheus' blocks with the same samples."""
    folder.mkdir()
    text = folder / "samples.om"
    with open_published(home) as con, text.open("w", encoding="utf-8") as out:
        rows, family = con.execute(_LINES), None
        while batch := rows.fetchmany(100_000):
            for metric, line in batch:
                if metric != family:
                    out.write(f"# TYPE {metric} gauge\n")
                    family = metric
                out.write(line + "\n")
        out.write("# EOF\n")
    blocks = folder / "blocks"
    load = [find_binaries().promtool, "tsdb", "create-blocks-from", "openmetrics", "-q", "--max-block-duration=24h"]
    subprocess.run([*load, str(text), str(blocks)], check=True, stdout=subprocess.DEVNULL)
    return sum(path.stat().st_size for path in blocks.rglob("*") if path.is_file())


def collected(ground: Ground, known: Knowledge) -> Home:
    home = ground.home("size")
    with ground.prometheus() as url:
        fetch_and_stage(known, PrometheusClient(endpoint(url)), ground.window(DAYS), home.staging / "run")
    write_run(home, known, "run")
    return home


def run(ground: Ground) -> bool:
    home = collected(ground, knowledge())
    with open_published(home) as con:
        ((samples,),) = con.execute(f"select count(*) {_GAUGES}").fetchall()
    ours = warehouse_bytes(home, ground.root / "size.duckdb") / samples
    theirs = blocks_bytes(home, home.root / "blocks") / samples
    ratio, kept = verdict(ours / theirs, 4)
    report(
        f"Bytes a sample, series included, of {samples:,} samples",
        [("warehouse", f"{ours:.2f}"), ("Prometheus' blocks", f"{theirs:.2f}"), ("ratio", ratio)],
    )
    return kept


if __name__ == "__main__":
    sys.exit(not run(Ground.from_arguments(__doc__)))
