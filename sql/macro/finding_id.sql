-- finding_id: sixteen hexadecimal digits that name a finding of a rule, by the first hour in which it fired.
-- function: finding_id(cluster, rule, entity_kind, entity, first_hour)
left(sha256(concat_ws('|', cluster, 'rule', rule, entity_kind, entity, strftime(first_hour, '%Y-%m-%dT%H:%M:%SZ'))), 16)
