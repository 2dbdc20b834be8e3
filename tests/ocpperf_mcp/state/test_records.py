"""Records of the state directory: what cannot be read or written is one sentence, and costs nothing that was kept."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.state.records import change_records, read_records


class Kept(BaseModel):
    name: str


def add(path: Path, name: str) -> None:
    change_records(path, Kept, lambda known: [*known, Kept(name=name)])


def test_without_a_file_there_is_none_and_what_is_added_stays(tmp_path: Path) -> None:
    path = tmp_path / "state" / "kept.json"
    assert read_records(path, Kept) == ()
    add(path, "one")
    add(path, "two")
    assert [record.name for record in read_records(path, Kept)] == ["one", "two"]


@pytest.mark.parametrize("content", ["{", '[{"other": 1}]', "3", "[1]", "\xff"])
def test_what_ocpperf_did_not_write_is_refused_and_left_as_it_is(tmp_path: Path, content: str) -> None:
    path = tmp_path / "kept.json"
    path.write_text(content, encoding="latin-1")
    for act in (lambda: read_records(path, Kept), lambda: add(path, "one")):
        with pytest.raises(OcpperfError, match=r"cannot be read as what ocpperf wrote\. Mend it, or move it away"):
            act()
    assert path.read_text(encoding="latin-1") == content


def test_what_cannot_be_read_at_all_is_told_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "kept.json").mkdir()
    with pytest.raises(OcpperfError, match=r"kept\.json cannot be read: Is a directory\."):
        read_records(tmp_path / "kept.json", Kept)


@pytest.mark.parametrize("obstacle", ["kept.lock", "kept.new"])
def test_what_cannot_be_written_is_told_and_changes_nothing(tmp_path: Path, obstacle: str) -> None:
    path = tmp_path / "kept.json"
    add(path, "one")
    (tmp_path / obstacle).unlink(missing_ok=True)
    (tmp_path / obstacle).mkdir()
    with pytest.raises(OcpperfError, match=r"kept\.json cannot be written: Is a directory\."):
        add(path, "two")
    assert [record.name for record in read_records(path, Kept)] == ["one"]


def test_a_change_that_raises_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    add(path, "one")

    def refuse(_: tuple[Kept, ...]) -> list[Kept]:
        raise OcpperfError("It is not to be.")

    with pytest.raises(OcpperfError, match="It is not to be"):
        change_records(path, Kept, refuse)
    assert [record.name for record in read_records(path, Kept)] == ["one"]
