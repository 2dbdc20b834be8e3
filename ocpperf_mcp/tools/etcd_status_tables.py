"""What is known of etcd at the end of a window: its state, and for each field which source told it and when."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ocpperf_mcp.tools.answer import Row, moment
from ocpperf_mcp.tools.asks import MetricAsk
from ocpperf_mcp.tools.draft import Draft
from ocpperf_mcp.tools.question import Place, Question

_STATUS = "from rpt_etcd_status($cluster, $t0::timestamp, $t1::timestamp)"
_APART = {"condition", "not_asked"}
"""Facts that are told in a note or a table of their own."""
_OFF = "etcdctl off"

Fact = Mapping[str, Any]


def add_etcd_status(draft: Draft, question: Question[MetricAsk], place: Place) -> None:
    """The whole, its members, the operator's conditions, and the sources of every field; disputes first."""
    whole, *members = question.rows(_STATUS, **place.parameters)
    shown = [row for row in members if _is_asked_for(row["member"], question.ask.nodes)]
    draft.notes += _notes(whole, members)
    _add(draft, "etcd", [whole], ("cluster", "member", "verdict", "sources", "disagreements"))
    _add(draft, "members", shown, ("cluster", "sources", "disagreements"))
    conditions = [fact for fact in whole["sources"] if fact["field"] == "condition"]
    draft.add("conditions", ("value", "source", "told_at"), [_timed(fact) for fact in conditions])
    draft.add("sources", ("field", "source", "told_at", "agrees", "told"), list(_sources([whole, *shown])))


def _is_asked_for(member: str, nodes: Sequence[str] | None) -> bool:
    return nodes is None or member in nodes


def _notes(whole: Row, members: Sequence[Row]) -> Iterator[str]:
    """What must not be overlooked: the state, who says otherwise, and who was not asked."""
    counted = ""
    if whole["members_expected"] is not None:
        counted = f", {whole['members_healthy'] or 0} of {whole['members_expected']} members healthy"
    yield f"etcd is {whole['state']}{counted}." if whole["state"] != "unknown" else f"etcd's state is unknown{counted}."
    for row in (whole, *members):
        for words in row["disagreements"]:
            yield f"Sources disagree on {row['member'] or 'etcd'}: {words}."
    unasked = [fact["value"] for fact in whole["sources"] if fact["field"] == "not_asked"]
    if not any(fact["field"] in _APART or fact["source"] == "etcdctl" for fact in whole["sources"]):
        yield "No snapshot of the Kubernetes API is recent: neither the operator's conditions nor etcdctl are known."
    if missing := [words for words in unasked if words != _OFF]:
        yield f"Not known from the Kubernetes API: {', '.join(missing)}."


def _sources(rows: Sequence[Row]) -> Iterator[Row]:
    """A row a field and source, with what it told of each member, so that members share the words."""
    told: dict[tuple[str, str], list[tuple[str, Fact]]] = defaultdict(list)
    for row in rows:
        for fact in row["sources"]:
            if fact["field"] not in _APART:
                told[fact["field"], fact["source"]].append((row["member"] or "etcd", fact))
    for (field, source), facts in sorted(told.items(), key=lambda item: (_agreement(item[1]) is not False, item[0])):
        yield {
            "field": field,
            "source": source,
            "told_at": moment(max(fact["told_at"] for _, fact in facts)),
            "agrees": _agreement(facts),
            "told": ", ".join(f"{member} {fact['value']}" for member, fact in facts),
        }


def _agreement(facts: Sequence[tuple[str, Fact]]) -> bool | None:
    """False where sources disagree on any of them; None where nobody else tells it."""
    known = [fact["agrees"] for _, fact in facts if fact["agrees"] is not None]
    return all(known) if known else None


def _timed(fact: Fact) -> Row:
    return {**fact, "told_at": moment(fact["told_at"])}


def _add(draft: Draft, name: str, rows: Sequence[Row], left_out: Sequence[str]) -> None:
    """Columns without any value tell nothing."""
    columns = [column for column in (rows[0] if rows else {}) if column not in left_out]
    draft.add(name, [column for column in columns if any(row[column] is not None for row in rows)], rows)
