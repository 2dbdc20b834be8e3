"""Dagster's home directory, made from the shipped settings."""

import os
import shutil
from pathlib import Path

from ocpperf_assets.catalogue.locate import dagster_file
from ocpperf_mcp.contracts.directories import make_directory
from ocpperf_mcp.contracts.paths import Home


def prepare_instance(home: Home) -> Path:
    """The directory for DAGSTER_HOME, with the shipped `dagster.yaml` in it unless there is one already."""
    make_directory(home.dagster)
    settings = home.dagster / "dagster.yaml"
    if not settings.exists():
        fresh = home.dagster / f".dagster.yaml.{os.getpid()}"
        shutil.copyfile(dagster_file(), fresh)
        fresh.replace(settings)
    return home.dagster
