"""What the Kubernetes API told of a cluster: the last snapshot at the end of a window, and what is missing of it."""

from collections import defaultdict
from collections.abc import Sequence

from ocpperf_mcp.extent import aware
from ocpperf_mcp.tools.answer import Row, moment
from ocpperf_mcp.tools.asks import MetricAsk
from ocpperf_mcp.tools.draft import Draft
from ocpperf_mcp.tools.question import Place, Question

_NONE = "No inventory was taken of the Kubernetes API: platform, pools, readiness and counts of objects are not known."
_PARTS = "select taken_at, part, state, kind, objects from rpt_inventory($cluster, $t1::timestamp)"
_TABLES = {
    "cluster": "select * exclude (cluster) from rpt_inventory_cluster($cluster, $t1::timestamp)",
    "operators_not_well": """
        select operator, available, degraded, reason, message, since
        from rpt_inventory_operator($cluster, $t1::timestamp) where not is_well
    """,
    "nodes_not_well": """
        select node, role, ready, unwell, unschedulable
        from rpt_inventory_node($cluster, $t1::timestamp) where len(unwell) > 0 or ready is distinct from 'True'
    """,
    "pools": """
        select pool, machines, ready_machines, behind_machines, degraded_machines, updating, degraded, paused
        from rpt_inventory_pool($cluster, $t1::timestamp)
    """,
    "nodes_by_role": """
        select
            role, count(*) as nodes, count(*) filter (ready = 'True') as ready,
            count(*) filter (unschedulable) as unschedulable, sum(cpu_cores) as cpu_cores,
            sum(memory_bytes) as memory_bytes
        from rpt_inventory_node($cluster, $t1::timestamp) group by role order by nodes desc, role
    """,
    "operators": """
        select version, count(*) as operators, count(*) filter (is_well) as well,
            count(*) filter (progressing = 'True') as progressing
        from rpt_inventory_operator($cluster, $t1::timestamp) group by version order by operators desc
    """,
    "updates": """
        select version, state, started_at, completed_at from rpt_inventory_update($cluster, $t1::timestamp) limit 5
    """,
}
_PODS = """
select phase, pods, source from raw_inventory_pod_phase
where cluster = $cluster and taken_at = $taken_at order by pods desc
"""
_NOTHING_MISSING = ("ok", "not_applicable", "absent", "off")
"""Of what a cluster does not have, or nobody wants asked, nothing is missing; the counts say so all the same."""


def add_inventory(draft: Draft, question: Question[MetricAsk], place: Place) -> None:
    """Tables without a row are left out; why they have none is a note."""
    parameters = {"cluster": place.cluster, "t1": place.parameters["t1"]}
    parts = question.rows(_PARTS, **parameters)
    if not parts:
        draft.notes.append(_NONE)
        return
    taken_at = parts[0]["taken_at"]
    draft.notes.append(_age(moment(taken_at), is_old=aware(taken_at) < place.window.start))
    for name, query in _TABLES.items():
        _add(draft, name, question.rows(query, **parameters))
    _add(draft, "pods", question.rows(_PODS, cluster=place.cluster, taken_at=taken_at))
    _add(draft, "counts", [_counted(row) for row in parts if row["kind"]])
    _say_missing(draft, parts)


def _age(taken_at: str, *, is_old: bool) -> str:
    last = ", the last one before the window" if is_old else ""
    return f"Versions, operators, pools, readiness and counts are of the snapshot of {taken_at}{last}."


def _counted(row: Row) -> Row:
    """The state stands where there is no number, so that none is not read as zero."""
    return {
        "kind": row["kind"],
        "objects": row["objects"],
        "not_counted": None if row["state"] == "ok" else row["state"],
    }


def _add(draft: Draft, name: str, rows: Sequence[Row]) -> None:
    """Columns in which no row has a value cost a reader tokens and tell nothing."""
    columns = rows[0] if rows else {}
    told = [column for column in columns if any(row[column] not in (None, []) for row in rows)]
    draft.add(name, told, rows)


def _say_missing(draft: Draft, parts: Sequence[Row]) -> None:
    missing: dict[str, list[str]] = defaultdict(list)
    for row in parts:
        if row["state"] not in _NOTHING_MISSING:
            missing[row["state"]].append(row["part"])
    if missing:
        words = "; ".join(f"{state}: {', '.join(names)}" for state, names in sorted(missing.items()))
        draft.notes.append(f"The Kubernetes API did not tell everything ({words}).")
