"""What people told ocpperf, as relations from which the warehouse's `dim_user_*` tables are made."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pyarrow as pa
from pydantic import BaseModel

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.state.acknowledgements import acknowledgements
from ocpperf_mcp.state.runs import named_runs

_TIME = pa.timestamp("us")
RUN_SCHEMA = pa.schema(
    [
        ("name", pa.string()),
        ("cluster", pa.string()),
        ("start", _TIME),
        ("end", _TIME),
        ("note", pa.string()),
        ("named_at", _TIME),
    ]
)
ACK_SCHEMA = pa.schema(
    [
        ("cluster", pa.string()),
        ("rule", pa.string()),
        ("entity_kind", pa.string()),
        ("entity", pa.string()),
        ("lasting", pa.string()),
        ("until", _TIME),
        ("severity", pa.string()),
        ("note", pa.string()),
        ("acknowledged_at", _TIME),
    ]
)


def user_tables(home: Home | None) -> Mapping[str, pa.Table]:
    """Relations by name, without rows where there is no home."""
    runs, given = (named_runs(home), acknowledgements(home)) if home else ((), ())
    return {"user_run": _table(runs, RUN_SCHEMA), "user_ack": _table(given, ACK_SCHEMA)}


def _table(records: Sequence[BaseModel], schema: pa.Schema) -> pa.Table:
    rows = [{name: _naive(value) for name, value in record.model_dump().items()} for record in records]
    return pa.Table.from_pylist(rows, schema=schema)


def _naive(value: object) -> object:
    """Moments as the warehouse has them: UTC without saying so."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    return value
