-- rule_summary: one factual sentence about a rule that fired; a yes or no is told as what it was instead of the other.
-- function: rule_summary(title, entity_kind, entity, direction, statistic, observed, unit, bound, tier, source, t0, t1)
format(
    '{} of {} {} was {} ({}, {}) between {} and {} UTC{}.',
    title,
    entity_kind,
    entity,
    case
        when unit = 'boolean' then readable(observed, unit) || ' instead of ' || readable(bound, unit)
        else case when direction = 'below' then 'under' else 'over' end || ' its limit of ' || readable(bound, unit)
    end,
    tier,
    source,
    strftime(t0, '%Y-%m-%d %H:%M'),
    case when t0::date = t1::date then strftime(t1, '%H:%M') else strftime(t1, '%Y-%m-%d %H:%M') end,
    case
        when unit = 'boolean' then ''
        else format(
            '; the worst {} was {}',
            case when regexp_matches(statistic, '^p\d+$') then 'five-minute ' || upper(statistic) else 'sample' end,
            readable(observed, unit)
        )
    end
)
