"""What the server counts of itself, in Prometheus' text format."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BOUNDS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_PREFIX = "ocpperf_mcp"
Sample = tuple[Mapping[str, str], float]


@dataclass
class _Durations:
    counts: list[int] = field(default_factory=lambda: [0] * (len(_BOUNDS_S) + 1))
    total_s: float = 0.0


class Meters:
    """Counted by the one thread of the event loop."""

    def __init__(self) -> None:
        self.in_flight = 0
        self.refused: Counter[str] = Counter()
        self._calls: Counter[tuple[str, str]] = Counter()
        self._durations: defaultdict[str, _Durations] = defaultdict(_Durations)

    def count_call(self, tool: str, outcome: str, seconds: float) -> None:
        """`outcome` is ok, refused or failed."""
        self._calls[tool, outcome] += 1
        durations = self._durations[tool]
        durations.counts[bisect_left(_BOUNDS_S, seconds)] += 1
        durations.total_s += seconds

    def lines(self) -> Iterator[str]:
        """Calls, and requests that were refused before they became one."""
        calls = [({"tool": tool, "outcome": outcome}, count) for (tool, outcome), count in sorted(self._calls.items())]
        yield from family("calls_total", "counter", "Calls of tools by outcome: ok, refused or failed.", calls)
        yield from self._histogram("call_duration_seconds")
        yield from family("calls_in_flight", "gauge", "Calls that run now.", [({}, self.in_flight)])
        refused = [({"reason": reason}, count) for reason, count in sorted(self.refused.items())]
        yield from family("requests_refused_total", "counter", "Requests that were not let in.", refused)

    def _histogram(self, name: str) -> Iterator[str]:
        yield from _head(name, "histogram", "How long calls took.")
        for tool, durations in sorted(self._durations.items()):
            below = 0
            for bound, count in zip((*map(str, _BOUNDS_S), "+Inf"), durations.counts, strict=True):
                below += count
                yield _sample(f"{name}_bucket", {"tool": tool, "le": bound}, below)
            yield _sample(f"{name}_sum", {"tool": tool}, durations.total_s)
            yield _sample(f"{name}_count", {"tool": tool}, below)


def family(name: str, kind: str, tells: str, samples: Iterable[Sample]) -> Iterator[str]:
    """The lines of a metric family; `name` without the prefix that all have."""
    yield from _head(name, kind, tells)
    for labels, value in samples:
        yield _sample(name, labels, value)


def _head(name: str, kind: str, tells: str) -> Iterator[str]:
    yield f"# HELP {_PREFIX}_{name} {tells}"
    yield f"# TYPE {_PREFIX}_{name} {kind}"


def _sample(name: str, labels: Mapping[str, str], value: float) -> str:
    pairs = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"{_PREFIX}_{name}{{{pairs}}} {value}" if pairs else f"{_PREFIX}_{name} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
