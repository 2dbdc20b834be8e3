"""What kind of server answers, how its clock goes and what it says of its retention."""

import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import msgspec

from ocpperf_assets.doctor.ask import ask
from ocpperf_assets.promql import PrometheusClient, QueryError
from ocpperf_assets.promql.instant import ModelT, decode_status

PROMETHEUS, THANOS = "Prometheus", "Thanos"


@dataclass(frozen=True)
class Reached:
    """The first answer: how long it took, and how far the server's clock is ahead."""

    seconds: float
    ahead_s: float | None
    """Seconds, by the HTTP header Date, which has no fractions; None without one."""


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


def reach(client: PrometheusClient) -> Reached:
    """Ask for a constant. Raises OcpperfError when the address, the certificate or the token is not accepted."""
    before = time.time()
    measured = ask(client, "vector(1)", before)
    return Reached(measured.seconds, _ahead(measured.date, before, time.time()))


def _ahead(date: str | None, before: float, after: float) -> float | None:
    """How far the date lies outside of the asking: the header is cut to the second before it."""
    try:
        told = parsedate_to_datetime(date or "").timestamp()
    except ValueError:
        return None
    return max(told - after, 0.0) or min(told + 1 - before, 0.0)


def identify(client: PrometheusClient) -> Identity:
    """What the server says of itself; whatever it does not say stays empty."""
    build = _status(client, "status/buildinfo", _Build) or _Build()
    runtime = _status(client, "status/runtimeinfo", _Runtime) or _Runtime()
    return Identity(_name(client, build), build.version, runtime.retention)


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
