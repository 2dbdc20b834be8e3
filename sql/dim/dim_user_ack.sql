-- dim_user_ack: rules on entities that somebody acknowledged (`ocpperf ack`), as they were at the last publication.
-- lasting: for-good, until (a moment), until-worse (than the severity it had).
-- grain: one row per cluster, rule and entity
-- keys: cluster, rule, entity_kind, entity
-- window: none
select cluster, rule, entity_kind, entity, lasting, until, severity, note, acknowledged_at from user_ack
