-- raw_model: which SQL and catalogue content each table was built from.
-- grain: one row per model
-- keys: model
create table if not exists raw_model (
    model varchar,
    sql_hash varchar,
    built_at timestamp
)
