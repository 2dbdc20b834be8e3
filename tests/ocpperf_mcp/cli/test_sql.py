"""`ocpperf sql`, as somebody types it."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from ocpperf_assets.slots import write_turn
from ocpperf_mcp.cli import main
from ocpperf_mcp.contracts.paths import Home
from tests.conftest import OCPPERF

ROWS = 30_000
"""More than any pipe holds, and more than one batch."""


class Answer(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Terminal:
    """A folder somebody works in, with OCPPERF_HOME set."""

    folder: Path
    home: Home

    @property
    def environment(self) -> dict[str, str]:
        known = {key: value for key, value in os.environ.items() if not key.startswith("OCPPERF_")}
        return {**known, "OCPPERF_HOME": str(self.home.root), "COLUMNS": "100"}

    def start(self, *words: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        command = [OCPPERF, "sql", *words]
        return subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, cwd=self.folder, env=self.environment
        )

    def run(self, *words: str, typed: str = "") -> Answer:
        process = self.start(*words)
        output, errors = process.communicate(typed, timeout=60)
        return Answer(process.returncode, output, errors)

    def sql(self, *words: str) -> Answer:
        """The same in this process, through the same entry point: starting Python takes longer than most queries."""
        output, errors, code = io.StringIO(), io.StringIO(), 0
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(output), redirect_stderr(errors):
            patch.chdir(self.folder)
            patch.setenv("OCPPERF_HOME", str(self.home.root))
            patch.setenv("COLUMNS", "100")
            patch.setattr(sys, "argv", [OCPPERF, "sql", *words])
            try:
                main()
            except SystemExit as end:
                code = int(end.code or 0)
        return Answer(code, output.getvalue(), errors.getvalue())

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("warehouse") / "home")
    with write_turn(made, "run") as turn:
        turn.con.execute(f"create table measured as select range as n, 'node-' || range as node from range({ROWS})")
        turn.con.execute(
            "create table awkward as select * from (values "
            "(1, 'a,\"b\"', timestamp '2026-01-01 00:00:00'), (2, '[bold]x[/nope]', null)) as v(id, \"[/text]\", ts)"
        )
    return made


@pytest.fixture
def terminal(home: Home, tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, home)


def said(finished: Answer) -> str:
    """The sentence of a refusal, which is all that a refused command answers."""
    assert finished.returncode == 1
    assert finished.stdout == ""
    first, *more = finished.stderr.splitlines()
    assert first.startswith("ocpperf: ")
    assert len(more) <= 1, finished.stderr
    return first.removeprefix("ocpperf: ")


def test_a_table_shows_values_as_they_are_and_null_as_nothing(terminal: Terminal) -> None:
    finished = terminal.run("from awkward order by id")
    assert finished.returncode == 0, finished.stderr
    shown = [
        [cell.strip() for cell in line.strip("│┃").replace("┃", "│").split("│")]
        for line in finished.stdout.splitlines()
        if line[0] in "│┃"
    ]
    assert shown == [
        ["id", "[/text]", "ts"],
        ["1", 'a,"b"', "2026-01-01 00:00:00"],
        ["2", "[bold]x[/nope]", ""],
    ]


def test_a_long_table_ends_with_how_to_get_the_rest(terminal: Terminal) -> None:
    finished = terminal.sql("from measured order by n")
    assert finished.stdout.splitlines()[-1] == "First 200 rows; --format csv writes them all."
    assert "node-199 " in finished.stdout
    assert "node-200 " not in finished.stdout


def test_csv_holds_every_row_quoted_as_csv_readers_expect(terminal: Terminal) -> None:
    rows = list(csv.reader(io.StringIO(terminal.sql("from awkward order by id", "--format", "csv").stdout)))
    assert rows == [["id", "[/text]", "ts"], ["1", 'a,"b"', "2026-01-01 00:00:00"], ["2", "[bold]x[/nope]", ""]]


def test_json_is_one_object_a_line_and_null_stays_null(terminal: Terminal) -> None:
    lines = terminal.sql("from awkward order by id", "--format", "json").stdout.splitlines()
    assert [json.loads(line) for line in lines] == [
        {"id": 1, "[/text]": 'a,"b"', "ts": "2026-01-01 00:00:00"},
        {"id": 2, "[/text]": "[bold]x[/nope]", "ts": None},
    ]


def test_parquet_keeps_rows_and_types(terminal: Terminal) -> None:
    name = "it's.parquet"
    finished = terminal.sql("select * from measured, awkward -- all of it", "--format", "parquet", "--out", name)
    assert (finished.returncode, finished.stdout, terminal.files) == (0, "", [name])
    with duckdb.connect() as con:
        written = con.from_parquet(str(terminal.folder / name))
        assert written.types == ["BIGINT", "VARCHAR", "INTEGER", "VARCHAR", "TIMESTAMP"]
        assert written.shape == (2 * ROWS, 5)


def test_a_statement_may_come_from_standard_input(terminal: Terminal) -> None:
    finished = terminal.run("--format", "csv", typed="select count(*) as n\nfrom measured;\n")
    assert finished.stdout.split() == ["n", str(ROWS)]


def test_out_writes_the_file_and_nothing_to_the_terminal(terminal: Terminal) -> None:
    finished = terminal.sql("from measured", "--format", "csv", "--out", "rows.csv")
    assert (finished.returncode, finished.stdout, terminal.files) == (0, "", ["rows.csv"])
    assert len((terminal.folder / "rows.csv").read_text(encoding="utf-8").splitlines()) == ROWS + 1


@pytest.mark.parametrize(
    "statement",
    [
        "insert into measured values (1, 'x')",
        "create temp table t as select 1",
        "copy measured to 'stolen.csv'",
        "attach 'other.duckdb'",
        "set enable_external_access = true",
        "select 1; select 2",
        "",
    ],
)
def test_what_is_not_one_select_is_refused(terminal: Terminal, statement: str) -> None:
    assert said(terminal.sql(statement)) == "The warehouse is read-only here: give exactly one SELECT."
    assert terminal.files == []


def test_a_refusal_is_one_sentence_and_one_next_step_and_no_traceback(terminal: Terminal) -> None:
    assert terminal.run("drop table measured") == Answer(
        1,
        "",
        "ocpperf: The warehouse is read-only here: give exactly one SELECT.\n"
        "  `select table_name from duckdb_tables()` lists what there is.\n",
    )


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("selec 1", 'The statement does not parse: Parser Error: syntax error at or near "selec"'),
        ("from nowhere", "The query failed: Catalog Error: Table with name nowhere does not exist!"),
        ("select error('late') from measured", "The query failed: Invalid Input Error: late"),
    ],
)
def test_a_faulty_statement_is_answered_with_the_databases_reason(
    terminal: Terminal, statement: str, reason: str
) -> None:
    assert said(terminal.sql(statement)) == reason


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize(
    "statement",
    [
        "from 'secret.csv'",
        "from read_csv('secret.csv')",
        "from read_text('secret.csv')",
        "explain analyze copy measured to 'stolen.csv'",
    ],
)
def test_no_format_reads_or_writes_another_file(terminal: Terminal, statement: str, form: str) -> None:
    (terminal.folder / "secret.csv").write_text("word\nhidden\n", encoding="utf-8")
    finished = terminal.sql(statement, "--format", form, "--out", f"out.{form}")
    assert "hidden" not in said(finished)
    assert terminal.files == ["secret.csv"]


def test_a_plan_is_printed_and_no_parquet_is_made_of_it(terminal: Terminal) -> None:
    assert "measured" in terminal.sql("explain from measured").stdout
    refused = terminal.sql("explain from measured", "--format", "parquet", "--out", "plan.parquet")
    assert said(refused) == "A plan is text, and no table for Parquet."
    assert terminal.files == []


def test_a_pivot_without_its_columns_is_printed_and_exported(terminal: Terminal) -> None:
    statement = "pivot (from measured where n < 2) on node using max(n)"
    assert terminal.sql(statement, "--format", "csv").stdout.splitlines() == ["node-0,node-1", "0,1"]
    assert terminal.sql(statement, "--format", "parquet", "--out", "pivot.parquet").returncode == 0
    with duckdb.connect() as con:
        assert con.from_parquet(str(terminal.folder / "pivot.parquet")).columns == ["node-0", "node-1"]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_query_that_fails_half_way_leaves_the_earlier_export_as_it_was(terminal: Terminal, form: str) -> None:
    earlier = terminal.folder / "rows"
    earlier.write_text("of yesterday", encoding="utf-8")
    late = f"select case when n = {ROWS - 1} then error('late') else n end as n from measured"
    assert said(terminal.sql(late, "--format", form, "--out", "rows")) == "The query failed: Invalid Input Error: late"
    assert terminal.files == ["rows"]
    assert earlier.read_text(encoding="utf-8") == "of yesterday"


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_folder_that_does_not_exist_is_named(terminal: Terminal, form: str) -> None:
    assert said(terminal.sql("select 1", "--format", form, "--out", "none/x")) == "There is no folder none."


def test_parquet_on_the_terminal_is_refused(terminal: Terminal) -> None:
    assert said(terminal.sql("select 1", "--format", "parquet")) == "Parquet needs a file."


def test_before_the_first_collection_the_next_step_is_named(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, Home(tmp_path / "nothing"))
    finished = terminal.sql("select 1")
    assert said(finished) == f"There is no warehouse at {terminal.home.root} yet."
    assert finished.stderr.splitlines()[1].strip() == "Run `ocpperf collect --last 1h` first."
    assert terminal.files == []


def test_a_reader_that_closes_the_pipe_ends_it_quietly(terminal: Terminal) -> None:
    with terminal.start("from measured", "--format", "csv") as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline() == "n,node\n"
        process.stdout.close()
        assert process.stderr.read() == ""


def interrupted(terminal: Terminal, *words: str) -> Answer:
    """Ctrl-C once the file is there, so once the query runs."""
    process = terminal.start(*words)
    try:
        while not terminal.files:
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    finally:
        process.kill()  # where Ctrl-C did not end it, nothing else would
    return Answer(process.returncode, output, errors)


@pytest.mark.parametrize(
    ("statement", "form"),
    [
        ("from measured as a, measured as b", "csv"),
        ("select sum(a.n * b.n % 7) from measured as a, measured as b, measured as c", "parquet"),
    ],
    ids=["while-rows-are-written", "before-the-first-row"],
)
def test_ctrl_c_ends_a_long_query_at_once_and_leaves_no_half_file(
    terminal: Terminal, statement: str, form: str
) -> None:
    answer = interrupted(terminal, statement, "--format", form, "--out", "rows")
    assert answer.returncode == 130
    assert answer.stderr.strip() in ("", "Aborted.")
    assert terminal.files == []
