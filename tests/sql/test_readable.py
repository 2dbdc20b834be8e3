"""Values as people write them: no exponent, no more digits than one reads."""

from collections.abc import Iterator
from math import inf

import duckdb
import pytest

from ocpperf_assets.models import load_models
from tests.sql.folder_case import DOMAINS, SQL


@pytest.fixture(scope="module")
def readable() -> Iterator[duckdb.DuckDBPyConnection]:
    (model,) = (model for model in load_models(SQL, DOMAINS) if model.name == "readable")
    with duckdb.connect() as con:
        con.execute(f"create macro readable(value, unit) as ({model.body})")
        yield con


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "seconds", "no value"),
        (0.0, "seconds", "0 ms"),
        (0.0103, "seconds", "10.3 ms"),
        (2.9e-7, "seconds", "0.29 µs"),
        (3600.0, "seconds", "3600 s"),
        (100_000.0, "seconds", "100,000 s"),
        (inf, "seconds", "inf s"),
        (0.5, "ratio", "50 %"),
        (2000.0, "ratio", "200,000 %"),
        (1.0, "boolean", "yes"),
        (0.0, "bytes", "0 MiB"),
        (512.0, "bytes", "0.5 KiB"),
        (8_589_934_592.0, "bytes", "8 GiB"),
        (1_153_434.0, "bytes_per_second", "1.1 MiB/s"),
        (59_170_000.0, "bits_per_second", "59.17 Mbit/s"),
        (20.2083, "count", "20.2083"),
        (1_234_567.0, "count", "1,234,567"),
        (12_345.6, "packets_per_second", "12,346 packets per second"),
        (1.7e9, "unix_seconds", "2023-11-14 22:13:20 UTC"),
        (1e18, "unix_seconds", "1,000,000,000,000,000,000 unix seconds"),
    ],
)
def test_a_value_reads_at_a_glance(
    readable: duckdb.DuckDBPyConnection, value: float | None, unit: str, text: str
) -> None:
    assert readable.execute("select readable($value::double, $unit)", {"value": value, "unit": unit}).fetchall() == [
        (text,)
    ]
