"""Everything a tool has to say, before it is cut to a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ocpperf_mcp.contracts.windows import Window
from ocpperf_mcp.tools.answer import Row, moment, plain
from ocpperf_mcp.tools.question import Place

FINDINGS = ""
_METRIC = "metric"


@dataclass
class Draft:
    """Findings come first on the pages, then the rows of tables in the order in which they were added."""

    cluster: str = ""
    window: Window | None = None
    data_as_of: str = ""
    answered: str = ""
    coverage: float | None = None
    notes: list[str] = field(default_factory=list)
    text: str = ""
    findings: list[Row] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)
    rows: list[tuple[str, list[Any]]] = field(default_factory=list)
    """Each with the table it belongs to."""
    metrics: dict[str, Row] = field(default_factory=dict)

    def add(self, name: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """A table of those columns of the rows; one without rows is left out."""
        for row in rows:
            self.add_row(name, columns, row)

    def add_row(self, name: str, columns: Sequence[str], row: Row) -> None:
        """One more row of a table; between its rows those of others may stand, so that the most telling come first."""
        self.columns[name] = list(columns)
        self.rows.append((name, [plain(row[column]) for column in columns]))

    def items(self) -> Iterator[tuple[str, Any]]:
        """What is shown piece by piece: the table it belongs to, none for a finding, and the piece."""
        yield from ((FINDINGS, finding) for finding in self.findings)
        yield from self.rows

    def metric_of(self, name: str, piece: Any) -> str | None:
        """The metric that a row of a table is about."""
        columns = self.columns.get(name, [])
        return piece[columns.index(_METRIC)] if _METRIC in columns else None


def draft_of(place: Place) -> Draft:
    """An empty draft that says where and when."""
    return Draft(cluster=place.cluster, window=place.window, data_as_of=moment(place.held.end))


def written(window: Window) -> str:
    return f"{moment(window.start)}/{moment(window.end)}"
