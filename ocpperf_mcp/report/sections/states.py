"""How each analyzer stands: findings by severity, and how much could be judged at all."""

from ocpperf_mcp.report.model import AnalyzerState, State
from ocpperf_mcp.report.reading import Reading, Row

ENOUGH = 0.8
"""Share of the hours of an analyzer's rules that must have been judged before silence is called healthy."""
_STATES = """
with

rules as (
    select analyzer, rule from dim_rule where $analyzer is null or analyzer = $analyzer
),

hours as (
    select
        count(distinct hour) filter (not provisional)::bigint as collected,
        (epoch($t1::timestamp) - epoch($t0::timestamp)) / 3600 as hours
    from fct_coverage_hourly
    where cluster = $cluster and hour >= $t0::timestamp and hour < $t1::timestamp
),

silent as (
    select
        rule,
        sum(hours) filter (is_applicable)::bigint as unjudged,
        coalesce(sum(hours) filter (not is_applicable), 0)::bigint as needless
    from rpt_not_evaluated($cluster, $t0::timestamp, $t1::timestamp)
    group by rule
),

judged as (
    select
        rules.analyzer,
        rules.rule,
        hours.hours - coalesce(silent.needless, 0) as applied_h,
        greatest(hours.collected - coalesce(silent.needless, 0) - coalesce(silent.unjudged, 0), 0) as judged_h
    from rules
    cross join hours
    left join silent on silent.rule = rules.rule
    -- A rule that applied in no hour that was collected is none of this cluster's.
    where hours.collected = 0 or coalesce(silent.needless, 0) < hours.collected
),

counted as (
    select
        analyzer,
        count(*) as rules,
        count(*) filter (judged_h < applied_h) as rules_unjudged,
        sum(judged_h) / sum(applied_h) as judged
    from judged
    group by analyzer
),

found as (
    select
        analyzer,
        count(*) filter (severity = 'critical' and not acknowledged) as critical,
        count(*) filter (severity = 'warning' and not acknowledged) as warning,
        count(*) filter (severity = 'info' and not acknowledged) as info,
        count(*) filter (acknowledged) as acknowledged
    from report_finding
    group by analyzer
)

select
    analyzer,
    coalesce(critical, 0) as critical, coalesce(warning, 0) as warning, coalesce(info, 0) as info,
    coalesce(acknowledged, 0) as acknowledged,
    coalesce(rules, 0) as rules, coalesce(rules_unjudged, 0) as rules_unjudged, coalesce(judged, 0) as judged
from (select distinct analyzer from rules)
full join found using (analyzer)
left join counted using (analyzer)
order by analyzer
"""


def states(reading: Reading) -> tuple[AnalyzerState, ...]:
    """One of each analyzer that has a rule."""
    return tuple(_state(reading.cluster, row) for row in reading.rows(_STATES))


def overall(states: tuple[AnalyzerState, ...]) -> State:
    """The worst of them; what is not known comes after what is known to be bad, and is never healthy."""
    found = {one.state for one in states}
    order: tuple[State, ...] = ("critical", "warning", "unknown", "healthy")
    return next((state for state in order if state in found), "unknown")


def _state(cluster: str, row: Row) -> AnalyzerState:
    state = state_of(row["critical"], row["warning"], row["judged"])
    return AnalyzerState(cluster=cluster, state=state, reason=_reason(state, row), **row)


def state_of(critical: int, warning: int, judged: float) -> State:
    """Findings speak however little was judged; silence only where most was."""
    if critical:
        return "critical"
    if warning:
        return "warning"
    return "healthy" if judged >= ENOUGH else "unknown"


def _rules(number: int) -> str:
    return "its one rule" if number == 1 else f"its {number} rules"


def _reason(state: State, row: Row) -> str:
    judged = f"{row['judged']:.0%} of the hours of {_rules(row['rules'])} could be judged"
    if not row["rules"]:
        judged = "none of its rules applies to this cluster"
    if state in ("critical", "warning"):
        counts = [f"{row[name]} {name}" for name in ("critical", "warning", "info") if row[name]]
        return f"{', '.join(counts)}; {judged}."
    if state == "healthy":
        info = f"{row['info']} info; " if row["info"] else ""
        return f"No limit was broken; {info}{judged}."
    return f"Too little is known: {judged}."
