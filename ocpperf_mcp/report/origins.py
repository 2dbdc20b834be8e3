"""Where the numbers of a report come from, metric by metric."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ocpperf_mcp.report.model import Claim, MetricSource, Report
from ocpperf_mcp.report.words import span_words


@dataclass(frozen=True)
class Origin:
    """A metric, and what the report claims of it."""

    source: MetricSource
    claims: tuple[Claim, ...]

    @property
    def counted(self) -> tuple[int, int] | None:
        """Samples found and expected of the windows' things, each counted once; None where none are counted."""
        things = {
            (claim.cluster, claim.entity_kind, claim.entity, claim.part, claim.window): claim
            for claim in self.claims
            if claim.samples_expected is not None
        }.values()
        if not things:
            return None
        return sum(claim.samples_found or 0 for claim in things), sum(claim.samples_expected or 0 for claim in things)

    @property
    def windows(self) -> Sequence[str]:
        """Those in which samples were counted, in words."""
        return sorted({span_words(claim.window) for claim in self.claims if claim.samples_expected is not None})

    @property
    def hashes(self) -> Sequence[str]:
        """Of the expressions that collected it; the catalogue's where none is known."""
        return sorted({one for claim in self.claims for one in claim.expr_hashes}) or [self.source.expr_hash]


def origins(report: Report) -> tuple[Origin, ...]:
    """One of every metric, in the report's order."""
    of_metric: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in report.claims:
        of_metric[claim.cluster, claim.metric].append(claim)
    return tuple(Origin(one, tuple(of_metric[one.cluster, one.metric])) for one in report.metrics)
