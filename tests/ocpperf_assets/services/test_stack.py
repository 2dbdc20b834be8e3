"""What `ocpperf up` starts, and with which settings."""

from pathlib import Path

import pytest

from ocpperf_assets.services.stack import Ports, services_of
from ocpperf_mcp.contracts.paths import Home


@pytest.mark.parametrize("schedules", [True, False])
def test_schedules_run_in_every_service_or_in_none(tmp_path: Path, schedules: bool) -> None:
    services = services_of(Home(tmp_path), Ports(), schedules=schedules)
    assert {service.name for service in services} == {"webserver", "daemon", "mcp"}
    assert {service.environment["OCPPERF_SCHEDULES"] for service in services} == {str(int(schedules))}


@pytest.mark.parametrize(("name", "port"), [("webserver", 3456), ("mcp", 3457)])
def test_the_port_that_was_chosen_is_where_a_service_listens(tmp_path: Path, name: str, port: int) -> None:
    (chosen,) = (one for one in services_of(Home(tmp_path), Ports(dagster=3456, mcp=3457)) if one.name == name)
    assert chosen.address == f"http://127.0.0.1:{port}"
    assert str(port) in chosen.command
