"""The one result of every tool."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

Row = dict[str, Any]
_DIGITS = 4


class Table(BaseModel):
    """Rows as lists under column names, which costs half the tokens of objects."""

    columns: list[str]
    rows: list[list[Any]]


class Answer(BaseModel):
    """What a tool answers; parts that are empty are left out.

    Times are UTC. Values of a metric are in its base unit, which `metrics` tells; other columns have their unit in
    their name (`_s`: seconds). Numbers are rounded to four significant digits.
    """

    cluster: str = ""
    asked: Annotated[str, Field(description="window, half-open")] = ""
    answered: Annotated[str, Field(description="window that the data could answer, where another")] = ""
    data_as_of: str = ""
    coverage: float | None = None
    notes: list[str] = []
    metrics: Annotated[dict[str, Row], Field(description="title, unit, objective of each metric in the tables")] = {}
    findings: list[Row] = []
    tables: dict[str, Table] = {}
    text: str = ""
    truncated: Annotated[Row, Field(description="reason, shown, total, cursor of the next page")] = {}

    def payload(self) -> Row:
        """What goes over the wire."""
        return {name: value for name, value in self.model_dump().items() if value not in ("", None, [], {})}


def moment(when: datetime) -> str:
    """A UTC time as short as it can be told; one without an offset is UTC already."""
    utc = when.astimezone(UTC) if when.tzinfo else when
    return f"{utc:%Y-%m-%dT%H:%M:%S}Z" if utc.second or utc.microsecond else f"{utc:%Y-%m-%dT%H:%M}Z"


def plain(value: Any) -> Any:
    """A value of the warehouse as JSON has it: four significant digits, short times, lists and structs likewise."""
    match value:
        case float():
            return _rounded(value)
        case datetime():
            return moment(value)
        case list():
            return [plain(part) for part in value]
        case dict():
            return {name: plain(part) for name, part in value.items() if part is not None}
        case _:
            return value


def _rounded(value: float) -> float | int | str:
    """JSON knows no infinity; a whole number needs no point."""
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    short = float(f"{value:.{_DIGITS}g}")
    return int(short) if short.is_integer() and abs(short) < 1e15 else short
