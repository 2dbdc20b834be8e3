"""`up` over small services instead of Dagster: `python -m tests.ocpperf_assets.services.stand_in KIND [DESCRIPTOR]`.

Real processes under the real supervisor. OCPPERF_HOME and STAND_IN_PORT are read from the environment.
"""

import os
import sys
from pathlib import Path

from ocpperf_assets.services.background import reporting
from ocpperf_assets.services.service import HttpHealth, Service
from ocpperf_assets.services.supervisor import Limits, supervise
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home

HELPER = "import time; time.sleep(600)"
"""A grandchild in a session of its own, as far from `up` as a process can get."""

_SERVE = f"""
import http.server, subprocess, sys
subprocess.Popen([sys.executable, "-c", {HELPER!r}], start_new_session=True)
print("serving", flush=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""
_STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + _SERVE
_SILENT = "import time; time.sleep(600)"
_BROKEN = 'import sys; sys.exit("the disk is full")'
_KILLED = "import os; os.kill(os.getpid(), 9)"

PROGRAMS = {"serving": _SERVE, "stubborn": _STUBBORN, "silent": _SILENT, "broken": _BROKEN, "killed": _KILLED}


def services(kind: str, port: int) -> tuple[Service, ...]:
    """A page that serves, and a second service of that kind."""

    def entry(name: str, program: str, port: int) -> Service:
        command = (sys.executable, "-c", program, str(port))
        health = HttpHealth(f"http://127.0.0.1:{port}/")
        return Service(name, f"{name} service", command, health, port, f"--{name}-port")

    return entry("second", PROGRAMS[kind], port + 1), entry("page", _SERVE, port)


def main(kind: str, *report: str) -> int:
    home, port = Home(Path(os.environ["OCPPERF_HOME"])), int(os.environ["STAND_IN_PORT"])
    limits = Limits(start_s=1.0 if kind == "silent" else 60.0, grace_s=1.0)
    if report:
        return reporting(int(report[0]), lambda ready: supervise(home, services(kind, port), ready, limits=limits))
    try:
        supervise(home, services(kind, port), lambda: print("ready", flush=True), limits=limits)
    except OcpperfError as fault:
        print(fault, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
