-- dim_column: what the columns of the warehouse, and the parameters of its macros, mean.
-- table_name is empty where a name means the same in every relation, but for those it has a row of its own for.
-- grain: one row per name, and relation where it means something else there
-- keys: table_name, column_name
-- window: none
-- prose: unit, description
-- example: select table_name, column_name, unit, description from dim_column where column_name = 'coverage'
-- example: select column_name, description from dim_column where table_name in ('', 'rpt_findings') and description like '%UTC%'
-- example: select columns.table_name, columns.column_name, words.description from duckdb_columns() as columns join dim_column as words using (column_name) where columns.table_name = 'fct_bottleneck' and words.table_name = ''
select table_name, column_name, unit, description from described_column
