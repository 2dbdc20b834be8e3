"""What a server says it is."""

from dataclasses import dataclass, replace

import msgspec

from ocpperf_assets.promql.client import Endpoint, PrometheusClient
from ocpperf_assets.promql.faults import QueryError
from ocpperf_assets.promql.instant import ModelT, decode_status

PROMETHEUS, THANOS = "Prometheus", "Thanos"
_PATIENCE_S = 10.0


@dataclass(frozen=True)
class Identity:
    """`name` is Prometheus, Thanos, what the server calls itself, or empty where nothing tells."""

    name: str
    version: str
    retention: str
    """As the server writes it, like `15d or 10GiB`; empty where it does not say."""


class _Build(msgspec.Struct):
    version: str = ""
    application: str = ""
    go: str = msgspec.field(name="goVersion", default="")


class _Runtime(msgspec.Struct):
    retention: str = msgspec.field(name="storageRetention", default="")


def identify(client: PrometheusClient) -> Identity:
    """What the server says of itself; whatever it does not say stays empty."""
    build = _build(client)
    runtime = _status(client, "status/runtimeinfo", _Runtime) or _Runtime()
    return Identity(_name(client, build), build.version, runtime.retention)


def recognised(endpoint: Endpoint) -> Endpoint:
    """The endpoint, with `thanos` as the server tells it; one that does not answer is left to its queries to tell.

    One question to a Prometheus; one or two to a Thanos, unless it is known to be one.
    """
    if endpoint.thanos:
        return endpoint
    client = PrometheusClient(replace(endpoint, attempts=1, timeout_s=min(_PATIENCE_S, endpoint.timeout_s)))
    try:
        return replace(endpoint, thanos=_name(client, _build(client)) == THANOS)
    finally:
        client.close()


def _build(client: PrometheusClient) -> _Build:
    return _status(client, "status/buildinfo", _Build) or _Build()


def _name(client: PrometheusClient, build: _Build) -> str:
    """Thanos has no version 1 yet, Prometheus has had none below 1 for years; only Thanos lists its stores."""
    if build.application:
        return build.application
    major = build.version.lstrip("v").partition(".")[0]
    if (not build.version or major == "0") and _status(client, "stores", dict[str, msgspec.Raw]) is not None:
        return THANOS
    if major == "0" and build.go:
        return THANOS
    return PROMETHEUS if build.go and major.isdigit() else ""


def _status(client: PrometheusClient, path: str, model: type[ModelT]) -> ModelT | None:
    try:
        return decode_status(client.get(path).body, model)
    except QueryError:
        return None
