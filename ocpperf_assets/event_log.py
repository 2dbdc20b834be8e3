"""Dagster's event log in SQLite, with the asset events of a step in one transaction.

A week of hours is thousands of materialization events. Dagster hands them over in batches where it is told to, but its
SQLite storage opens and commits two databases for each event, and makes a SQLAlchemy engine for each, which compiles
every statement anew. Files and rows are the same as without this class, so that `dagster.yaml` may do without it.
"""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from dagster import EventLogEntry
from dagster._core.events import ASSET_EVENTS
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, NullPool, create_engine

from ocpperf_mcp.contracts.errors import OcpperfError

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

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store the events of one run; Dagster stores them one by one when this fails.

        The log of all runs comes first: it has other writers, so it is the one that may be locked for too long.
        """
        of_assets = [event for event in events if event.dagster_event_type in ASSET_EVENTS]
        if of_assets:
            self._store_asset_events(of_assets, [self.prepare_insert_event(event) for event in of_assets])
        for event in events:
            if event.dagster_event_type not in ASSET_EVENTS:
                self.store_event(event)

    def _store_asset_events(self, events: Sequence[EventLogEntry], inserts: Sequence[Any]) -> None:
        with self.index_transaction() as index:
            ids = [_row_id(index.execute(insert)) for insert in inserts]
            self._store_asset_event_tags(index, events, ids)
            for event, event_id in _latest(events, ids):
                self._store_asset_event(index, event, event_id)
        with self.run_connection(events[0].run_id) as run:
            for insert in inserts:
                run.execute(insert)


@lru_cache(maxsize=8)
def _engine(address: str) -> Engine:
    """The index of all runs, and some runs. Without a pool: an engine holds no connection, and no file open."""
    return create_engine(address, poolclass=NullPool, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS})


def _latest(events: Sequence[EventLogEntry], ids: Sequence[int]) -> Collection[tuple[EventLogEntry, int]]:
    """The last event of each kind and asset: an asset's row holds no other, and is replaced by each."""
    numbered = zip(events, ids, strict=True)
    return {
        (one.dagster_event_type, one.get_dagster_event().asset_key): (one, number) for one, number in numbered
    }.values()


def _row_id(result: Any) -> int:
    return int(result.inserted_primary_key[0])
