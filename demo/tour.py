"""The demo's steps: simulate, serve, collect, show."""

import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from demo.cluster import simulate
from demo.prometheus import LocalPrometheus, find_binaries
from demo.scenario import default_scenarios
from ocpperf_assets.collecting import collect_window
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import Window, floor_hour
from ocpperf_mcp.report.asked import Asked
from ocpperf_mcp.report.gather import gather
from ocpperf_mcp.report.html import html
from ocpperf_mcp.report.model import Finding, Report
from ocpperf_mcp.report.needed import needed
from ocpperf_mcp.report.reading import span
from ocpperf_mcp.state.runs import NamedRun, name_run
from ocpperf_mcp.warehouse import open_published

CLUSTER = "demo"


@dataclass(frozen=True)
class Tour:
    """One demo directory and the cluster simulated in it."""

    root: Path
    hours: int
    workers: int
    seed: int
    quiet: bool
    console: Console

    @classmethod
    def plan(cls, root: str, *, hours: int, workers: int, seed: int, quiet: bool, fresh: bool) -> "Tour":
        """Raises OcpperfError when there is no Prometheus to run, or nothing to draw the report's charts with."""
        find_binaries()
        needed("vl_convert")
        tour = cls(
            Path(root).resolve(), hours, workers, seed, quiet, Console(width=None if sys.stdout.isatty() else 100)
        )
        if fresh:
            shutil.rmtree(tour.root, ignore_errors=True)
        return tour

    def run(self) -> int:
        """The whole tour; the exit code is that of the collection."""
        window = self._simulated()
        with self._prometheus() as prometheus:
            self.console.print(
                f"Collecting {window.start:%Y-%m-%d %H:%M} to {window.end:%Y-%m-%d %H:%M} UTC through Dagster"
            )
            settings = self._settings(prometheus.url)
            self._name_faults(settings.paths, window)
            collected = collect_window(settings, window, console=self.console)
        self._show(window)
        return collected.exit_code

    def serve(self) -> None:
        """Keep Prometheus running over the simulated history until interrupted."""
        self._simulated()
        with self._prometheus() as prometheus:
            self.console.print(f"export OCPPERF_PROMETHEUS_URL={prometheus.url}")
            self.console.print("Prometheus is running; Ctrl-C stops it.")
            try:
                while True:
                    time.sleep(3600)
            except KeyboardInterrupt:
                return

    def _simulated(self) -> Window:
        """The simulated window: an earlier simulation with the same parameters is used again."""
        parameters = {"hours": self.hours, "workers": self.workers, "seed": self.seed, "quiet": self.quiet}
        record = self.root / "simulation.json"
        if record.exists():
            known: dict[str, Any] = json.loads(record.read_text(encoding="utf-8"))
            if known["parameters"] == parameters:
                end = datetime.fromisoformat(known["end"])
                self.console.print(
                    f"Using the cluster simulated up to {end:%Y-%m-%d %H:%M} UTC (--fresh makes a new one)"
                )
                return Window(end - timedelta(hours=self.hours), end)
        shutil.rmtree(self.root, ignore_errors=True)
        end = floor_hour(datetime.now(UTC))
        with self._bar("Simulating") as advance:
            simulate(
                self.root / "prometheus",
                end,
                hours=self.hours,
                seed=self.seed,
                workers=self.workers,
                scenarios=() if self.quiet else default_scenarios(),
                progress=advance,
            )
        record.write_text(json.dumps({"parameters": parameters, "end": end.isoformat()}), encoding="utf-8")
        return Window(end - timedelta(hours=self.hours), end)

    def _prometheus(self) -> LocalPrometheus:
        return LocalPrometheus(self.root / "prometheus")

    def _settings(self, url: str) -> Settings:
        os.environ.update(
            {
                "OCPPERF_HOME": str(self.root / "home"),
                "OCPPERF_CLUSTER": CLUSTER,
                "OCPPERF_PROMETHEUS_URL": url,
                "OCPPERF_FLAVOUR": "openshift",
                # The cluster is made up; a kubeconfig at hand leads to another one.
                "OCPPERF_KUBERNETES": "0",
            }
        )
        return Settings()

    def _name_faults(self, home: Home, window: Window) -> None:
        """A run for each planted fault, so that its window can be asked about by name."""
        for fault in () if self.quiet else default_scenarios():
            start = window.start + fault.start
            end, note = start + fault.duration, f"Planted: {fault.title}"
            name_run(home, NamedRun(name=fault.name, cluster=CLUSTER, start=start, end=end, note=note), replace=True)

    def _show(self, window: Window) -> None:
        home = Settings().paths
        with open_published(home) as con:
            report = gather(con, Asked(CLUSTER, span(window)))
        self.console.print(findings_table(report.findings))
        self.console.print(f"\nThe report: {write_page(report, home.exports / 'report.html')}")
        self.console.print(_NEXT.format(root=self.root), highlight=False, soft_wrap=True)

    @contextmanager
    def _bar(self, title: str) -> "Iterator[Any]":
        bars = Progress(
            TextColumn("{task.description:<28}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=self.console,
        )
        with bars:
            task = bars.add_task(title, total=1.0)

            def advance(step: str, fraction: float) -> None:
                bars.update(task, description=step, completed=fraction)

            yield advance


def write_page(report: Report, destination: Path) -> Path:
    destination.parent.mkdir(parents=True, exist_ok=True)
    destination.write_text(html(report), encoding="utf-8")
    return destination


def findings_table(findings: Sequence[Finding]) -> Table:
    """The findings as a terminal table, most severe first."""
    title = "Findings" if findings else "No findings: no rule fired on what was collected"
    table = Table(title=title, box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("severity", "rule", "entity", "start", "for", "observed", "limit"):
        table.add_column(heading, no_wrap=heading != "entity", overflow="fold")
    for finding in findings:
        table.add_row(
            finding.severity,
            finding.rule,
            finding.entity,
            f"{finding.start:%m-%d %H:%M}",
            f"{(finding.end - finding.start).total_seconds() / 60:.0f}m",
            finding.observed.text,
            f"{finding.limit.text} {finding.tier}",
        )
    return table


_NEXT = """
What to type next:
  export OCPPERF_HOME={root}/home OCPPERF_CLUSTER=demo DAGSTER_HOME={root}/home/dagster
  .venv/bin/ocpperf sql "select * from rpt_findings"
  .venv/bin/ocpperf report --format pdf --out report.pdf
  .venv/bin/ocpperf run list          # the windows of the planted faults have names, which reports and tools take
  .venv/bin/ocpperf sql "select * from wal_fsync_p99_latency order by p99_seconds desc limit 10"
  .venv/bin/ocpperf demo --serve      # in a second terminal: the demo's Prometheus; then export the URL it prints
  .venv/bin/dg dev                    # assets, partitions and backfills at http://localhost:3000
"""
