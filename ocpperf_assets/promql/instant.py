"""What a server answers about one instant, and about itself."""

from typing import TypeVar

import msgspec

from ocpperf_assets.promql.decode import DecodeError

# Notes on the expression, not on the data: newer servers annotate every rate of a counter without the usual suffix.
ANNOTATIONS = ("PromQL info:", "PromQL warning:")

ModelT = TypeVar("ModelT")


class _Series(msgspec.Struct):
    metric: dict[str, str] = {}
    value: tuple[float, str] | None = None


class _Samples(msgspec.Struct):
    touched: int | None = msgspec.field(name="totalQueryableSamples", default=None)


class _Stats(msgspec.Struct):
    samples: _Samples = msgspec.field(default_factory=_Samples)


class _Data(msgspec.Struct):
    result_type: str = msgspec.field(name="resultType")
    result: msgspec.Raw = msgspec.Raw(b"[]")
    stats: _Stats = msgspec.field(default_factory=_Stats)


class _Body(msgspec.Struct):
    status: str
    data: _Data | None = None
    warnings: list[str] = []


# Made at import: msgspec ends the process when two threads make the decoder of a type at once.
_BODY, _SERIES = msgspec.json.Decoder(_Body), msgspec.json.Decoder(list[_Series])


class Instant(msgspec.Struct, frozen=True):
    """The series of one instant."""

    labels: tuple[dict[str, str], ...]
    values: tuple[float, ...]
    """In the order of `labels`; NaN for a native histogram."""
    samples_touched: int | None
    """Samples the server went through, where it tells."""
    missing: tuple[str, ...]
    """The server's words on data it could not reach."""


def decode_instant(body: bytes) -> Instant:
    """Decode the answer to an instant query. Raises DecodeError on anything but a successful vector."""
    try:
        answer = _BODY.decode(body)
        if answer.status != "success" or answer.data is None or answer.data.result_type != "vector":
            raise DecodeError("no successful vector")
        series = _SERIES.decode(answer.data.result)
        values = tuple(float(one.value[1]) if one.value else float("nan") for one in series)
    except (ValueError, msgspec.DecodeError) as fault:
        raise DecodeError(f"not the JSON of an instant answer: {fault}") from None
    return Instant(
        labels=tuple(one.metric for one in series),
        values=values,
        samples_touched=answer.data.stats.samples.touched,
        missing=tuple(text for text in answer.warnings if not text.startswith(ANNOTATIONS)),
    )


def decode_status(body: bytes, model: type[ModelT]) -> ModelT | None:
    """The `data` of a server's description of itself, or None where it is of another shape. For one thread only."""
    try:
        data = msgspec.json.decode(body, type=dict[str, msgspec.Raw]).get("data")
        return None if data is None else msgspec.json.decode(data, type=model)
    except msgspec.DecodeError:
        return None
