"""Where planted secrets are looked for: in files as they are, and within what is compressed in them."""

import sqlite3
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path

import duckdb

SQLITE = b"SQLite format 3\0"


def found_in(root: Path, words: Collection[str]) -> list[str]:
    """Each place below `root` that holds one of the words, with the word."""
    return [
        f"{path.relative_to(root)}: {word}"
        for path in sorted(root.rglob("*"))
        if path.is_file()
        for text in _texts(path)
        for word in words
        if word in text
    ]


def _texts(path: Path) -> Iterator[str]:
    content = path.read_bytes()
    yield content.decode("utf-8", "replace")
    if path.suffix in (".duckdb", ".parquet"):
        yield from _of_tables(path)
    elif content.startswith(SQLITE):
        yield from _of_snapshots(path)


def _of_tables(path: Path) -> Iterator[str]:
    """Every row as text: DuckDB and Parquet compress what they hold."""
    with duckdb.connect() as con:
        if path.suffix == ".parquet":
            con.execute(f"create view told as from read_parquet('{path}')")
            tables = ["told"]
        else:
            con.execute(f"attach '{path}' as kept (read_only)")
            names = con.execute("select schema_name, table_name from duckdb_tables() where database_name = 'kept'")
            tables = [f'kept."{schema}"."{table}"' for schema, table in names.fetchall()]
        for table in tables:
            for (row,) in con.execute(f"select held::varchar from {table} as held").fetchall():
                yield str(row)


def _of_snapshots(path: Path) -> Iterator[str]:
    """Dagster deflates what it remembers of jobs."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as con:
        for (table,) in con.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in con.execute(f'select * from "{table}"'):
                yield from (_inflated(value) for value in row if isinstance(value, bytes))


def _inflated(value: bytes) -> str:
    try:
        return zlib.decompress(value).decode("utf-8", "replace")
    except zlib.error:
        return value.decode("utf-8", "replace")
