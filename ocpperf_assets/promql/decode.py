"""A range answer's bytes into Arrow, without a Python object per sample.

The JSON is scanned by type with each series' samples left as raw bytes; those are joined and handed to Arrow's CSV
reader. Answers of another shape (white space between pairs, as other servers write them) take the plain way.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import csv

_EMPTY = msgspec.Raw(b"[]")
_WHITE = (b" ", b"\n", b"\t", b"\r")


class DecodeError(ValueError):
    """The bytes are no successful matrix answer; the text says why."""


@dataclass(frozen=True)
class Matrix:
    """Series after series, samples in time order.

    `ts_ms`: Unix milliseconds. `values`: doubles, null where Prometheus said NaN. `lengths[i]` samples belong to
    `labels[i]`.
    """

    labels: Sequence[dict[str, str]]
    lengths: npt.NDArray[np.int64]
    ts_ms: npt.NDArray[np.int64]
    values: pa.Array
    warnings: tuple[str, ...]
    infos: tuple[str, ...]
    native_histograms: int
    """Series whose answer was a native histogram, which no expression of ours stores."""

    @property
    def starts(self) -> npt.NDArray[np.int64]:
        """Index of each series' first sample."""
        return (
            np.concatenate(([0], np.cumsum(self.lengths)[:-1])).astype(np.int64) if len(self.lengths) else self.lengths
        )


class _Series(msgspec.Struct):
    metric: dict[str, str] = {}
    values: msgspec.Raw = _EMPTY
    histograms: msgspec.Raw = _EMPTY


class _Data(msgspec.Struct):
    result: list[_Series]
    result_type: str = msgspec.field(name="resultType")


class _Body(msgspec.Struct):
    status: str
    data: _Data | None = None
    error: str = ""
    warnings: list[str] = []
    infos: list[str] = []


_DECODER = msgspec.json.Decoder(_Body)


def decode_matrix(body: bytes) -> Matrix:
    """Decode the answer to a range query. Raises DecodeError on anything but a successful matrix."""
    try:
        answer = _DECODER.decode(body)
    except msgspec.DecodeError as fault:
        raise DecodeError(f"not the JSON of a range answer: {fault}") from None
    if answer.status != "success" or answer.data is None:
        raise DecodeError(answer.error or f"status is {answer.status!r}")
    if answer.data.result_type != "matrix":
        raise DecodeError(f"the result is a {answer.data.result_type}, not a matrix")
    series = answer.data.result
    native = sum(bytes(one.histograms) != b"[]" for one in series)
    kept = [one for one in series if bytes(one.values) != b"[]"]
    samples = [bytes(one.values) for one in kept]
    lengths, seconds, values = _fast(samples) or _plain(samples)
    return Matrix(
        labels=[_without_name(one.metric) for one in kept],
        lengths=lengths,
        ts_ms=np.rint(seconds * 1000).astype(np.int64),
        values=values,
        warnings=tuple(answer.warnings),
        infos=tuple(answer.infos),
        native_histograms=native,
    )


_Columns = tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], pa.Array]


def _fast(samples: Sequence[bytes]) -> _Columns | None:
    """Split pairs by their fixed separators; None when the bytes are not of exactly that shape."""
    if not samples or not all(_is_dense(one) for one in samples):
        return None
    lengths = np.array([one.count(b'"],[') + 1 for one in samples], dtype=np.int64)
    joined = b'"],['.join(one[2:-3] for one in samples)
    lines = joined.replace(b'"],[', b"\n").replace(b',"', b",")
    try:
        table = csv.read_csv(
            io.BytesIO(lines),
            read_options=csv.ReadOptions(column_names=["ts", "value"], use_threads=False, block_size=len(lines) + 1),
            convert_options=csv.ConvertOptions(
                column_types={"ts": pa.float64(), "value": pa.float64()}, null_values=["NaN"]
            ),
        )
    except pa.ArrowInvalid:
        return None
    if len(table) != lengths.sum() or table["ts"].null_count:
        return None
    return lengths, table["ts"].to_numpy(), table["value"].combine_chunks()


def _is_dense(samples: bytes) -> bool:
    return samples[:2] == b"[[" and samples[-3:] == b'"]]' and not any(white in samples for white in _WHITE)


def _plain(samples: Sequence[bytes]) -> _Columns:
    try:
        decoded = [json.loads(one) for one in samples]
        pairs = [(float(moment), float(value)) for one in decoded for moment, value in one]
    except (TypeError, ValueError) as fault:
        raise DecodeError(f"samples are not pairs of time and value: {fault}") from None
    columns = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    values = pa.array(columns[:, 1], from_pandas=True)
    return np.array([len(one) for one in decoded], dtype=np.int64), columns[:, 0], values


def _without_name(labels: dict[str, str]) -> dict[str, str]:
    labels.pop("__name__", None)
    return labels
