"""Fixtures that several packages' tests share: simulated clusters, collected once a test session."""

import fcntl
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

import duckdb
import pytest

from demo.prometheus import LocalPrometheus
from ocpperf_assets.catalogue import Catalogue
from ocpperf_assets.ingest.write import Knowledge
from ocpperf_assets.knowledge import load_knowledge
from ocpperf_assets.settings import Settings
from ocpperf_mcp.cli import main
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.warehouse import open_published

_OF_A_COMMAND = ("OCPPERF_", "DAGSTER_", "KUBE")
OCPPERF = str(Path(sys.executable).with_name("ocpperf"))
BEGIN_FIRST = ("test_live", "test_demo", "test_quiet", "spine", "test_sql_models")
"""Files and folders: what others wait for, then what takes long, so that no core waits for a cluster or at the end."""


WAIT_S = 600
"""How long a demo's day may take on a busy machine: as long as its command may. Whoever needs it first waits for it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_rank)
    for item in items:
        if "spine" in item.path.parts or "faulty" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.timeout(WAIT_S))


def _rank(item: pytest.Item) -> int:
    """0 for what begins first; the same for all that has no place of its own."""
    names = (item.path.stem, item.path.parent.name)
    return next((rank for rank, name in enumerate(BEGIN_FIRST) if name in names), len(BEGIN_FIRST))


SPLIT = "({0} * pi() * 8388609)"
ROUNDED = f"case when isfinite({{0}}) then {SPLIT} - ({SPLIT} - {{0}} * pi()) else {{0}} end"
"""A double's product with pi, rounded to 30 of its 53 bits: Dekker's splitting, by 2^23 + 1."""


@dataclass(frozen=True)
class Demo:
    """What `ocpperf demo` left behind, and what it said."""

    root: Path
    finished: subprocess.CompletedProcess[str]
    at: Home | None = None
    """Where its warehouse is, when not beside the demo's Prometheus."""

    @property
    def home(self) -> Home:
        return self.at or Home(self.root / "home")

    def environment(self, url: str = "http://127.0.0.1:9") -> dict[str, str]:
        """The environment of somebody who follows the demo's advice; `url` is where Prometheus answers now."""
        return {
            **{key: value for key, value in os.environ.items() if not key.startswith("OCPPERF_")},
            "OCPPERF_HOME": str(self.home.root),
            "OCPPERF_CLUSTER": "demo",
            "OCPPERF_PROMETHEUS_URL": url,
            "DAGSTER_HOME": str(self.home.dagster),
        }

    def rows(self, query: str, parameters: Mapping[str, object] | None = None) -> list[tuple[object, ...]]:
        """Rows of the published warehouse."""
        with open_published(self.home) as con:
            return con.execute(query, dict(parameters or {})).fetchall()

    def fingerprint(self, table: str, columns: str = "*") -> list[tuple[object, ...]]:
        """Equal for equal rows in any order. Numbers count to 30 bits, some nine digits, of their product with pi.

        DuckDB's threads add up in any order, so the sixteenth digit is chance. A quantile is often a short decimal that
        ends in 5 and would be rounded up now and down then; its product with pi is none.
        """
        return self.fingerprints({table: columns})[table]

    def fingerprints(self, columns: Mapping[str, str]) -> dict[str, list[tuple[object, ...]]]:
        """The fingerprint of each table, of those columns."""
        with open_published(self.home) as con:
            return {table: fingerprint(con, table, names) for table, names in columns.items()}


def fingerprint(con: duckdb.DuckDBPyConnection, table: str, columns: str) -> list[tuple[object, ...]]:
    types = con.execute(f"select column_name, column_type from (describe select {columns} from {table})").fetchall()
    parts = [ROUNDED.format(name) if kind == "DOUBLE" else name for name, kind in types]
    return con.execute(
        f"select count(*), sum(hash(content)) from (select row({', '.join(parts)}) as content from {table})"
    ).fetchall()


def run_demo(root: Path, *options: str) -> Demo:
    """Run the command a person would type; the whole of it, on a real Prometheus."""
    finished = subprocess.run(
        [OCPPERF, "demo", "--home", str(root), *options],
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=False,
        cwd=root.parent,
    )
    return Demo(root, finished)


@dataclass(frozen=True)
class Ended:
    """Exit code of a command, and what a person has read."""

    code: int
    output: str
    errors: str


def run_here(environment: Mapping[str, str], *words: str) -> Ended:
    """`ocpperf` within this process, which has imported Dagster and read the catalogue already.

    An error that is not told in a sentence is raised. Where processes are what a test is about, it starts some.
    """
    output, errors = io.StringIO(), io.StringIO()
    others = {name: value for name, value in os.environ.items() if not name.startswith(_OF_A_COMMAND)}
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(output), redirect_stderr(errors):
        patch.setattr("sys.argv", ["ocpperf", *words])
        # What the command itself sets is gone afterwards too, as with a process of its own.
        with mock.patch.dict(os.environ, {**others, **environment}, clear=True), pytest.raises(SystemExit) as ended:
            main()
    return Ended(int(ended.value.code or 0), output.getvalue(), errors.getvalue())


def collect_here(environment: Mapping[str, str], *options: str) -> Ended:
    """`ocpperf collect` within this process; sentences are not broken into lines."""
    ended = run_here(environment, "collect", *options)
    return replace(ended, errors=" ".join(ended.errors.split()))


def shipped_knowledge() -> Knowledge:
    """Catalogue, rules and models as shipped, whatever `.env` lies about."""
    return load_knowledge(Settings(_env_file=None))  # type: ignore[call-arg] # pydantic-settings' own argument


def shipped_catalogue() -> Catalogue:
    return shipped_knowledge().catalogue


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder of that name, filled by whichever of the test processes asks first; the others wait for it.

    What is in it is only to be read.
    """
    parallel = "PYTEST_XDIST_WORKER" in os.environ
    folder = (factory.getbasetemp().parent if parallel else factory.getbasetemp()) / name
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            make(folder)
            (folder / "made").touch()
    return folder


def copy_of(home: Home, folder: Path) -> Home:
    """A copy in the folder, to write to without disturbing the other tests."""
    return Home(Path(shutil.copytree(home.root, folder / "home", symlinks=True)))


def shared_demo(factory: pytest.TempPathFactory, name: str, *options: str) -> Demo:
    """The demo of that name, made once by all test processes."""

    def make(folder: Path) -> None:
        done = run_demo(folder / "demo", *options).finished
        (folder / "said.json").write_text(json.dumps([done.returncode, done.stdout, done.stderr]), encoding="utf-8")

    made = made_once(factory, name, make)
    said = json.loads((made / "said.json").read_text(encoding="utf-8"))
    return Demo(made / "demo", subprocess.CompletedProcess([], *said))


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A day of a cluster with every planted fault, collected by `ocpperf demo`. Only to be read."""
    return shared_demo(tmp_path_factory, "faulty")


@pytest.fixture(scope="session")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A day of normal life, collected by `ocpperf demo`. Only to be read."""
    return shared_demo(tmp_path_factory, "quiet", "--quiet", "--workers", "2")


@pytest.fixture(scope="session")
def prometheus(faulty: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPrometheus]:
    """A real Prometheus over the faulty cluster's history, one a test process."""
    data = shutil.copytree(faulty.root / "prometheus", tmp_path_factory.mktemp("history") / "prometheus")
    with LocalPrometheus(data) as server:
        yield server


@pytest.fixture
def memory() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        yield con
