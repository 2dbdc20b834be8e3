"""Findings that somebody knows of: for good, until a date, or until they worsen."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.state.records import change_records, read_records

Lasting = Literal["for-good", "until", "until-worse"]


class Acknowledgement(BaseModel):
    """One rule on one entity of a cluster, whichever of its findings was pointed at; later ones are meant too."""

    model_config = ConfigDict(frozen=True)

    cluster: str
    rule: str
    entity_kind: str
    entity: str
    lasting: Lasting
    until: AwareDatetime | None = None
    severity: str
    """Of the finding when it was acknowledged: a worse one is news where it holds until it worsens."""
    note: str = ""
    acknowledged_at: AwareDatetime = Field(default_factory=lambda: datetime.now(UTC))

    @property
    def subject(self) -> tuple[str, str, str, str]:
        return self.cluster, self.rule, self.entity_kind, self.entity


def acknowledgements_path(home: Home) -> Path:
    return home.state / "acknowledgements.json"


def acknowledgements(home: Home) -> tuple[Acknowledgement, ...]:
    return read_records(acknowledgements_path(home), Acknowledgement)


def acknowledge(home: Home, given: Acknowledgement) -> None:
    """Keep it in the place of an earlier one on the same subject."""
    change_records(
        acknowledgements_path(home),
        Acknowledgement,
        lambda known: [*(one for one in known if one.subject != given.subject), given],
    )


def withdraw(home: Home, subject: tuple[str, str, str, str]) -> None:
    """Forget what was acknowledged of a subject. Raises OcpperfError where nothing was."""

    def drop(known: tuple[Acknowledgement, ...]) -> list[Acknowledgement]:
        left = [one for one in known if one.subject != subject]
        if len(left) == len(known):
            _, rule, _, entity = subject
            raise OcpperfError(f"Nothing is acknowledged of {rule} on {entity}.", "`ocpperf ack` alone lists what is.")
        return left

    change_records(acknowledgements_path(home), Acknowledgement, drop)
