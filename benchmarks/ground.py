"""What the benchmarks stand on: a simulated cluster's history, a Prometheus over it, and homes to collect into."""

import argparse
import json
import os
import shutil
import time
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
from ocpperf_mcp.contracts.windows import Window, floor_to, parse_duration

CLUSTER = "bench"
DAYS = 7
WORKERS = 4
STEP = "30s"
"""A week of nine nodes is over eight million samples at this step."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ground:
    """A directory that keeps the history between benchmarks; everything else in it is made anew."""

    root: Path

    @classmethod
    def from_arguments(cls, description: str | None) -> "Ground":
        parser = argparse.ArgumentParser(description=description)
        parser.add_argument("--root", type=Path, default=Path(".benchmarks"), help="directory to work in")
        return cls(parser.parse_args().root.resolve())

    @property
    def end(self) -> datetime:
        """Where the history ends: the midnight before it was made."""
        record = json.loads((self.root / "history.json").read_text(encoding="utf-8"))
        return datetime.fromisoformat(record["end"])

    def window(self, days: int) -> Window:
        """The last days of the history."""
        return Window(self.end - days * _DAY, self.end)

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
            "OCPPERF_STEP": STEP,
        }

    @contextmanager
    def prometheus(self) -> Iterator[str]:
        """The address of a Prometheus over the history, which is simulated where it is missing."""
        if not (self.root / "history.json").exists():
            self._simulate()
        with self._served() as server:
            yield server.url

    def _simulate(self) -> None:
        """Day after day, each with a seed of its own; then Prometheus joins the blocks of each day."""
        shutil.rmtree(self._data, ignore_errors=True)
        end = floor_to(datetime.now(UTC), _DAY)
        for day in range(DAYS):
            print(f"Simulating day {day + 1} of {DAYS}; this is done once.", flush=True)
            simulate(self._data, end - (DAYS - 1 - day) * _DAY, seed=day + 1, workers=WORKERS, scenarios=())
        with self._served():
            self._wait_for_joining()
        (self.root / "history.json").write_text(json.dumps({"end": end.isoformat()}), encoding="utf-8")

    def _wait_for_joining(self) -> None:
        """Until Prometheus has left its blocks alone for a while."""
        blocks: list[str] = []
        quiet = 0
        while quiet < 5:
            time.sleep(3)
            found = sorted(path.parent.name for path in self._data.glob("*/meta.json"))
            quiet = quiet + 1 if found == blocks else 0
            blocks = found

    @property
    def _data(self) -> Path:
        return self.root / "prometheus"

    def _served(self) -> LocalPrometheus:
        a_day = [f"--storage.tsdb.{bound}-block-duration=24h" for bound in ("min", "max")]
        return LocalPrometheus(self._data, flags=a_day)


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


def step_s() -> int:
    return int(parse_duration(STEP).total_seconds())


def settings_of(environment: Mapping[str, str]) -> Settings:
    """Settings as a command with this environment would have them."""
    os.environ.update({key: value for key, value in environment.items() if key.startswith("OCPPERF_")})
    return Settings()
