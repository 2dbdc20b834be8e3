"""Decoding gives what the plain way of reading the same JSON gives."""

import json
import math
from typing import Any

import numpy as np
import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.prometheus import LocalPrometheus
from ocpperf_assets.promql import Matrix, decode_matrix
from ocpperf_assets.promql.decode import DecodeError
from tests.ocpperf_assets.promql.conftest import HOSTILE, START

Plain = list[tuple[dict[str, str], list[tuple[int, float]]]]


def plainly(body: bytes) -> Plain:
    return [
        (
            {key: value for key, value in series["metric"].items() if key != "__name__"},
            [(round(moment * 1000), float(value)) for moment, value in series["values"]],
        )
        for series in json.loads(body)["data"]["result"]
        if series.get("values")
    ]


def decoded(matrix: Matrix) -> Plain:
    """A matrix in the shape of the plain way."""
    values = [math.nan if value is None else value for value in matrix.values.to_pylist()]
    samples = list(zip(matrix.ts_ms.tolist(), values, strict=True))
    bounds = np.concatenate(([0], np.cumsum(matrix.lengths))).tolist()
    return [
        (dict(labels), samples[start:end])
        for labels, start, end in zip(matrix.labels, bounds, bounds[1:], strict=False)
    ]


def assert_same(ours: Plain, theirs: Plain) -> None:
    assert [labels for labels, _ in ours] == [labels for labels, _ in theirs]
    for (_, mine), (_, other) in zip(ours, theirs, strict=True):
        assert [moment for moment, _ in mine] == [moment for moment, _ in other]
        np.testing.assert_array_equal([value for _, value in mine], [value for _, value in other])


def asked(server: LocalPrometheus, query: str, path: str = "query_range", **form: float) -> bytes:
    form = form or {"start": START, "end": START + 3600, "step": 20}
    return requests.post(f"{server.url}/api/v1/{path}", data={"query": query, **form}, timeout=30).content


@pytest.mark.parametrize(
    "query", ["awkward", "hostile", "once", "many", "many * 1.1 / 7", "{__name__=~'many|awkward'}"]
)
@pytest.mark.parametrize("step", [20, 0.25, 61.003])
def test_what_prometheus_answers_is_decoded_as_its_own_json_reads(
    awkward: LocalPrometheus, query: str, step: float
) -> None:
    body = asked(awkward, query, start=START + 0.5, end=START + 900, step=step)
    assert plainly(body)
    assert_same(decoded(decode_matrix(body)), plainly(body))


def test_hostile_label_values_arrive_as_they_were_written(awkward: LocalPrometheus) -> None:
    texts = {labels["case"]: labels["text"] for labels in decode_matrix(asked(awkward, "hostile")).labels}
    assert texts == {name: json.loads(f'"{value}"') if "\t" not in value else value for name, value in HOSTILE.items()}


def test_nan_is_null_and_infinities_are_values(awkward: LocalPrometheus) -> None:
    values = decode_matrix(asked(awkward, "awkward", start=START + 1, end=START + 3600, step=20)).values
    assert values.null_count == 18
    assert {math.inf, -math.inf} <= {value for value in values.to_pylist() if value is not None}


def test_an_empty_answer_has_no_series(awkward: LocalPrometheus) -> None:
    matrix = decode_matrix(asked(awkward, "nothing_of_this_name"))
    assert (len(matrix.labels), len(matrix.ts_ms), len(matrix.values)) == (0, 0, 0)


@pytest.mark.parametrize("query", ["awkward", "1", "'text'"])
def test_an_instant_answer_is_refused_by_its_shape(awkward: LocalPrometheus, query: str) -> None:
    with pytest.raises(DecodeError, match=r"the result is a (vector|scalar|string), not a matrix|not the JSON"):
        decode_matrix(asked(awkward, query, path="query", time=START + 60))


def body_of(*series: dict[str, Any], **fields: Any) -> bytes:
    answer = {"status": "success", "data": {"resultType": "matrix", "result": list(series)}, **fields}
    return json.dumps(answer, separators=(",", ":")).encode()


HISTOGRAM = [[START, {"count": "3", "sum": "1.5", "buckets": [[0, "0.1", "1", "3"]]}]]


def test_native_histograms_are_counted_beside_and_instead_of_values() -> None:
    matrix = decode_matrix(
        body_of(
            {"metric": {"a": "both"}, "values": [[START, "1"]], "histograms": HISTOGRAM},
            {"metric": {"a": "only"}, "histograms": HISTOGRAM},
            {"metric": {"a": "none"}, "values": [[START, "2"]]},
        )
    )
    assert matrix.native_histograms == 2
    assert [labels["a"] for labels in matrix.labels] == ["both", "none"]
    assert matrix.values.to_pylist() == [1.0, 2.0]


def test_empty_values_among_others_leave_their_series_out() -> None:
    matrix = decode_matrix(
        body_of({"metric": {"a": "1"}, "values": []}, {"metric": {"a": "2"}, "values": [[START, "2"]]})
    )
    assert [labels["a"] for labels in matrix.labels] == ["2"]


def test_warnings_and_infos_are_kept_apart() -> None:
    matrix = decode_matrix(body_of(warnings=["a store is away"], infos=["PromQL info: no counter"]))
    assert matrix.warnings == ("a store is away",)
    assert matrix.infos == ("PromQL info: no counter",)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not the JSON"),
        (b"<html>", "not the JSON"),
        (body_of()[:-5], "not the JSON"),
        (b'{"status":"error","error":"so it is"}', "so it is"),
        (body_of({"metric": {}, "values": [[START]]}), "not pairs"),
        (body_of({"metric": {}, "values": [[START, "many"]]}), "not pairs"),
        (body_of({"metric": {}, "values": [[None, "1"]]}), "not pairs"),
    ],
)
def test_what_is_no_matrix_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(DecodeError, match=said):
        decode_matrix(body)


def written(value: float) -> str:
    return {math.inf: "+Inf", -math.inf: "-Inf"}.get(value, "NaN" if math.isnan(value) else repr(value))


names = st.text(min_size=1, max_size=8).filter(lambda name: name != "__name__")
labels = st.dictionaries(names, st.text(max_size=12), max_size=3)
samples = st.lists(st.tuples(st.integers(0, 4_102_444_800_000), st.floats()), min_size=1, max_size=6)
answers = st.lists(st.tuples(labels, samples), max_size=5)


@settings(deadline=None, max_examples=200)
@given(answers, st.sampled_from([(",", ":"), (", ", ": "), (",\n ", ":")]))
def test_any_answer_is_decoded_as_it_reads(
    series: list[tuple[dict[str, str], list[tuple[int, float]]]], separators: tuple[str, str]
) -> None:
    result = [
        {"metric": metric, "values": [[moment / 1000, written(value)] for moment, value in points]}
        for metric, points in series
    ]
    answer = {"status": "success", "data": {"resultType": "matrix", "result": result}}
    body = json.dumps(answer, separators=separators, ensure_ascii=False).encode("utf-8", errors="surrogatepass")
    assert_same(decoded(decode_matrix(body)), plainly(body))
