"""Reading a report from the published warehouse: one connection, one consistent view, every number computed by SQL."""

from collections.abc import Sequence

import duckdb

from ocpperf_mcp.report.asked import Asked
from ocpperf_mcp.report.claims import ClaimBook
from ocpperf_mcp.report.measured import find, measure
from ocpperf_mcp.report.model import AnalyzerState, ClusterFacts, Data, Finding, Report, Section
from ocpperf_mcp.report.notes import noted
from ocpperf_mcp.report.reading import Reading
from ocpperf_mcp.report.registry import OF_FLEET, built, sections
from ocpperf_mcp.report.sections.charts import charts
from ocpperf_mcp.report.sections.data import data, facts
from ocpperf_mcp.report.sections.events import events
from ocpperf_mcp.report.sections.findings import findings, in_order
from ocpperf_mcp.report.sections.roadmap import roadmap
from ocpperf_mcp.report.sections.states import overall, states
from ocpperf_mcp.report.summary import summarize
from ocpperf_mcp.warehouse import up_to_date

Standing = tuple[ClusterFacts, Data, tuple[AnalyzerState, ...], tuple[Finding, ...]]


@up_to_date("the report")
def gather(con: duckdb.DuckDBPyConnection, asked: Asked) -> Report:
    """The report of one cluster. Of a window in which nothing was collected the state is unknown.

    Raises OcpperfError of a warehouse that an older ocpperf published.
    """
    reading = _reading(con, asked, ClaimBook())
    known, rests_on, judged, found = _standing(reading)
    measure(reading)
    told = (*_to_do(found), *sections(reading))
    drawn = charts(reading, found)
    return Report(
        title=f"Performance of {asked.cluster}" if asked.analyzer is None else f"{asked.analyzer} on {asked.cluster}",
        scope="cluster",
        analyzer=asked.analyzer or "all",
        top=asked.top,
        window=asked.window,
        typed=asked.typed,
        against=asked.against,
        clusters=(known,),
        data=(rests_on,),
        state=overall(judged),
        states=judged,
        summary=summarize(overall(judged), judged, (rests_on,), found, told),
        notes=noted(asked.typed, asked.window, (rests_on,)),
        findings=found,
        events=events(reading),
        sections=told,
        charts=drawn,
        metrics=reading.claims.sources(reading.rows),
        claims=reading.claims.written(reading.rows),
    )


@up_to_date("the report")
def gather_fleet(con: duckdb.DuckDBPyConnection, asked: Sequence[Asked]) -> Report:
    """States and findings of several clusters over one window, the worst first; no levels of any."""
    claims = ClaimBook()
    readings = [_reading(con, one, claims) for one in asked]
    standings = [_standing(reading) for reading in readings]
    judged = tuple(state for _, _, of_cluster, _ in standings for state in of_cluster)
    found = in_order([finding for *_, of_cluster in standings for finding in of_cluster])
    rests_on = tuple(one for _, one, _, _ in standings)
    told = (*_to_do(found, is_fleet=True), *built(readings[0], OF_FLEET))
    first = asked[0]
    return Report(
        title="Performance of the fleet" if first.analyzer is None else f"{first.analyzer} in the fleet",
        scope="fleet",
        analyzer=first.analyzer or "all",
        top=first.top,
        window=first.window,
        typed=first.typed,
        clusters=tuple(known for known, *_ in standings),
        data=rests_on,
        state=overall(judged),
        states=judged,
        summary=summarize(overall(judged), judged, rests_on, found, told),
        notes=noted(first.typed, first.window, rests_on),
        findings=found,
        sections=told,
        metrics=claims.sources(readings[0].rows),
        claims=claims.written(readings[0].rows),
    )


def _reading(con: duckdb.DuckDBPyConnection, asked: Asked, claims: ClaimBook) -> Reading:
    return Reading(con, asked.cluster, asked.window, asked.against, asked.analyzer, asked.top, claims)


def _to_do(found: tuple[Finding, ...], *, is_fleet: bool = False) -> tuple[Section, ...]:
    section = roadmap(found, is_fleet=is_fleet)
    return () if section is None else (section,)


def _standing(reading: Reading) -> Standing:
    find(reading)
    return facts(reading), data(reading), states(reading), findings(reading)
