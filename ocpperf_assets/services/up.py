"""`ocpperf up`: ocpperf's own services under the supervisor."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict

from ocpperf_assets.abandoned import fail_abandoned
from ocpperf_assets.instance import prepare_instance
from ocpperf_assets.knowledge import load_knowledge
from ocpperf_assets.services.background import reporting, start_detached
from ocpperf_assets.services.heartbeat import open_instance
from ocpperf_assets.services.secret import known_secrets
from ocpperf_assets.services.stack import Ports, services_of
from ocpperf_assets.services.supervisor import supervise
from ocpperf_assets.settings import Settings


def run_services(settings: Settings, ports: Ports, on_ready: Callable[[], None]) -> None:
    """Run all services until a signal says stop. Raises OcpperfError as `supervise` does, or on a faulty catalogue."""

    def prepare() -> None:
        # Its database is made here, by one: services that start at once would be in each other's way.
        with open_instance(prepare_instance(settings.paths)) as instance:
            fail_abandoned(instance, code_servers=True)

    load_knowledge(settings)
    supervise(
        settings.paths,
        services_of(settings.paths, ports, schedules=settings.schedules is not False),
        on_ready,
        ports=asdict(ports),
        secrets=known_secrets(settings),
        prepare=prepare,
    )


def detach_services(settings: Settings, ports: Ports) -> None:
    """Start all services in the background and wait until they answer."""
    command = [sys.executable, "-m", "ocpperf_assets.services.up"]
    start_detached(settings.paths, [*command, "--ports", *map(str, asdict(ports).values()), "--report"])


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--ports", type=int, nargs="+")
    parser.add_argument("--report", type=int)
    arguments = parser.parse_args()
    return reporting(arguments.report, lambda on_ready: run_services(Settings(), Ports(*arguments.ports), on_ready))


if __name__ == "__main__":
    sys.exit(main())
