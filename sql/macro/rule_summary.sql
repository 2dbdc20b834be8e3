-- rule_summary: one factual sentence about a rule that fired.
-- function: rule_summary(title, entity_kind, entity, direction, statistic, observed, unit, bound, tier, source, t0, t1)
format(
    '{} of {} {} was {} its limit of {} ({}, {}) between {} and {} UTC; the worst {} was {}.',
    title,
    entity_kind,
    entity,
    case when direction = 'below' then 'under' else 'over' end,
    readable(bound, unit),
    tier,
    source,
    strftime(t0, '%Y-%m-%d %H:%M'),
    case when t0::date = t1::date then strftime(t1, '%H:%M') else strftime(t1, '%Y-%m-%d %H:%M') end,
    case when regexp_matches(statistic, '^p\d+$') then 'five-minute ' || upper(statistic) else 'sample' end,
    readable(observed, unit)
)
