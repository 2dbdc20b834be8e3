"""One worker process, seen from outside: asked, waited for, and killed when it does not answer in time."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from threading import Timer

import ocpperf_mcp
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.sql.faults import too_slow
from ocpperf_mcp.sql.frames import Message, receive, send
from ocpperf_mcp.sql.limits import Limits

_MODULE = "ocpperf_mcp.sql.worker"
# How long a process may take to be gone after it has closed its end of the pipe.
_ENDING_S = 2
# Nothing of the environment but what Python itself may need to start: there are tokens among the rest.
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH")


class WorkerDiedError(OcpperfError):
    """The worker ended without an answer, and not for its time."""


class WorkerProcess:
    """A worker that was started. It ends with its last answer, when it is closed, and when this process has ended."""

    def __init__(self, home: Home, limits: Limits) -> None:
        self._limits = limits
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", _MODULE, str(home.root), json.dumps(asdict(limits))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**environment, "TZ": "UTC", "PYTHONPATH": str(Path(ocpperf_mcp.__file__).parents[1])},
        )

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, statement: str, patience_s: float) -> Message:
        """The answer. Raises OcpperfError with the worker's refusal, when it took too long, and when it died."""
        is_late = False

        def give_up() -> None:
            nonlocal is_late
            is_late = True
            self._process.kill()

        timer = Timer(patience_s, give_up)
        timer.start()
        try:
            reply = self._exchange({"statement": statement})
        except BaseException:
            self.close()  # its answer would be taken for that to the next question
            raise
        finally:
            timer.cancel()
        if reply is None:
            raise self._died(is_late=is_late)
        if reply["is_last"]:
            self.close()
        if "refused" in reply:
            raise OcpperfError(*reply["refused"])
        return reply

    def _exchange(self, question: Message) -> Message | None:
        """None when the worker has gone, or answers what it may not."""
        assert self._process.stdin
        assert self._process.stdout
        try:
            send(self._process.stdin, question)
            return receive(self._process.stdout, self._limits.reply_bytes)
        except (OSError, ValueError):
            return None

    def _died(self, *, is_late: bool) -> OcpperfError:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_ENDING_S)
        self.close()
        code = self._process.returncode
        if is_late or code == -signal.SIGALRM:
            return too_slow(self._limits.seconds)
        cause = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        return WorkerDiedError(f"The process that ran the query ended {cause}.", "Try it again, or narrow the query.")

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if stream:
                    stream.close()
