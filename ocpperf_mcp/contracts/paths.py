"""Where things live under `OCPPERF_HOME`."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """The directory of one warehouse; every path below it is derived, none is configured."""

    root: Path

    @property
    def link(self) -> Path:
        """Symbolic link to the published slot: the one name readers use."""
        return self.root / "ocpperf.duckdb"

    @property
    def slots(self) -> Path:
        return self.root / "slots"

    @property
    def lock(self) -> Path:
        """Advisory lock file that holds the writer's turn."""
        return self.slots / "writer.lock"

    @property
    def staging(self) -> Path:
        return self.root / "staging"

    @property
    def state(self) -> Path:
        return self.root / "state"

    @property
    def exports(self) -> Path:
        return self.root / "exports"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def dagster(self) -> Path:
        return self.root / "dagster"
