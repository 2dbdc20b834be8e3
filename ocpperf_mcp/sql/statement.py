"""Exactly one statement that only reads, as DuckDB's own parser understands it.

What is refused here: everything but SELECT (FROM, VALUES, TABLE, WITH), DESCRIBE, SUMMARIZE, SHOW and plain EXPLAIN
of these; several statements; INSERT, UPDATE, DELETE and COPY inside WITH; parameters; files named as tables; built-in
table functions and views outside the lists below, so that those of a newer DuckDB are refused until somebody has looked
at them; scalar functions that tell of the machine, write, wait, or take SQL as text.

What is not promised: this is a check of what is written, and so the layer that explains. Macros and views of the
warehouse are taken as they are. How much a query takes is no matter of this module.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import duckdb

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.sql.faults import EXAMPLES, first_line
from ocpperf_mcp.sql.limits import LOCKED

Tree = dict[str, Any]

TABLE_FUNCTIONS = frozenset(
    {
        "duckdb_columns",
        "duckdb_constraints",
        "duckdb_functions",
        "duckdb_indexes",
        "duckdb_keywords",
        "duckdb_schemas",
        "duckdb_tables",
        "duckdb_types",
        "duckdb_views",
        "generate_series",
        "icu_calendar_names",
        "json_each",
        "json_tree",
        "pg_timezone_names",
        "pragma_collations",
        "pragma_database_size",
        "pragma_show",
        "pragma_storage_info",
        "pragma_table_info",
        "pragma_version",
        "range",
        "repeat",
        "repeat_row",
        "summary",
        "unnest",
    }
)
"""Built-in table functions that read nothing but their arguments, the catalogue and the tables of the warehouse."""

HIDDEN_VIEWS = frozenset({"duckdb_databases", "duckdb_logs", "pragma_database_list", "pg_database", "pg_settings"})
"""Built-in views over what tells of the machine: paths, settings, logs."""

SCALAR_FUNCTIONS = frozenset(
    {
        "current_setting",
        "getenv",
        "write_log",
        "nextval",
        "setval",
        "currval",
        "sleep_ms",
        "json_serialize_plan",
    }
)
"""Scalar functions that are refused: they tell of the machine, write, wait, or bind SQL that is a value."""

_READING_NODES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
_SHOWN = frozenset({'"tables"', "__show_tables_expanded"})
_FILE = re.compile(r"[./\\*?:]")
_PIVOTS = frozenset({"pivot", "pivot_wider", "from", "select", "with"})
_BEFORE_TABLES = frozenset({"from", "join", "pivot", "pivot_wider"})
_CHANGING_WORDS = frozenset({"insert", "update", "delete", "copy", "create"})
_TABLES = "`select table_name from duckdb_tables()` lists what there is."
_ONE_SELECT = "The warehouse is read-only here: give exactly one SELECT."


@dataclass(frozen=True)
class Statement:
    """One statement without its semicolon. A plan (EXPLAIN) can be executed, but is no table to select from."""

    text: str
    is_plan: bool = False


def single_select(text: str) -> Statement:
    """The one statement in `text`. Raises OcpperfError with what is refused and the next step."""
    statements = _parsed(text)
    if len(statements) != 1:
        raise OcpperfError(_ONE_SELECT, _TABLES)
    query, words = _without_semicolon(str(statements[0].query))
    kind = _kind(statements[0])
    if kind is duckdb.StatementType.SELECT:
        _refuse_tree(query)
        return Statement(query)
    if words[0].name == "explain":
        return Statement(f"explain {single_select(_explained(query, words)).text}", is_plan=True)
    if kind is not duckdb.StatementType.MULTI:
        raise OcpperfError(_ONE_SELECT, _TABLES)
    _refuse_words(words)
    return Statement(query)


def _parsed(text: str) -> list[duckdb.Statement]:
    try:
        text.encode()
        return duckdb.extract_statements(text)
    except (duckdb.Error, UnicodeError) as fault:
        raise OcpperfError(f"The statement does not parse: {first_line(fault)}", EXAMPLES) from None


def _kind(statement: duckdb.Statement) -> duckdb.StatementType | None:
    """None for a kind that the Python package has no name for, such as that of UPDATE EXTENSIONS."""
    try:
        return statement.type
    except ValueError:
        return None


def _explained(query: str, words: Sequence["_Word"]) -> str:
    """What follows the word EXPLAIN. Options are refused: with ANALYZE the statement is executed."""
    if words[1].name in ("analyze", "analyse", "("):
        raise OcpperfError("EXPLAIN takes no options here: ANALYZE would execute the statement.", "Use plain EXPLAIN.")
    return query.encode()[words[1].start :].decode()


def _refuse_tree(query: str) -> None:
    ((text,),) = _parser().execute("select json_serialize_sql($query)::varchar", {"query": query}).fetchall()
    answer = json.loads(text)
    if answer["error"]:
        raise OcpperfError(f"The statement does not parse: {answer['error_message']}", EXAMPLES)
    for part in _parts(answer["statements"]):
        for refuse in _RULES:
            refuse(part)


def _parts(tree: object) -> Iterator[Tree]:
    """Every object in the tree; not recursive, since an expression may be a thousand deep."""
    waiting = [tree]
    while waiting:
        match waiting.pop():
            case dict() as found:
                yield found
                waiting.extend(found.values())
            case list() as found:
                waiting.extend(found)


def _refuse_changes(part: Tree) -> None:
    kind = str(part.get("type", ""))
    if kind.endswith("_NODE") and kind not in _READING_NODES:
        word = kind.removesuffix("_NODE").removesuffix("_QUERY")
        raise OcpperfError(f"The warehouse is read-only here: {word} is refused.", "Only SELECT may stand in WITH.")


def _refuse_functions(part: Tree) -> None:
    if part.get("type") == "TABLE_FUNCTION":
        _refuse_table_function(str(part["function"].get("function_name")).lower())
    elif part.get("class") in ("FUNCTION", "WINDOW"):
        _refuse_scalar_function(str(part.get("function_name")).lower())


def _refuse_table_function(name: str) -> None:
    if name in _built_in().functions - TABLE_FUNCTIONS:
        raise _not_here(f"The function {name}()")


def _refuse_scalar_function(name: str) -> None:
    if name in SCALAR_FUNCTIONS or name.startswith("__internal"):
        raise _not_here(f"The function {name}()")


def _refuse_tables(part: Tree) -> None:
    if part.get("type") == "BASE_TABLE":
        _refuse_table(str(part["table_name"]))


def _refuse_table(name: str) -> None:
    if _FILE.search(name):
        raise OcpperfError(f"'{name}' is no table of the warehouse, and files are not read here.", _TABLES)
    if name.lower() in HIDDEN_VIEWS:
        raise _not_here(f"The view {name}")


def _refuse_settings(part: Tree) -> None:
    if part.get("type") != "SHOW_REF" or not part.get("table_name"):
        return
    name, kind = str(part["table_name"]), part["show_type"]
    if (kind == "SHOW_SPECIAL" and name not in _SHOWN) or (kind == "SHOW" and name.lower() in _built_in().settings):
        raise _not_here(f"SHOW {name.strip(chr(34))}")


def _refuse_parameters(part: Tree) -> None:
    if part.get("class") == "PARAMETER":
        raise OcpperfError("The statement has a parameter, and nobody gives it a value.", "Write the value itself.")


_RULES: tuple[Callable[[Tree], None], ...] = (
    _refuse_changes,
    _refuse_functions,
    _refuse_tables,
    _refuse_settings,
    _refuse_parameters,
)


def _not_here(what: str) -> OcpperfError:
    return OcpperfError(f"{what} is not available here: SQL reads the warehouse and nothing else.", _TABLES)


@dataclass(frozen=True)
class _Word:
    """A token that is no comment: the byte at which it starts, and its text."""

    start: int
    text: str

    @property
    def name(self) -> str:
        """As DuckDB looks it up: without quotes, in lower case."""
        return self.text.strip("\"'").lower()


def _words(query: str) -> list[_Word]:
    """Tokens; DuckDB counts their places in bytes."""
    written = query.encode()
    tokens = duckdb.tokenize(query)
    ends = [start for start, _ in tokens[1:]] + [len(written)]
    return [
        _Word(start, written[start:end].decode().strip())
        for (start, kind), end in zip(tokens, ends, strict=True)
        if kind != duckdb.token_type.comment
    ]


def _without_semicolon(query: str) -> tuple[str, list[_Word]]:
    """The statement up to its semicolon, after which there may be a comment; and its words."""
    words = _words(query)
    end = len(query.encode())
    while words[-1].text == ";":
        end = words.pop().start
    return query.encode()[:end].decode().strip(), words


def _refuse_words(words: Sequence[_Word]) -> None:
    """PIVOT without IN is several statements to DuckDB, whose tree it does not show: so its words are looked at."""
    if words[0].name not in _PIVOTS or any(word.text.lower() in _CHANGING_WORDS for word in words):
        raise OcpperfError(_ONE_SELECT, _TABLES)
    for word, following in pairwise(words):
        if following.text == "(":
            _refuse_table_function(word.name)
            _refuse_scalar_function(word.name)
    for word, following in pairwise(words):
        if word.name in _BEFORE_TABLES:
            _refuse_table(following.name)


@dataclass(frozen=True)
class _BuiltIn:
    functions: frozenset[str]
    settings: frozenset[str]


@cache
def _built_in() -> _BuiltIn:
    """Names of what DuckDB itself brings along to read from, and of its settings."""
    functions = _parser().execute(
        "select distinct lower(function_name) from duckdb_functions() "
        "where internal and function_type in ('table', 'table_macro', 'pragma')"
    )
    names = frozenset(name for (name,) in functions.fetchall())
    settings = _parser().execute("select lower(name) from duckdb_settings()").fetchall()
    return _BuiltIn(names, frozenset(name for (name,) in settings))


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    """A database of nothing, which sees the statement as a value only and never executes it."""
    return duckdb.connect(config=dict(LOCKED))
