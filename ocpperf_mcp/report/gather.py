"""Reading a report from the published warehouse: one connection, one consistent view, every number computed by SQL."""

import duckdb

from ocpperf_mcp.report.asked import Asked
from ocpperf_mcp.report.measured import measure
from ocpperf_mcp.report.model import Report
from ocpperf_mcp.report.reading import Reading
from ocpperf_mcp.report.registry import sections
from ocpperf_mcp.report.sections.charts import charts
from ocpperf_mcp.report.sections.data import data, facts
from ocpperf_mcp.report.sections.events import events
from ocpperf_mcp.report.sections.findings import findings
from ocpperf_mcp.report.sections.states import overall, states
from ocpperf_mcp.report.summary import summarize


def gather(con: duckdb.DuckDBPyConnection, asked: Asked) -> Report:
    """The report of one cluster. Of a window in which nothing was collected the state is unknown."""
    reading = Reading(con, asked.cluster, asked.window, asked.against, asked.analyzer, asked.top)
    measure(reading)
    found, judged, rests_on, told = findings(reading), states(reading), data(reading), tuple(sections(reading))
    of_all = asked.analyzer or "all"
    return Report(
        title=f"Performance of {asked.cluster}" if asked.analyzer is None else f"{of_all} on {asked.cluster}",
        scope="cluster",
        analyzer=of_all,
        top=asked.top,
        window=asked.window,
        against=asked.against,
        clusters=(facts(reading),),
        data=(rests_on,),
        state=overall(judged),
        states=judged,
        summary=summarize(overall(judged), judged, (rests_on,), found, told),
        notes=asked.notes,
        findings=found,
        events=events(reading),
        sections=told,
        charts=charts(reading, found),
        metrics=reading.claims.sources(reading.rows),
        claims=reading.claims.written(reading.rows),
    )
