"""What columns.yaml says about columns, and what is refused of it."""

from pathlib import Path

import pytest

from ocpperf_assets.models.described import described
from ocpperf_mcp.contracts.errors import OcpperfError


def test_words_may_hold_for_one_table_and_begin_with_a_unit(tmp_path: Path) -> None:
    text = 'value: "[bytes] a size"\nraw_x.ts: beginning\n'
    (tmp_path / "columns.yaml").write_text(text, encoding="utf-8")
    assert described((), tmp_path)["described_column"].to_pylist() == [
        {"column_name": "value", "table_name": "", "unit": "bytes", "description": "a size"},
        {"column_name": "ts", "table_name": "raw_x", "unit": None, "description": "beginning"},
    ]


@pytest.mark.parametrize("text", [None, "value: 1", "value: '[bytes'", "- value", "value: [", ""])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "columns.yaml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(OcpperfError) as caught:
        described((), tmp_path)
    assert caught.value.what.startswith(f"{file} cannot be read: ")
    assert caught.value.next_step == "sql/README.md shows the form."
