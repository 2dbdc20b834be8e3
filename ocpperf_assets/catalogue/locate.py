"""Where shipped files lie: beside the package in a clone, inside it in a wheel."""

from pathlib import Path

from ocpperf_mcp.contracts.errors import OcpperfError

_PACKAGE = Path(__file__).resolve().parents[1]


def metrics_directory() -> Path:
    """Catalogue files, with the rules in its `rules/`. Raises OcpperfError where they are missing."""
    return _shipped("metrics")


def sql_directory() -> Path:
    """SQL models. Raises OcpperfError where they are missing."""
    return _shipped("sql")


def dagster_file() -> Path:
    """Settings of the Dagster instance. Raises OcpperfError where they are missing."""
    return _shipped("deploy/dagster.yaml")


def _shipped(name: str) -> Path:
    """The wheel's own copy comes first: beside an installed package, anything of that name could lie."""
    candidates = (_PACKAGE / "_data" / name, _PACKAGE.parent / name)
    for candidate in candidates:
        if candidate.exists():
            return candidate
    looked = " nor ".join(str(candidate) for candidate in candidates)
    raise OcpperfError(f"The shipped {name} is missing: neither {looked} exists.", "Install ocpperf again.")
