"""`run_sql` as its callers meet it: through a worker, with every layer in place."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ocpperf_assets.slots import write_turn
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.sql.faults import EXAMPLES
from ocpperf_mcp.sql.limits import Limits
from ocpperf_mcp.sql.run import Column, SqlRunner
from tests.ocpperf_mcp.sql.conftest import ROWS

SMALL = Limits(seconds=5, rows=10, answer_bytes=10_000, statement_characters=1_000)


@pytest.fixture(scope="module")
def runner(home: Home) -> Iterator[SqlRunner]:
    with SqlRunner(home, SMALL) as made:
        yield made


def value(runner: SqlRunner, expression: str) -> object:
    ((cell,),) = runner.run(f"select {expression}").rows
    return cell


def refusal(runner: SqlRunner, statement: str) -> tuple[str, str]:
    with pytest.raises(OcpperfError) as caught:
        runner.run(statement)
    return caught.value.what, caught.value.next_step


def test_a_result_has_columns_with_types_and_units_and_the_version_that_answered(runner: SqlRunner) -> None:
    found = runner.run("select node, wait_s, n from measured order by n limit 2")
    assert found.columns == [
        Column("node", "VARCHAR", None),
        Column("wait_s", "DOUBLE", "seconds"),
        Column("n", "BIGINT", None),
    ]
    assert found.rows == [["node-0", 0.0, 0], ["node-1", 0.5, 1]]
    assert (found.truncated, found.version) == (None, 1)


def test_a_column_named_as_a_metric_has_the_unit_of_the_metric(runner: SqlRunner) -> None:
    found = runner.run("pivot (select metric, n from measured) on metric using max(n)")
    assert found.columns == [Column("busy", "BIGINT", "ratio")]


@pytest.mark.parametrize(
    ("expression", "cell"),
    [
        ("null", None),
        ("true", True),
        ("0.1", 0.1),
        ("'-0'::double", -0.0),
        ("1e300", 1e300),
        ("0.1::float", 0.10000000149011612),
        ("'nan'::double", "NaN"),
        ("'-inf'::float", "-Infinity"),
        ("9007199254740991", 9007199254740991),
        ("-9007199254740992", "-9007199254740992"),
        ("170141183460469231731687303715884105727::hugeint", "170141183460469231731687303715884105727"),
        ("1.10::decimal(18, 2)", 1.1),
        ("12345678901234567890.1::decimal(38, 1)", "12345678901234567890.1"),
        ("interval '1 month 2 days 00:00:03.000004'", "1 month 2 days 00:00:03.000004"),
        ("timestamp '2026-01-01 08:00:00.5'", "2026-01-01 08:00:00.5"),
        ("timestamp_ns '2026-01-01 00:00:00.123456789'", "2026-01-01 00:00:00.123456789"),
        ("timestamptz '2026-01-01 02:00:00+02'", "2026-01-01 00:00:00+00"),
        ("'infinity'::timestamp", "infinity"),
        ("date '2026-01-01'", "2026-01-01"),
        ("'\\xAB\\x00z'::blob", "\\xAB\\x00z"),
        ("uuid '12345678-1234-1234-1234-123456789012'", "12345678-1234-1234-1234-123456789012"),
        ("['nan'::double, null, 2]", ["NaN", None, 2.0]),
        ("[interval 1 month]", ["1 month"]),
        ("{'a': 1, 'b': {'c': ['x']}}", {"a": 1, "b": {"c": ["x"]}}),
        ("map {'a': 1, 'b': null}", {"a": 1, "b": None}),
        ("map {1: 'x'}", {"1": "x"}),
        ("'{\"a\": [1]}'::json", {"a": [1]}),
        ("'\"<b>\\ ä\u2028\U0001f525' || chr(10)", '"<b>\\ ä\u2028\U0001f525\n'),
    ],
)
def test_a_value_comes_through_as_it_is_or_as_duckdb_writes_it(
    runner: SqlRunner, expression: str, cell: object
) -> None:
    found = value(runner, expression)
    assert (type(found), found) == (type(cell), cell)


def test_two_columns_of_one_name_are_told_apart(runner: SqlRunner) -> None:
    found = runner.run("select 1 as a, 2 as a")
    assert ([column.name for column in found.columns], found.rows) == (["a", "a_1"], [[1, 2]])


def test_a_result_without_rows_still_has_its_columns(runner: SqlRunner) -> None:
    found = runner.run("select n from measured where false")
    assert (found.columns, found.rows, found.truncated) == ([Column("n", "BIGINT", None)], [], None)


def test_rows_are_cut_at_the_limit_and_the_answer_says_so(runner: SqlRunner) -> None:
    found = runner.run("from measured select n order by n desc")
    assert found.rows == [[ROWS - 1 - place] for place in range(10)]
    assert found.truncated == "There are more rows: these are the first 10. Aggregate, or narrow the query."


def test_exactly_as_many_rows_as_allowed_are_all_of_them(runner: SqlRunner) -> None:
    found = runner.run("from measured select n order by n limit 10")
    assert (len(found.rows), found.truncated) == (10, None)


def test_a_result_bomb_is_cut_at_the_bytes_and_the_answer_says_so(runner: SqlRunner) -> None:
    found = runner.run("select repeat('x', 4000) as long from measured")
    assert len(found.rows) == 2
    assert found.truncated == (
        "There are more rows, but 10,000 bytes hold only the first 2. Select fewer columns, or shorter values."
    )


@pytest.mark.parametrize(
    "statement",
    [
        "describe measured",
        "summarize measured",
        "show tables",
        "explain from measured",
        "explain pivot measured on node using max(n)",
        "from above(2990)",
        "pivot measured on node using max(n)",
        "select n, lag(n) over (order by n) as before from measured qualify before > 2990",
        "select list_transform([n], lambda x: x + 1) from measured limit 1",
        "select column_name from duckdb_columns() where table_name = 'measured'",
        "with recursive c as (select 1 as i union all select i + 1 from c where i < 5) from c -- the end",
    ],
)
def test_whatever_reads_the_warehouse_is_answered(runner: SqlRunner, statement: str) -> None:
    assert runner.run(statement).rows


def test_the_time_zone_is_utc_wherever_the_server_stands(runner: SqlRunner) -> None:
    assert value(runner, "timestamptz '2026-01-01 00:00:00'") == "2026-01-01 00:00:00+00"


@pytest.mark.parametrize(
    ("statement", "what", "next_step"),
    [
        (
            "select nod from measured",
            'The query failed: Binder Error: Referenced column "nod" not found in FROM clause!',
            'Candidate bindings: "node", "n"',
        ),
        (
            "from measurd",
            "The query failed: Catalog Error: Table with name measurd does not exist!",
            'Did you mean "measured"?',
        ),
        ("select error('late')", "The query failed: Invalid Input Error: late", EXAMPLES),
        (
            "drop table measured",
            "The warehouse is read-only here: give exactly one SELECT.",
            "`select table_name from duckdb_tables()` lists what there is.",
        ),
        ("select " + "1," * 500 + "1", "The statement has 1,008 characters; 1,000 may be.", "Shorten it."),
    ],
)
def test_a_refusal_is_one_sentence_and_a_next_step(
    runner: SqlRunner, statement: str, what: str, next_step: str
) -> None:
    assert refusal(runner, statement) == (what, next_step)


def test_a_long_error_text_is_cut(runner: SqlRunner) -> None:
    what, _ = refusal(runner, "select error(repeat('x', 100000))")
    assert len(what) < 2_000


def test_more_columns_than_an_answer_holds_are_refused(runner: SqlRunner) -> None:
    what, next_step = refusal(runner, "pivot (select n from measured) on n using count(*)")
    assert what == "The answer has 3,000 columns, too many for 10,000 bytes."
    assert next_step


def test_a_query_sees_nothing_of_the_one_before_it(home: Home) -> None:
    """On one connection, the same seed would be followed by the same number."""
    with SqlRunner(home, SMALL, workers=1) as runner:
        drawn = []
        for _ in range(2):
            runner.run("select setseed(0.5)")
            drawn.append(value(runner, "random()"))
    assert drawn[0] != drawn[1]


def test_queries_after_a_fault_are_answered(home: Home) -> None:
    with SqlRunner(home, SMALL, workers=1) as runner:
        assert "memory" in refusal(runner, "select length(repeat('x', 3000000000))")[0]
        assert value(runner, "1") == 1


def test_many_threads_share_the_workers_and_get_their_own_answers(runner: SqlRunner) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda number: value(runner, str(number)), range(40)))
    assert found == list(range(40))


def test_the_next_query_is_answered_from_what_was_published_meanwhile(home: Home, tmp_path: Path) -> None:
    copied = Home(tmp_path / "home")
    shutil.copytree(home.root, copied.root, symlinks=True)
    with SqlRunner(copied, SMALL, workers=1) as runner:
        before = runner.run("select count(*) from measured")
        with write_turn(copied, "again") as turn:
            turn.con.execute("delete from measured where n > 0")
            turn.changed_whole("measured")
        after = runner.run("select count(*) from measured")
    assert (before.rows, before.version) == ([[ROWS]], 1)
    assert (after.rows, after.version) == ([[1]], 2)


def test_without_a_warehouse_the_next_step_is_named(tmp_path: Path) -> None:
    with SqlRunner(Home(tmp_path), SMALL) as runner:
        what, next_step = refusal(runner, "select 1")
    assert (what, next_step) == (
        f"There is no warehouse at {tmp_path} yet.",
        "Run `ocpperf collect --last 1h` first.",
    )
