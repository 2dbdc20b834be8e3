-- raw_model: which SQL and catalogue content each table was built from.
-- grain: one row per model
-- keys: model
-- example: select model, built_at from raw_model order by built_at desc
-- example: select max(built_at) as last_built from raw_model
-- example: select model, sql_hash from raw_model where model like 'fct_%' order by model
create table if not exists raw_model (
    model varchar,
    sql_hash varchar,
    built_at timestamp
)
