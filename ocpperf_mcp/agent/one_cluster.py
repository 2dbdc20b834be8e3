"""What a report about several clusters says of one of them, as a report of that one."""

from ocpperf_mcp.report.model import Report, Section, Table
from ocpperf_mcp.report.sections.states import overall

_CLUSTER = "cluster"


def of_cluster(report: Report, cluster: str) -> Report:
    """States, findings, events, rows and claims of the cluster; sentences about all clusters are left out."""
    states = tuple(one for one in report.states if one.cluster == cluster)
    return report.model_copy(
        update={
            "clusters": tuple(one for one in report.clusters if one.cluster == cluster),
            "data": tuple(one for one in report.data if one.cluster == cluster),
            "states": states,
            "state": overall(states),
            "summary": (),
            "findings": tuple(one for one in report.findings if one.cluster == cluster),
            "events": tuple(one for one in report.events if one.cluster == cluster),
            "claims": tuple(one for one in report.claims if one.cluster == cluster),
            "sections": tuple(_section(one, cluster) for one in report.sections),
        }
    )


def _section(section: Section, cluster: str) -> Section:
    return section.model_copy(update={"text": (), "tables": tuple(_table(one, cluster) for one in section.tables)})


def _table(table: Table, cluster: str) -> Table:
    """Its rows of the cluster; a table that does not tell clusters apart says nothing of one."""
    places = [place for place, column in enumerate(table.columns) if column.key == _CLUSTER]
    kept = [row for row in table.rows for place in places if row[place].text == cluster]
    return table.model_copy(update={"rows": tuple(kept)})
