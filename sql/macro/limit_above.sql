-- limit_above: smallest of the ascending bucket bounds not below a limit.
-- function: limit_above(bound, les)
list_filter(les, lambda le: le >= bound)[1]
