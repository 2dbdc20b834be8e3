"""The statement check alone: no connection, no worker, nothing is executed."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.sql.statement import HIDDEN_VIEWS, SCALAR_FUNCTIONS, TABLE_FUNCTIONS, single_select

ONE_SELECT = "The warehouse is read-only here: give exactly one SELECT."
NO_OPTIONS = "EXPLAIN takes no options here: ANALYZE would execute the statement."


def refusal(statement: str) -> str:
    with pytest.raises(OcpperfError) as caught:
        single_select(statement)
    return caught.value.what


def is_refused_by_name(statement: str, name: str) -> bool:
    return refusal(statement) == f"{name} is not available here: SQL reads the warehouse and nothing else."


@pytest.mark.parametrize(
    "statement",
    [
        "select 1",
        "from measured",
        "from measured select node, n where n > 1 order by all limit 3",
        "with few as (from measured limit 3) select * from few",
        "with recursive counted as (select 1 as n union all select n + 1 from counted where n < 3) from counted",
        "select 1 union all select 2 order by 1",
        "values (1), (2)",
        "table measured",
        "describe measured",
        "describe select n from measured",
        "desc measured",
        "summarize measured",
        "show tables",
        "show all tables",
        "show measured",
        "explain select 1",
        "explain pivot measured on node using max(n)",
        "pivot measured on node in ('a', 'b') using max(n)",
        "pivot measured on node using max(n) group by n",
        "from (pivot (select 'ä' as k, * from measured) on node using max(n))",
        "unpivot measured on n, wait_s",
        "select list_transform([1, 2], lambda x: x + 1), row_number() over (partition by node) from measured",
        "from above(3), range(3), lateral (from unnest([1]))",
        "from measured asof join measured as later using (n)",
        "select columns('n.*') from measured tablesample 10%",
        "from duckdb_tables()",
        "from information_schema.columns",
        "select '; drop table measured' as \"read_csv(\"",
        "select current_date, now(), version()",
    ],
)
def test_whatever_reads_the_warehouse_is_let_through_as_it_is(statement: str) -> None:
    assert single_select(statement).text == statement


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("select 1;", "select 1"),
        ("  select ';';; -- the end;", "select ';'"),
        ("/* first; */ select 'ä' ; /* last */ ;", "select 'ä'"),
        ("/* why */ EXPLAIN -- and\n from measured;", "explain from measured"),
    ],
)
def test_semicolons_and_what_follows_them_are_left_out(written: str, understood: str) -> None:
    assert single_select(written).text == understood


@pytest.mark.parametrize(
    "statement",
    [
        "",
        ";",
        "-- nothing",
        "select 1; select 2",
        "select 1; drop table measured",
        "insert into measured values (1)",
        "update measured set n = 1",
        "delete from measured",
        "truncate measured",
        "merge into measured using measured as m on true when matched then delete",
        "create table t as select 1",
        "create temp table t as select 1",
        "create temp table t as pivot measured on node using max(n)",
        "create macro m() as 1",
        "create secret (type s3)",
        "drop table measured",
        "alter table measured add column x int",
        "comment on table measured is 'x'",
        "copy measured to 'stolen.csv'",
        "copy measured from 'planted.csv'",
        "copy (pivot measured on node using max(n)) to 'stolen.csv'",
        "with stolen as (copy measured to 'stolen.csv') pivot measured on node using max(n)",
        "export database 'stolen'",
        "import database 'planted'",
        "attach 'other.duckdb'",
        "detach measured",
        "use other",
        "install httpfs",
        "load httpfs",
        "update extensions",
        "pragma enable_profiling",
        "pragma table_info('measured')",
        "set threads = 1",
        "set variable x = 1",
        "reset threads",
        "call pragma_version()",
        "call enable_logging()",
        "checkpoint",
        "force checkpoint",
        "vacuum",
        "analyze measured",
        "begin",
        "prepare p as select 1",
        "execute p",
        "explain insert into measured values (1)",
        "explain copy measured to 'stolen.csv'",
    ],
)
def test_what_is_not_one_select_is_refused(statement: str) -> None:
    assert refusal(statement) == ONE_SELECT


@pytest.mark.parametrize(
    "statement",
    [
        "explain analyze select 1",
        "explain /* x */ analyze delete from measured",
        "explain (analyze) select 1",
        "explain (analyze, format json) copy measured to 'stolen.csv'",
        "explain analyze pivot measured on node using max(n)",
    ],
)
def test_explain_analyze_is_refused_since_it_executes(statement: str) -> None:
    assert refusal(statement) == NO_OPTIONS


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("insert into measured values (1) returning n", "INSERT"),
        ("update measured set n = 1 returning n", "UPDATE"),
        ("delete from measured returning n", "DELETE"),
        ("copy measured to 'stolen.csv'", "COPY"),
    ],
)
@pytest.mark.parametrize(
    "around",
    [
        "with changed as ({}) from changed",
        "with outer_one as (with changed as ({}) from changed) from outer_one",
        "select (with changed as ({}) select count(*) from changed)",
        "describe (with changed as ({}) from changed)",
        "explain with changed as ({}) from changed",
    ],
)
def test_what_changes_something_is_found_wherever_it_stands(around: str, change: str, word: str) -> None:
    assert refusal(around.format(change)) == f"The warehouse is read-only here: {word} is refused."


@pytest.mark.parametrize(
    "function",
    [
        "read_csv",
        "read_text",
        "read_blob",
        "read_parquet",
        "read_json",
        "read_duckdb",
        "parquet_metadata",
        "sniff_csv",
        "glob",
        "query",
        "query_table",
        "histogram",
        "json_execute_serialized_sql",
        "duckdb_secrets",
        "which_secret",
        "duckdb_settings",
        "duckdb_databases",
        "duckdb_logs",
        "duckdb_extensions",
        "enable_logging",
        "enable_profiling",
        "checkpoint",
        "force_checkpoint",
        "arrow_scan",
        "create_external_resource",
    ],
)
@pytest.mark.parametrize(
    "around",
    [
        "from {}('x')",
        "select * from main.\"{}\"('x')",
        "select 1 where exists (from {}('x'))",
        "with x as (from measured, lateral (from {}('x'))) from x",
        "describe (from {}('x'))",
        "explain from {}('x')",
        "pivot (select 'ä' as k, * from {} ('x')) on k using count(*)",
        "pivot (from \"{}\"('x')) on k using count(*)",
    ],
)
def test_a_function_that_reads_something_else_is_refused_by_name(around: str, function: str) -> None:
    assert is_refused_by_name(around.format(function), f"The function {function}()")


@pytest.mark.parametrize("function", sorted(SCALAR_FUNCTIONS))
@pytest.mark.parametrize(
    "around",
    [
        "select {}('x')",
        "select \"{}\"('x') over ()",
        "from measured where n = any(select upper({}('x')))",
        "select list_transform(['x'], lambda x: {}(x))",
        "select * replace ({}('x') as n) from measured",
        "select max(n order by {}('x')) from measured group by all having true order by 1 limit 1",
        "from measured order by case when true then {{'a': {}('x')}}.a end",
        "with x as materialized (values ({}('x'))) from x union all select 1",
        "pivot measured on node using max({}('ä'))",
    ],
)
def test_a_function_that_tells_of_the_machine_or_waits_is_refused_by_name(around: str, function: str) -> None:
    assert is_refused_by_name(around.format(function), f"The function {function}()")


def test_of_the_functions_with_effects_every_one_is_refused_or_known_to_be_harmless(
    memory: duckdb.DuckDBPyConnection,
) -> None:
    """A newer DuckDB may bring others: look at them before adding them here or there."""
    harmless = {
        *("random", "uuid", "uuidv4", "uuidv7", "gen_random_uuid", "setseed", "error", "stats", "vector_type"),
        *("current_query", "current_query_id", "current_connection_id", "current_transaction_id"),
    }
    found = memory.execute(
        "select distinct function_name from duckdb_functions() "
        "where internal and function_type = 'scalar' and has_side_effects"
    ).fetchall()
    assert {name for (name,) in found} - SCALAR_FUNCTIONS == harmless


def test_every_table_function_that_is_let_through_exists(memory: duckdb.DuckDBPyConnection) -> None:
    found = memory.execute("select function_name from duckdb_functions() where internal").fetchall()
    assert {name for (name,) in found} >= TABLE_FUNCTIONS


@pytest.mark.parametrize("view", sorted(HIDDEN_VIEWS))
@pytest.mark.parametrize(
    "around", ["from {}", "select 1 from measured join system.main.{} on true", "pivot {} on x using count(*)"]
)
def test_a_view_that_tells_of_the_machine_is_refused_by_name(around: str, view: str) -> None:
    assert is_refused_by_name(around.format(view), f"The view {view}")


@pytest.mark.parametrize(
    "file", ["secret.csv", "/etc/passwd", "../x.parquet", "*.json", "https://example.com/x", "a\\b"]
)
@pytest.mark.parametrize(
    "around", ["from '{}'", 'select * from "{}"', "summarize '{}'", "pivot '{}' on word using count(*)"]
)
def test_a_file_is_no_table(around: str, file: str) -> None:
    assert refusal(around.format(file)) == f"'{file}' is no table of the warehouse, and files are not read here."


@pytest.mark.parametrize("name", ["databases", "variables", "threads", "secret_directory", "memory_limit"])
def test_show_tells_tables_and_no_settings(name: str) -> None:
    assert is_refused_by_name(f"show {name}", f"SHOW {name}")


@pytest.mark.parametrize("statement", ["select ?", "from measured where n = $n", "select $1"])
def test_a_parameter_is_refused_since_nobody_fills_it(statement: str) -> None:
    assert refusal(statement) == "The statement has a parameter, and nobody gives it a value."


@pytest.mark.parametrize("statement", ["selec 1", "select", "select '", "select " + "(" * 50, "select '\ud800'"])
def test_what_does_not_parse_is_answered_with_the_parsers_reason(statement: str) -> None:
    assert refusal(statement).startswith("The statement does not parse: ")


@given(
    st.text(st.characters(codec="utf-8"), max_size=40), st.sampled_from(["", "select ", "from measured ", "explain "])
)
def test_any_text_is_let_through_or_refused_and_never_a_crash(text: str, start: str) -> None:
    try:
        statement = single_select(start + text)
    except OcpperfError:
        return
    assert len(duckdb.extract_statements(statement.text)) == 1
