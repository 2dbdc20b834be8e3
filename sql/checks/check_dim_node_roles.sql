-- warn
-- A node without a role takes part in no rule that is meant for certain roles.
select cluster, node from dim_node where role is null
