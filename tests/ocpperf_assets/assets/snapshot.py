"""The graph as text, so that what an edit of YAML or SQL does to it shows in review.

`python -m tests.ocpperf_assets.assets.snapshot` writes it anew.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

import dagster as dg
import yaml

from ocpperf_assets.definitions import build_definitions
from ocpperf_assets.settings import Settings

SNAPSHOT = Path(__file__).with_name("graph.yaml")


def described(definitions: dg.Definitions) -> dict[str, Any]:
    """Assets with what they rest on and their checks, jobs with their assets, sensors, schedules with their times."""
    repository = definitions.get_repository_def()
    graph = repository.asset_graph
    checks: dict[str, list[str]] = {}
    for key in graph.asset_check_keys:
        checks.setdefault(key.asset_key.to_user_string(), []).append(key.name)
    return {
        "assets": {
            key.to_user_string(): {
                "group": graph.get(key).group_name,
                **({"virtual": True} if graph.get(key).is_virtual else {}),
                "deps": sorted(parent.to_user_string() for parent in graph.get(key).parent_keys),
                "checks": sorted(checks.get(key.to_user_string(), [])),
            }
            for key in sorted(graph.get_all_asset_keys())
        },
        "jobs": {
            job.name: len(list(job.asset_layer.executable_asset_keys))
            for job in sorted(repository.get_all_jobs(), key=lambda job: job.name)
            if not job.name.startswith("__")
        },
        "sensors": {sensor.name: sensor.job_name for sensor in repository.sensor_defs},
        "schedules": {
            schedule.name: f"{schedule.cron_schedule} -> {schedule.job_name}"
            for schedule in sorted(repository.schedule_defs, key=lambda schedule: schedule.name)
        },
    }


def written(definitions: dg.Definitions) -> str:
    return yaml.safe_dump(described(definitions), sort_keys=False, width=110)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ["OCPPERF_HOME"] = home
        SNAPSHOT.write_text(written(build_definitions(Settings())), encoding="utf-8")
