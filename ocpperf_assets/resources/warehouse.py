"""The two-slot warehouse as a Dagster resource."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
from dagster_duckdb import DuckDBResource

from ocpperf_assets.ingest.staged import Change
from ocpperf_assets.ingest.write import Knowledge, WriteReport, write_run
from ocpperf_assets.progress import Progress, tell
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.warehouse import open_published


class WarehouseResource(DuckDBResource):
    """`database` is the link to the published slot.

    Connections are read-only and closed whatever happens; writing goes through `write`, which takes the writer's turn.
    """

    @property
    def home(self) -> Home:
        return Home(Path(self.database).parent)

    @contextmanager
    def get_connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A read-only connection to what is published now."""
        with open_published(self.home, config=self.connection_config) as con:
            yield con

    def write(
        self, knowledge: Knowledge, run_id: str, rebuild: Sequence[Change], staged_as: str | None = None
    ) -> WriteReport:
        """Load what the run has staged (in `staged_as`), build the models over it and over `rebuild`, publish."""
        return write_run(
            self.home,
            knowledge,
            run_id,
            rebuild=rebuild,
            staged_as=staged_as,
            on_progress=lambda _, done, total: tell(Progress("writing and publishing", done, total)),
            on_wait=lambda holder: tell(Progress(f"waiting for {holder}")),
        )
