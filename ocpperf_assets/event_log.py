"""Dagster's event log in SQLite, with the events of a batch in one transaction of each database.

A week of hours is thousands of materialization events, and every run announces some hundred and fifty checks. Dagster
hands both over in batches where it is told to, but its SQLite storage opens and commits two databases for each event,
one of them twice for a check, and makes a SQLAlchemy engine for each, which compiles every statement anew. Files and
rows are the same as without this class, so that `dagster.yaml` may do without it.
"""

import os
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from dagster import EventLogEntry
from dagster._core.events import ASSET_CHECK_EVENTS, ASSET_EVENTS
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, NullPool, create_engine

from ocpperf_mcp.contracts.errors import OcpperfError

_INDEXED = ASSET_EVENTS | ASSET_CHECK_EVENTS
"""Events that the log of all runs has too."""
_BATCH = ("DAGSTER_EVENT_BATCH_SIZE", "1000")


class BatchedEventLog(SqliteEventLogStorage):
    """Where Dagster keeps its events by default: `history/runs` under DAGSTER_HOME."""

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        return {}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> "BatchedEventLog":
        """Raises OcpperfError without DAGSTER_HOME, from which everything of Dagster's takes its instance."""
        if not (home := os.environ.get("DAGSTER_HOME")):
            raise OcpperfError("DAGSTER_HOME is not set.", "Set it to the directory with the dagster.yaml.")
        os.environ.setdefault(*_BATCH)  # the only way Dagster is told, in every process that opens the instance
        return cls(str(Path(home) / "history" / "runs"), inst_data)

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._index = threading.local()  # what it is based on opens the index at once
        super().__init__(base_dir, inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        """A new connection in a transaction, as Dagster has it, from an engine that is kept."""
        with self._db_lock:
            engine = _engine(self.conn_string_for_shard(shard))
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    @contextmanager
    def index_connection(self) -> Iterator[Connection]:
        """That of the transaction which this thread has begun, where it has: what Dagster stores joins it."""
        begun: Connection | None = getattr(self._index, "begun", None)
        if begun is not None:
            yield begun
            return
        with super().index_connection() as connection:
            yield connection

    def store_event(self, event: EventLogEntry) -> None:
        """Store one event; that of a check at once with its row among the executions of checks."""
        if event.dagster_event_type in ASSET_CHECK_EVENTS:
            self._store_with_index([event])
        else:
            super().store_event(event)

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store the events of one run; Dagster stores them one by one when this fails.

        The log of all runs comes first: it has other writers, so it is the one that may be locked for too long.
        """
        if indexed := [event for event in events if event.dagster_event_type in _INDEXED]:
            self._store_with_index(indexed)
        for event in events:
            if event.dagster_event_type not in _INDEXED:
                self.store_event(event)

    def _store_with_index(self, events: Sequence[EventLogEntry]) -> None:
        """Events of assets and of checks: in the log of all runs with what is known of each, and in their run's."""
        inserts = [self.prepare_insert_event(event) for event in events]
        with self._begun_index() as index:
            numbered = [(event, _row_id(index.execute(insert))) for event, insert in zip(events, inserts, strict=True)]
            of_assets = [(event, number) for event, number in numbered if event.dagster_event_type in ASSET_EVENTS]
            for event, number in of_assets:
                self._store_asset_event_tags(index, [event], [number])
            for event, number in _latest(of_assets):
                self._store_asset_event(index, event, number)
            for event, number in numbered:
                if event.dagster_event_type in ASSET_CHECK_EVENTS:
                    self.store_asset_check_event(event, number)
        with self.run_connection(events[0].run_id) as run:
            for insert in inserts:
                run.execute(insert)

    @contextmanager
    def _begun_index(self) -> Iterator[Connection]:
        with self.index_transaction() as index:
            self._index.begun = index
            try:
                yield index
            finally:
                self._index.begun = None


@lru_cache(maxsize=8)
def _engine(address: str) -> Engine:
    """The index of all runs, and some runs. Without a pool: an engine holds no connection, and no file open."""
    return create_engine(address, poolclass=NullPool, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS})


def _latest(numbered: Sequence[tuple[EventLogEntry, int]]) -> Collection[tuple[EventLogEntry, int]]:
    """The last event of each kind and asset: an asset's row holds no other, and is replaced by each."""
    return {
        (event.dagster_event_type, event.get_dagster_event().asset_key): (event, number) for event, number in numbered
    }.values()


def _row_id(result: Any) -> int:
    return int(result.inserted_primary_key[0])
