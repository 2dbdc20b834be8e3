"""Where the shipped catalogue and models lie: beside the package in a clone, inside it in a wheel."""

from pathlib import Path

from ocpperf_mcp.contracts.errors import OcpperfError

_PACKAGE = Path(__file__).resolve().parents[1]


def metrics_directory() -> Path:
    """Catalogue files, with the rules in its `rules/`. Raises OcpperfError where they are missing."""
    return _shipped("metrics")


def sql_directory() -> Path:
    """SQL models. Raises OcpperfError where they are missing."""
    return _shipped("sql")


def _shipped(name: str) -> Path:
    """The wheel's own copy comes first: beside an installed package, any directory of that name could lie."""
    candidates = (_PACKAGE / "_data" / name, _PACKAGE.parent / name)
    for directory in candidates:
        if directory.is_dir():
            return directory
    looked = " nor ".join(str(directory) for directory in candidates)
    raise OcpperfError(f"The {name} files are missing: neither {looked} exists.", "Install ocpperf again.")
