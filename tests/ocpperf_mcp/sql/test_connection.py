"""The guarded connection alone: statements that the check would refuse are executed on it as they are."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.sql.limits import Limits
from ocpperf_mcp.warehouse import open_published

LIMITS = Limits(seconds=1, memory_bytes=50 << 20)


@pytest.fixture
def guarded(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_published(home, config=LIMITS.config) as con:
        yield con


@pytest.mark.parametrize(
    "statement",
    [
        "insert into measured (n) values (1)",
        "update measured set n = 1",
        "delete from measured",
        "with gone as (delete from measured returning n) from gone",
        "create table t as select 1",
        "create macro m() as 1",
        "drop table measured",
        "alter table measured add column x int",
        "explain analyze delete from measured",
    ],
)
def test_nothing_is_written_since_it_is_opened_read_only(guarded: duckdb.DuckDBPyConnection, statement: str) -> None:
    with pytest.raises(duckdb.InvalidInputException, match="read-only"):
        guarded.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "from '{file}'",
        "from '{folder}/*.csv'",
        "from read_csv('{file}')",
        "from read_text('{file}')",
        "from read_blob('{folder}/*')",
        "from glob('{folder}/*')",
        "from sniff_csv('{file}')",
        "from query('from read_text(''{file}'')')",
        "from query_table(['{file}'])",
        "copy measured to '{folder}/stolen.csv'",
        "copy measured from '{file}'",
        "with stolen as (copy measured to '{folder}/stolen.csv') from stolen",
        "explain analyze copy measured to '{folder}/stolen.csv'",
        "export database '{folder}/stolen'",
        "import database '{folder}'",
        "attach '{folder}/other.duckdb'",
        "from read_duckdb('{folder}/other.duckdb')",
        "install httpfs",
        "load '{folder}/planted.duckdb_extension'",
        "create persistent secret s (type s3)",
    ],
)
def test_no_other_file_is_read_or_written(guarded: duckdb.DuckDBPyConnection, secret: Path, statement: str) -> None:
    with duckdb.connect(str(secret.parent / "other.duckdb")) as other:
        other.execute("create table t as select 'hidden' as word")
    before = sorted(secret.parent.iterdir())
    with pytest.raises(duckdb.Error) as caught:
        guarded.execute(statement.format(file=secret, folder=secret.parent)).fetchall()
    assert not isinstance(caught.value, duckdb.ParserException)
    assert "hidden" not in str(caught.value)
    assert sorted(secret.parent.iterdir()) == before


@pytest.mark.parametrize(
    "statement",
    [
        "set enable_external_access = true",
        "set memory_limit = '10GB'",
        "set max_execution_time = 0",
        "set threads = 64",
        "set lock_configuration = false",
        "set allowed_paths = ['/etc/passwd']",
        "reset memory_limit",
        "pragma enable_profiling",
        "call enable_logging(storage := 'file', storage_path := 'log')",
        "from enable_profiling()",
    ],
)
def test_the_configuration_stays_as_it_is(guarded: duckdb.DuckDBPyConnection, statement: str) -> None:
    with pytest.raises(duckdb.InvalidInputException, match=r"configuration has been locked"):
        guarded.execute(statement)


def test_show_tells_no_setting(guarded: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.CatalogException):
        guarded.execute("show secret_directory")


def test_a_variable_of_the_process_is_no_table(guarded: duckdb.DuckDBPyConnection) -> None:
    with duckdb.connect() as other:
        kept = other.sql("select 'hidden' as word")
        with pytest.raises(duckdb.CatalogException):
            guarded.execute("from kept")
        assert kept.fetchall() == [("hidden",)]


def test_a_runaway_join_is_interrupted(guarded: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.InterruptException):
        guarded.execute("select sum(a.n * b.n % 7) from measured as a, measured as b, measured as c").fetchall()


def test_a_large_aggregate_ends_in_a_sentence_and_spills_nothing(
    guarded: duckdb.DuckDBPyConnection, home: Home
) -> None:
    with pytest.raises(duckdb.OutOfMemoryException):
        guarded.execute("select count(*) from (select distinct range from range(10_000_000))")
    assert [path.name for path in home.slots.glob("*.tmp")] == []
