"""A real Prometheus on loopback, over blocks that are already there or over targets it scrapes."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import yaml

from ocpperf_mcp.contracts.children import die_with_parent
from ocpperf_mcp.contracts.errors import OcpperfError

READY_SECONDS = 60.0


class Binaries(NamedTuple):
    """Where the two programs of a Prometheus release are."""

    prometheus: str
    promtool: str


def find_binaries() -> Binaries:
    """Prometheus and promtool: beside each other where OCPPERF_DEMO_PROMETHEUS says, else on PATH.

    Raises OcpperfError when either is missing.
    """
    named = os.environ.get("OCPPERF_DEMO_PROMETHEUS")
    if named:
        place = Path(named)
        folder = place if place.is_dir() else place.parent
        found = [shutil.which(name, path=str(folder)) for name in Binaries._fields]
    else:
        found = [shutil.which(name) for name in Binaries._fields]
    prometheus, promtool = found
    if prometheus is None or promtool is None:
        raise OcpperfError(
            "No prometheus and promtool were found" + (f" in {named}." if named else " on PATH."),
            "Install them (Debian and Ubuntu: apt-get install prometheus), or set OCPPERF_DEMO_PROMETHEUS to their "
            "folder.",
        )
    return Binaries(prometheus, promtool)


def free_port() -> int:
    """A TCP port on loopback that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class LocalPrometheus:
    """A context in which Prometheus serves `data`; `url` is where it answers.

    `scrape_configs`: as in Prometheus' own configuration; none by default, so history stays as it was written.
    """

    def __init__(
        self, data: Path, *, scrape_configs: Sequence[Mapping[str, Any]] = (), flags: Sequence[str] = ()
    ) -> None:
        self.data = data
        self.scrape_configs = [dict(config) for config in scrape_configs]
        self.flags = list(flags)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._private = Path()

    def __enter__(self) -> "LocalPrometheus":
        binary = find_binaries().prometheus
        self._private = Path(tempfile.mkdtemp(prefix="ocpperf-prometheus-"))
        config = self._private / "prometheus.yml"
        config.write_text(yaml.safe_dump({"scrape_configs": self.scrape_configs}), encoding="utf-8")
        with (self._private / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [
                    binary,
                    f"--config.file={config}",
                    f"--storage.tsdb.path={self.data}",
                    "--storage.tsdb.retention.time=10y",
                    f"--web.listen-address=127.0.0.1:{self.port}",
                    "--log.level=warn",
                    *self.flags,
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent(),
            )
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the server and remove its configuration and log."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        shutil.rmtree(self._private, ignore_errors=True)

    def _wait_until_ready(self) -> None:
        process = self._process
        assert process is not None
        deadline = time.monotonic() + READY_SECONDS
        while not self._answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise OcpperfError(
                    f"Prometheus over {self.data} did not become ready.",
                    f"Its log ends with: {self._log_tail()}",
                )
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/-/ready", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _log_tail(self) -> str:
        text = (self._private / "log").read_text(encoding="utf-8", errors="replace").strip()
        return text.splitlines()[-1] if text else "(empty)"
