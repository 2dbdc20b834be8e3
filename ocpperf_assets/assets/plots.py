"""Small pictures for Dagster's metadata: one self-contained image in Markdown, no script, no request."""

from base64 import b64encode
from collections.abc import Sequence

import dagster as dg

_WIDTH, _HEIGHT, _COLUMN = 360, 48, "#4f43dd"


def columns(title: str, values: Sequence[float | None]) -> dg.MarkdownMetadataValue:
    """A column a value, zero at the bottom; None leaves its place empty, since nothing known is not zero."""
    image = b64encode(_svg(title, values).encode()).decode()
    known = [value for value in values if value is not None]
    scale = f"0 to {max(known):,.6g}, {len(known)} of {len(values)} hours" if known else "no data"
    return dg.MetadataValue.md(f"![{title}](data:image/svg+xml;base64,{image})\n\n{title}: {scale}")


def _svg(title: str, values: Sequence[float | None]) -> str:
    top = max((value for value in values if value is not None), default=0.0) or 1.0
    width = _WIDTH / max(len(values), 1)
    bars = "".join(
        f'<rect x="{index * width:.1f}" y="{_HEIGHT - height:.1f}" width="{max(width - 1, 0.5):.1f}" '
        f'height="{height:.1f}"/>'
        for index, value in enumerate(values)
        if value is not None
        for height in (max(value / top * (_HEIGHT - 2), 1.0),)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" role="img">'
        f'<title>{title}</title><g fill="{_COLUMN}">{bars}</g>'
        f'<line x1="0" y1="{_HEIGHT}" x2="{_WIDTH}" y2="{_HEIGHT}" stroke="#888"/></svg>'
    )
