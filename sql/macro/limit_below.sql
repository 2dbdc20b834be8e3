-- limit_below: greatest of the ascending bucket bounds not above a limit; 0 when the limit lies in the first bucket.
-- function: limit_below(bound, les)
coalesce(list_filter(les, lambda le: le <= bound)[-1], 0)
