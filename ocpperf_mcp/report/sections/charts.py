"""Which charts a report has: of what was found, then of what came nearest its published objective."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ocpperf_mcp.contracts.tools import OF_ANALYZER
from ocpperf_mcp.report.model import Chart, Finding
from ocpperf_mcp.report.reading import Reading, Row, ranked, shown
from ocpperf_mcp.report.sections.series import Subject, charts_of
from ocpperf_mcp.report.sections.things import LIMIT_SHARE, MEASURED, VERDICTS, objective_of

_MOST = 12
"""Of findings; and of objectives besides."""
_OF_ANALYZER = 4
_NEAREST = f"""
with

analyzers as (
    select unnest($analyzers) as analyzer, unnest($tools_of) as own_tools
),

judged as (
    select
        *,
        -- What can only be so or not is at its limit whenever it is well.
        case when unit <> 'boolean' then {ranked(LIMIT_SHARE.format(level="level", objective="objective"))} end
            as limit_share,
        list_position(['missed', 'possible', 'met'], status) as verdict_place
    from {MEASURED}
    where status in ('missed', 'possible', 'met') and not list_contains($drawn, metric)
    qualify row_number() over (partition by metric order by excess desc, entity_kind, entity, part) = 1
),

-- A metric that several analyzers show is drawn once.
placed as (
    select judged.*, min(analyzer) as analyzer
    from judged
    join analyzers on list_has_any(judged.tools, analyzers.own_tools)
    group by all
),

nearest as (
    select *
    from placed
    qualify row_number() over (
        partition by analyzer order by verdict_place, limit_share desc nulls last, metric
    ) <= $of_analyzer
),

final as (
    select
        analyzer, metric, entity_kind, entity, part, node, status, tier, {shown("objective")},
        verdict_place, limit_share
    from nearest
    order by verdict_place, limit_share desc nulls last, metric
    limit $most
)

from final
order by analyzer, verdict_place, limit_share desc nulls last, metric
"""


def charts(reading: Reading, findings: Sequence[Finding]) -> tuple[Chart, ...]:
    """Of the findings at most a dozen, in their order; of objectives as many, four of an analyzer.

    An objective is drawn of the thing that is nearest its limit, and of no metric that a finding's chart shows.
    """
    found = charts_of(reading, tuple(_of_findings(findings)))
    return found + charts_of(reading, tuple(_of_objectives(reading, sorted({chart.metric for chart in found}))))


def _of_findings(findings: Sequence[Finding]) -> Iterator[Subject]:
    """One for each metric and thing."""
    about: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        about[finding.metric, finding.entity_kind, finding.entity].append(finding)
    for (metric, entity_kind, entity), found in list(about.items())[:_MOST]:
        worst = found[0]
        yield Subject(
            metric=metric,
            entity_kind=entity_kind,
            entity=entity,
            node=worst.node,
            limit=worst.limit.number,
            limit_label=f"{worst.limit.text} ({worst.tier})",
            findings=tuple(finding.finding_id for finding in found),
        )


def _of_objectives(reading: Reading, drawn: list[str]) -> Iterator[Subject]:
    analyzers = [reading.analyzer] if reading.analyzer else sorted(OF_ANALYZER)
    found = reading.rows(
        _NEAREST,
        analyzers=analyzers,
        tools_of=[sorted(OF_ANALYZER[analyzer]) for analyzer in analyzers],
        drawn=drawn,
        of_analyzer=_OF_ANALYZER,
        most=_MOST,
    )
    yield from map(_nearest, found)


def _nearest(row: Row) -> Subject:
    objective = objective_of(row)
    return Subject(
        metric=row["metric"],
        entity_kind=row["entity_kind"],
        entity=row["entity"],
        part=row["part"],
        node=row["node"],
        limit=objective.number,
        limit_label=objective.text,
        verdict=VERDICTS[row["status"]],
    )
