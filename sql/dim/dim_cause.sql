-- dim_cause: common causes: rules and events that show each, rules that may follow from it, what tells it from others.
-- grain: one row per cause
-- keys: cause
-- window: none
-- prose: title, check_command, check_tells
select cause, title, signs, events, explains, reach, check_command, check_tells from catalogue_cause
