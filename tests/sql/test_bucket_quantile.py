"""The quantile of the SQL is that of Prometheus' `histogram_quantile`, and behaves like a quantile."""

import math
from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sql.folder_case import shipped_models

FINITE = st.floats(min_value=1e-4, max_value=1e4, allow_nan=False)
BOUNDS = st.lists(FINITE, min_size=1, max_size=12, unique=True).map(sorted)
PORTION = st.floats(min_value=0.001, max_value=0.999)


@st.composite
def histograms(draw: st.DrawFn) -> tuple[list[float], list[float]]:
    """Ascending bounds ending in +Inf, and cumulative counts over them."""
    les = [*draw(BOUNDS), math.inf]
    parts = draw(
        st.lists(
            st.one_of(st.just(0.0), st.floats(min_value=1e-3, max_value=1e6)),
            min_size=len(les),
            max_size=len(les),
        )
    )
    counts = [math.fsum(parts[: place + 1]) for place in range(len(parts))]
    return les, counts


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for model in shipped_models():
            if model.kind == "function":
                connection.execute(f"create macro {model.signature} as {model.body}")
        yield connection


def in_sql(con: duckdb.DuckDBPyConnection, function: str, q: float, les: list[float], counts: list[float]) -> float:
    row = con.execute(
        f"select {function}($q, $les::double[], $counts::double[])", {"q": q, "les": les, "counts": counts}
    ).fetchone()
    assert row is not None
    return math.nan if row[0] is None else float(row[0])


def as_prometheus(q: float, les: list[float], counts: list[float]) -> float:
    """`bucketQuantile` of Prometheus 2.42 (promql/quantile.go), for buckets already sorted and monotone."""
    if len(les) < 2 or not math.isinf(les[-1]) or counts[-1] == 0:
        return math.nan
    rank = q * counts[-1]
    place = next((i for i, count in enumerate(counts[:-1]) if count >= rank), len(counts) - 1)
    if place == len(counts) - 1:
        return les[-2]
    if place == 0 and les[0] <= 0:
        return les[0]
    start = les[place - 1] if place else 0.0
    below = counts[place - 1] if place else 0.0
    return start + (les[place] - start) * ((rank - below) / (counts[place] - below))


@settings(max_examples=150, deadline=None)
@given(histogram=histograms(), q=PORTION)
def test_agrees_with_prometheus(
    con: duckdb.DuckDBPyConnection, histogram: tuple[list[float], list[float]], q: float
) -> None:
    expected = as_prometheus(q, *histogram)
    assert in_sql(con, "bucket_quantile", q, *histogram) == pytest.approx(expected, rel=1e-9, nan_ok=True)


@settings(max_examples=100, deadline=None)
@given(histogram=histograms(), one=PORTION, other=PORTION)
def test_higher_quantiles_are_not_lower(
    con: duckdb.DuckDBPyConnection, histogram: tuple[list[float], list[float]], one: float, other: float
) -> None:
    low, high = (in_sql(con, "bucket_quantile", q, *histogram) for q in sorted((one, other)))
    assert low <= high * (1 + 1e-12) or math.isnan(low)


@settings(max_examples=100, deadline=None)
@given(histogram=histograms(), q=PORTION)
def test_a_quantile_lies_in_its_bucket(
    con: duckdb.DuckDBPyConnection, histogram: tuple[list[float], list[float]], q: float
) -> None:
    value = in_sql(con, "bucket_quantile", q, *histogram)
    low = in_sql(con, "bucket_low", q, *histogram)
    high = in_sql(con, "bucket_high", q, *histogram)
    assert math.isnan(value) or low * (1 - 1e-12) <= value <= high * (1 + 1e-12)
    assert low < high


@settings(max_examples=100, deadline=None)
@given(histogram=histograms(), q=PORTION)
def test_leaving_out_the_leading_empty_buckets_but_one_changes_nothing(
    con: duckdb.DuckDBPyConnection, histogram: tuple[list[float], list[float]], q: float
) -> None:
    les, counts = histogram
    first = max((place for place, count in enumerate(counts) if count == 0), default=0)
    first = min(first, len(les) - 2)
    whole, cut = (in_sql(con, "bucket_quantile", q, *part) for part in (histogram, (les[first:], counts[first:])))
    assert whole == cut or (math.isnan(whole) and math.isnan(cut))


@pytest.mark.parametrize(
    ("les", "counts", "expected"),
    [
        pytest.param([1.0, math.inf], [0.0, 0.0], math.nan, id="no observations"),
        pytest.param([math.inf], [5.0], math.nan, id="one bucket"),
        pytest.param([1.0, 2.0], [1.0, 5.0], math.nan, id="no +Inf bucket"),
        pytest.param([1.0, 2.0, math.inf], [0.0, 0.0, 5.0], 2.0, id="everything beyond the bounds"),
        pytest.param([2.0, math.inf], [10.0, 10.0], 1.0, id="the first bucket starts at 0"),
        pytest.param([-1.0, 2.0, math.inf], [10.0, 10.0, 10.0], -1.0, id="a first bound below 0"),
    ],
)
def test_ends_of_a_histogram(
    con: duckdb.DuckDBPyConnection, les: list[float], counts: list[float], expected: float
) -> None:
    assert in_sql(con, "bucket_quantile", 0.5, les, counts) == pytest.approx(expected, nan_ok=True)
