"""What the benchmarks stand on: a simulated cluster's history, a Prometheus over it, and homes to collect into."""

import argparse
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from demo.cluster import simulate
from demo.prometheus import LocalPrometheus
from ocpperf_assets.ingest.write import Knowledge
from ocpperf_assets.knowledge import load_knowledge
from ocpperf_assets.promql import Endpoint
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import Window

CLUSTER = "bench"
END = datetime(2026, 1, 8, tzinfo=UTC)
DAYS = 7
WORKERS = 6
"""A week of eleven nodes is somewhat over five million samples at the default step."""


@dataclass(frozen=True)
class Ground:
    """A directory that keeps the history between benchmarks; everything else in it is made anew."""

    root: Path

    @classmethod
    def from_arguments(cls, description: str | None) -> "Ground":
        parser = argparse.ArgumentParser(description=description)
        parser.add_argument("--root", type=Path, default=Path(".benchmarks"), help="directory to work in")
        return cls(parser.parse_args().root.resolve())

    def window(self, days: int) -> Window:
        """The last days of the history."""
        return Window(END - timedelta(days=days), END)

    def home(self, name: str) -> Home:
        """An empty home."""
        root = self.root / name
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        return Home(root)

    def environment(self, home: Home, url: str) -> dict[str, str]:
        return {
            **os.environ,
            "OCPPERF_HOME": str(home.root),
            "OCPPERF_CLUSTER": CLUSTER,
            "OCPPERF_PROMETHEUS_URL": url,
        }

    @contextmanager
    def prometheus(self) -> Iterator[str]:
        """The address of a Prometheus over the history, which is simulated where it is missing."""
        data, complete = self.root / "prometheus", self.root / "history.json"
        made = {"end": END.isoformat(), "days": DAYS, "workers": WORKERS}
        if not complete.exists() or json.loads(complete.read_text(encoding="utf-8")) != made:
            shutil.rmtree(data, ignore_errors=True)
            print(f"Simulating {DAYS} days of {WORKERS + 5} nodes; this is done once.", flush=True)
            simulate(data, END, hours=24 * DAYS, workers=WORKERS, scenarios=())
            complete.write_text(json.dumps(made), encoding="utf-8")
        with LocalPrometheus(data) as server:
            yield server.url


def knowledge() -> Knowledge:
    return load_knowledge(Settings(home=Path("unused")))


def endpoint(url: str) -> Endpoint:
    return Endpoint(url)


def collect_command(window: Window) -> list[str]:
    return ["ocpperf", "collect", "--from", f"{window.start:%Y-%m-%dT%H:%MZ}", "--to", f"{window.end:%Y-%m-%dT%H:%MZ}"]


def verdict(ratio: float, budget: float, *, at_least: bool = False) -> tuple[str, bool]:
    """A ratio beside its budget as text, and whether it is kept."""
    kept = ratio >= budget if at_least else ratio <= budget
    bound = "at least" if at_least else "at most"
    return f"{ratio:.2f} ({bound} {budget:g}: {'within' if kept else 'over'})", kept


def settings_of(environment: Mapping[str, str]) -> Settings:
    """Settings as a command with this environment would have them."""
    os.environ.update({key: value for key, value in environment.items() if key.startswith("OCPPERF_")})
    return Settings()
