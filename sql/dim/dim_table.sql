-- dim_table: what each relation of the warehouse is for: what a row is, its key, a macro's parameters, example queries.
-- In an example, $cluster, $t0, $t1 and $middle stand for a cluster and a window of it, which a reader puts in.
-- grain: one row per relation
-- keys: table_name
-- window: none
-- prose: description, grain, examples
-- example: select table_name, kind, grain, description from dim_table order by table_name
-- example: select table_name, parameters, examples[1] as example from dim_table where kind = 'macro'
-- example: select table_name, key_columns from dim_table where list_contains(key_columns, 'hour')
select table_name, kind, description, grain, key_columns, parameters, examples from described_table
