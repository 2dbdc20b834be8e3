"""The book of claims: every number of a metric that a report states, with where it came from."""

import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from ocpperf_mcp.report.model import Claim, Mark, MetricSource, Span, Value

Row = Mapping[str, Any]
_EXPRESSIONS = """
select metric, hashes from window_expression($cluster, $t0::timestamp, $t1::timestamp)
where list_contains($names, metric)
"""
_SOURCES = """
select
    $cluster as cluster, metric, title, domain, kind, unit, query as expression, expr_hash,
    coalesce(description, '') as description,
    case kind when 'histogram' then window_s else coalesce(step_s, 60) end as step_s, window_s
from metric_of($cluster)
where list_contains($names, metric)
order by metric
"""


class ClaimBook:
    """Claims in the order in which they were first made; the same claim made twice is one."""

    def __init__(self) -> None:
        self._claims: dict[str, Claim] = {}

    def value(
        self,
        shown: Row,
        of: Row,
        statistic: str,
        *,
        cluster: str,
        relation: str,
        window: Span,
        reference: str = "",
        marks: Sequence[Mark] = (),
    ) -> Value:
        """What is shown of a thing, claimed. `shown` has number, unit, text; `of` metric, entity, samples."""
        claim = Claim(
            claim_id="",
            cluster=cluster,
            relation=relation,
            reference=reference,
            metric=of["metric"],
            statistic=statistic,
            entity_kind=of["entity_kind"],
            entity=of["entity"],
            part=of.get("part") or "",
            window=window,
            value=shown["number"],
            unit=shown["unit"],
            samples_expected=of.get("samples_expected"),
            samples_found=of.get("samples_found"),
        )
        claim_id = claim_id_of(claim)
        self._claims.setdefault(claim_id, claim.model_copy(update={"claim_id": claim_id}))
        return Value(text=shown["text"], number=shown["number"], unit=shown["unit"], claim=claim_id, marks=tuple(marks))

    def written(self, rows: Callable[..., list[dict[str, Any]]]) -> tuple[Claim, ...]:
        """All claims, with the expressions that were in use in their windows. `rows` asks the warehouse."""
        hashes = {}
        for cluster, window in {(claim.cluster, claim.window) for claim in self._claims.values()}:
            naive = {"t0": window.start.replace(tzinfo=None), "t1": window.end.replace(tzinfo=None)}
            for row in rows(_EXPRESSIONS, cluster=cluster, names=self._metrics(cluster), **naive):
                hashes[cluster, window, row["metric"]] = tuple(row["hashes"])
        return tuple(
            claim.model_copy(update={"expr_hashes": hashes.get((claim.cluster, claim.window, claim.metric), ())})
            for claim in self._claims.values()
        )

    def sources(self, rows: Callable[..., list[dict[str, Any]]]) -> tuple[MetricSource, ...]:
        """The catalogue's words on every metric that is claimed, as each cluster is asked for it."""
        clusters = sorted({claim.cluster for claim in self._claims.values()})
        return tuple(
            MetricSource(**row)
            for cluster in clusters
            for row in rows(_SOURCES, cluster=cluster, names=self._metrics(cluster))
        )

    def _metrics(self, cluster: str) -> list[str]:
        return sorted({claim.metric for claim in self._claims.values() if claim.cluster == cluster})


def claim_id_of(claim: Claim) -> str:
    """The same for the same number, whatever its value: of one thing, one statistic, one window."""
    identity = [
        claim.cluster, claim.relation, claim.reference, claim.metric, claim.statistic, claim.entity_kind, claim.entity,
        claim.part, claim.window.start.isoformat(), claim.window.end.isoformat(),
    ]  # fmt: skip
    return blake2b(json.dumps(identity).encode(), digest_size=6).hexdigest()
