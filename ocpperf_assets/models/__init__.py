"""Tables derived by SQL: read from `sql/`, ordered by their own FROM clauses, built window by window."""

from ocpperf_assets.ingest.staged import Change
from ocpperf_assets.models.checks import CheckResult, checked_table, checks_of, run_checks
from ocpperf_assets.models.graph import load_models
from ocpperf_assets.models.model import Model
from ocpperf_assets.models.retention import Ages, closed_hours, expire
from ocpperf_assets.models.runner import ModelResult, build_models, create_raw_tables

__all__ = [
    "Ages",
    "Change",
    "CheckResult",
    "Model",
    "ModelResult",
    "build_models",
    "checked_table",
    "checks_of",
    "closed_hours",
    "create_raw_tables",
    "expire",
    "load_models",
    "run_checks",
]
