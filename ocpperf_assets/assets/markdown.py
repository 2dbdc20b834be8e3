"""Tables in Dagster's metadata."""

from collections.abc import Iterable, Sequence

_LISTED = 10


def table(headings: Sequence[str], rows: Sequence[Sequence[object]], rest: str) -> str:
    """A Markdown table of the first rows; when there are more, how many, and that `rest` has them."""
    lines = [_line(headings), "|---" * len(headings) + "|", *map(_line, rows[:_LISTED])]
    if len(rows) > _LISTED:
        lines.append(f"\nand {len(rows) - _LISTED} more in {rest}")
    return "\n".join(lines)


def _line(cells: Iterable[object]) -> str:
    """A cell is one line, and holds nothing that would end it."""
    return f"| {' | '.join(' '.join(str(cell).replace('|', '/').split()) for cell in cells)} |"
