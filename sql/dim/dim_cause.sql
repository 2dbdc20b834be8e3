-- dim_cause: common causes: rules and events that show each, rules that may follow from it, what tells it from others.
-- grain: one row per cause
-- keys: cause
-- window: none
-- prose: title, check_command, check_tells
-- example: select cause, title, signs, events, check_command from dim_cause order by cause
-- example: select cause, unnest(explains) as follows from dim_cause order by all
-- example: select cause, title from dim_cause where list_contains(signs, 'etcd-wal-fsync-slow')
select cause, title, signs, events, explains, reach, check_command, check_tells from catalogue_cause
