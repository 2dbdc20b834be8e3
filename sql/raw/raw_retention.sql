-- raw_retention: from when on each table still has its rows, where older ones were removed, and when that was.
-- grain: one row per table
-- keys: table_name
-- example: select table_name, kept_from, removed_at from raw_retention order by table_name
-- example: select table_name from raw_retention where kept_from > $t0
-- example: select max(removed_at) as last_removed from raw_retention
create table if not exists raw_retention (
    table_name varchar,
    kept_from timestamp,
    removed_at timestamp
)
