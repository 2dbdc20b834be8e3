-- dim_user_ack: rules on entities that somebody acknowledged (`ocpperf ack`), as they were at the last publication.
-- lasting: for-good, until (a moment), until-worse (than the severity it had).
-- grain: one row per cluster, rule and entity
-- keys: cluster, rule, entity_kind, entity
-- window: none
-- example: select rule, entity, lasting, until, note from dim_user_ack where cluster = $cluster
-- example: from dim_user_ack where lasting = 'until' order by until
-- example: select finding.rule, finding.entity, known.note from rpt_findings as finding join dim_user_ack as known using (cluster, rule, entity_kind, entity)
select cluster, rule, entity_kind, entity, lasting, until, severity, note, acknowledged_at from user_ack
