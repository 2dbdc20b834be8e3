"""Homes on which services are started, and what lives on them."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from demo.prometheus import free_port
from ocpperf_mcp.contracts.paths import Home
from tests.conftest import OCPPERF

ROOT = Path(__file__).parents[3]


@dataclass
class Site:
    """An OCPPERF_HOME with a port for its services."""

    home: Home
    port: int
    stack: ExitStack = field(default_factory=ExitStack)

    @property
    def environment(self) -> dict[str, str]:
        own = {key: value for key, value in os.environ.items() if not key.startswith(("OCPPERF_", "DAGSTER_"))}
        # No schedule is due in the middle of a test.
        quiet = {"OCPPERF_SCHEDULES": "0"}
        return {**own, **quiet, "OCPPERF_HOME": str(self.home.root), "STAND_IN_PORT": str(self.port)}

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """What a person would type after `ocpperf`."""
        return subprocess.run(
            [OCPPERF, *arguments],
            env=self.environment,
            cwd=self.home.root.parent,
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )

    def up(self, kind: str) -> "subprocess.Popen[str]":
        """An `up` in the foreground over stand-ins."""
        process = subprocess.Popen(
            stand_in(kind), cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        self.stack.enter_context(process)
        return process

    def up_and_ready(self) -> "subprocess.Popen[str]":
        process = self.up("serving")
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        return process

    def living(self) -> list[psutil.Process]:
        """Every process that was started for this home, whoever its parent is now."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get("OCPPERF_HOME") == str(self.home.root):
                    found.append(process)
        return found

    def clear(self) -> None:
        for process in self.living():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.stack.close()


def stand_in(kind: str) -> list[str]:
    return [sys.executable, "-m", "tests.ocpperf_assets.services.stand_in", kind]


def two_free_ports() -> int:
    """The first of two neighbouring ports on which nobody listens."""
    while True:
        port = free_port()
        with suppress(OSError, OverflowError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port + 1))
            return port


def wait_until(happened: Callable[[], object]) -> None:
    """The test's own timeout bounds it."""
    while not happened():
        time.sleep(0.1)


def site_in(directory: Path) -> Iterator[Site]:
    site = Site(Home(directory / "home"), two_free_ports())
    try:
        yield site
    finally:
        site.clear()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    yield from site_in(tmp_path)
