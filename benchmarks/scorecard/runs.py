"""One run: a cluster is simulated, collected by `ocpperf collect` as anybody would, and its findings are read."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.ground import Ground, collect_command
from benchmarks.scorecard.score import Finding
from demo.cluster import simulate
from demo.prometheus import LocalPrometheus
from demo.scenario import Scenario
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import Window
from ocpperf_mcp.warehouse import open_published

CLUSTER = "scorecard"
START = datetime(2026, 1, 5, tzinfo=UTC)
"""A Monday; always the same one, so that the same code finds the same."""
RANGE = timedelta(hours=24)
"""What is collected at a time: memory grows with it."""
UPGRADE_AT = timedelta(hours=10)

_FINDINGS = """
select finding_id, rule, entity, severity, start - $begin, "end" - $begin,
       coalesce((select flatten(list(cause.evidence)) from rpt_root_cause as cause
                 where cause.cluster = finding.cluster and cause.finding_id = finding.finding_id), [])
from rpt_findings as finding
where kind = 'rule'
order by start, finding_id
"""


@dataclass(frozen=True)
class Stage:
    """A directory in which every run has a home of its own, kept for whoever wants to look into it."""

    root: Path
    workers: int

    def run(self, name: str, seed: int, hours: int, scenarios: Sequence[Scenario], **life: Any) -> tuple[Finding, ...]:
        """The findings of a cluster with these scenarios. Raises OcpperfError when not every metric was answered."""
        home, data = Ground(self.root).home(name), self.root / f"{name}-prometheus"
        shutil.rmtree(data, ignore_errors=True)
        end = START + timedelta(hours=hours)
        simulate(data, end, hours, seed, self.workers, scenarios, **life)
        with LocalPrometheus(data) as server:
            for window in ranges(Window(START, end)):
                _collect(window, home, server.url)
        shutil.rmtree(data)
        return tuple(read_findings(home))


def ranges(window: Window) -> Iterator[Window]:
    start = window.start
    while start < window.end:
        yield Window(start, min(start + RANGE, window.end))
        start += RANGE


def _collect(window: Window, home: Home, url: str) -> None:
    """In the home's directory, where no `.env` of the person who measures is read."""
    finished = subprocess.run(
        collect_command(window), env=_environment(home, url), cwd=home.root, capture_output=True, text=True, check=False
    )
    if finished.returncode:
        said = (finished.stderr or finished.stdout).strip().splitlines()[-5:]
        raise OcpperfError(
            f"`ocpperf collect` into {home.root} ended with {finished.returncode}: {' '.join(said)}",
            "Collect by hand into that home to see more.",
        )


def _environment(home: Home, url: str) -> dict[str, str]:
    """Settings as shipped, whatever the person who measures has set."""
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith("OCPPERF_")},
        "OCPPERF_HOME": str(home.root),
        "OCPPERF_CLUSTER": CLUSTER,
        "OCPPERF_PROMETHEUS_URL": url,
        "OCPPERF_FLAVOUR": "openshift",
    }


def read_findings(home: Home) -> Iterator[Finding]:
    """The published findings, each with those that show a root cause of it."""
    with open_published(home) as con:
        rows = con.execute(_FINDINGS, {"begin": START.replace(tzinfo=None)}).fetchall()
    for finding_id, rule, entity, severity, start, end, ties in rows:
        yield Finding(finding_id, rule, entity, severity, start, end, frozenset(ties))
