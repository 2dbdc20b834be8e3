"""The parent's hold on the process that plays Dagster's daemon."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import IO

from ocpperf_mcp.contracts.children import die_with_parent
from tests.soak.daemon import Ran

# A tick of six healed hours on a busy machine.
_LONGEST_S = 600.0


class Child:
    """Started at once; told moments, answering with the runs that ended, and killed without warning."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-X", "faulthandler", "-m", "tests.soak.daemon"],
                env=dict(environment),
                cwd=Path(__file__).parents[2],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                preexec_fn=die_with_parent(),
            )

    @property
    def _moments(self) -> IO[bytes]:
        assert self._process.stdin
        return self._process.stdin

    @property
    def _answers(self) -> IO[bytes]:
        assert self._process.stdout
        return self._process.stdout

    def tell(self, moment: datetime, *, refresh: bool) -> None:
        self._moments.write(json.dumps({"now": moment.isoformat(), "refresh": refresh}).encode() + b"\n")
        self._moments.flush()

    def has_answered(self, wait_s: float) -> bool:
        return bool(select.select([self._answers], [], [], wait_s)[0])

    def answer(self) -> list[Ran]:
        """The runs since the last answer."""
        assert self.has_answered(_LONGEST_S), f"no answer for {_LONGEST_S:.0f} s; {self._tail()}"
        line = self._answers.readline()
        assert line, f"the daemon ended by itself with {self._process.wait()}; {self._tail()}"
        return [Ran(**ran) for ran in json.loads(line)]

    def kill(self) -> None:
        self._process.kill()
        self._forget()

    def end(self) -> None:
        """Let it come to its end, as it does when nothing more is told."""
        self._moments.close()
        code = self._process.wait(timeout=60)
        assert code == 0, self._tail()
        self._answers.close()

    def _forget(self) -> None:
        self._process.wait()
        self._moments.close()
        self._answers.close()

    def _tail(self) -> str:
        return "its log ends with: " + "\n".join(self.log.read_text(errors="replace").splitlines()[-5:])


def environment_of(home: Path, url: str, clock: Mapping[str, str]) -> dict[str, str]:
    """Nothing of the caller's own settings; `clock` is empty for the real one."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("OCPPERF_", "DAGSTER_"))}
    return inherited | {
        "OCPPERF_HOME": str(home),
        "OCPPERF_CLUSTER": "demo",
        "OCPPERF_PROMETHEUS_URL": url,
        **clock,
    }
