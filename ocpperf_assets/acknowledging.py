"""What `ocpperf ack` does: find the finding, keep what was said of it, publish, so that every reader knows."""

from datetime import UTC, datetime
from uuid import uuid4

from ocpperf_assets.ingest.write import write_run
from ocpperf_assets.knowledge import load_knowledge
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.state.acknowledgements import (
    Acknowledgement,
    Lasting,
    acknowledge,
    acknowledgements,
    withdraw,
)
from ocpperf_mcp.warehouse import open_published

_FINDING = """
select finding_id, cluster, rule, entity_kind, entity, severity, start
from rpt_findings
where len(list_filter(list_prepend(finding_id, aliases), lambda id: starts_with(id, $prefix))) > 0
order by start desc
"""


def acknowledge_finding(prefix: str, lasting: Lasting, until: datetime | None, note: str) -> str:
    """Acknowledge the one finding whose id, or one that it had, begins so, publish, and answer with a sentence.

    Raises OcpperfError when no finding or several are meant, when the finding began at `until` or later, so that it
    would stay what it is, and as every writer's turn does.
    """
    settings = Settings()
    (cluster, rule, entity_kind, entity, severity), start = _subject(settings.paths, prefix)
    if until is not None and until <= start:
        raise OcpperfError(
            f"{rule} on {entity} began at {start:%Y-%m-%d %H:%M} UTC, so --until {until:%Y-%m-%d %H:%M} leaves it out.",
            "Give a later moment, or leave --until out to acknowledge it for good.",
        )
    given = Acknowledgement(
        cluster=cluster, rule=rule, entity_kind=entity_kind, entity=entity, lasting=lasting, until=until,
        severity=severity, note=note,
    )  # fmt: skip
    acknowledge(settings.paths, given)
    _publish(settings)
    return f"{rule} on {entity} is acknowledged {_written(given)}."


def withdraw_finding(prefix: str) -> str:
    """Take back what was acknowledged of a finding, publish, and answer with a sentence. Raises as above."""
    settings = Settings()
    (cluster, rule, entity_kind, entity, _), _ = _subject(settings.paths, prefix)
    withdraw(settings.paths, (cluster, rule, entity_kind, entity))
    _publish(settings)
    return f"{rule} on {entity} is acknowledged no more."


def listed() -> str:
    """Every acknowledgement, a line each."""
    given = acknowledgements(Settings().paths)
    if not given:
        return "Nothing is acknowledged. `ocpperf ack FINDING_ID` does so; rpt_findings has the ids."
    return "\n".join(
        f"{one.cluster}: {one.rule} on {one.entity}, {_written(one)}{f': {one.note}' if one.note else ''}"
        for one in given
    )


def _subject(home: Home, prefix: str) -> tuple[tuple[str, str, str, str, str], datetime]:
    """What the finding is about and how severe, and when it began."""
    with open_published(home) as con:
        found = con.execute(_FINDING, {"prefix": prefix.strip()}).fetchall()  # a CSV line may leave its end on it
    if not found:
        raise OcpperfError(
            f"No finding's id begins with '{prefix}'.",
            'See `ocpperf sql "select finding_id, summary from rpt_findings"`.',
        )
    if len(found) > 1:
        shown = "; ".join(f"{row[0]}: {row[2]} on {row[4]}" for row in found[:5])
        raise OcpperfError(f"{len(found)} findings' ids begin with '{prefix}'.", f"Give more of it: {shown}.")
    _, cluster, rule, entity_kind, entity, severity, start = found[0]
    return (cluster, rule, entity_kind, entity, severity), start.replace(tzinfo=UTC)


def _publish(settings: Settings) -> None:
    write_run(settings.paths, load_knowledge(settings), f"ack-{uuid4().hex[:8]}")


def _written(given: Acknowledgement) -> str:
    if given.until is not None:
        return f"until {given.until:%Y-%m-%d %H:%M} UTC"
    return {"for-good": "for good", "until-worse": f"until it is worse than {given.severity}", "until": ""}[
        given.lasting
    ]
