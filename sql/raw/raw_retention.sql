-- raw_retention: from when on each table still has its rows, where older ones were removed, and when that was.
-- grain: one row per table
-- keys: table_name
create table if not exists raw_retention (
    table_name varchar,
    kept_from timestamp,
    removed_at timestamp
)
