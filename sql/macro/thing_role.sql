-- thing_role: the role under which a thing is listed: its node's; what is of no node is filed under 'cluster', what is on a
-- node that is not known under 'unknown'.
-- function: thing_role(node_role, entity_kind)
case when node_role is not null then node_role when entity_kind in ('cluster', 'resource') then 'cluster' else 'unknown' end
