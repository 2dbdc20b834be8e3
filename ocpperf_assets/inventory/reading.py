"""The ways in which parts are asked for: one object, every object, how many there are, what state pods are in."""

from collections import Counter
from collections.abc import Callable, Iterator

from ocpperf_assets.access.api import METADATA, PAGE, TABLE, Json
from ocpperf_assets.inventory.asker import Asker
from ocpperf_assets.inventory.part import Read, Row

RowsOf = Callable[[Json], Iterator[Row]]


def one(rows_of: RowsOf) -> Read:
    """One object as rows."""
    return lambda asker, path: rows_of(asker.one(path))


def every(rows_of: RowsOf, page: int = PAGE) -> Read:
    """Every object of a list as rows; `page`: how many are asked for at once, fewer where they are large."""

    def read(asker: Asker, path: str) -> Iterator[Row]:
        for told in asker.pages(path, limit=page):
            for item in told.get("items") or ():
                yield from rows_of(item)

    return read


def counted(kind: str) -> Read:
    """How many objects there are, without their contents: even of one object nothing but its metadata is asked for.

    The API tells how many remain after the first (and may leave that out: then pages of metadata are counted).
    """

    def read(asker: Asker, path: str) -> Iterator[Row]:
        first = next(asker.pages(path, limit=1, accept=METADATA))
        metadata = first.get("metadata") or {}
        if metadata.get("continue") and metadata.get("remainingItemCount") is None:
            objects = sum(map(_objects, asker.pages(path, accept=METADATA)))
            yield "count", {"kind": kind, "objects": objects, "counted_by": "pages"}
        else:
            remaining = int(metadata.get("remainingItemCount") or 0)
            yield "count", {"kind": kind, "objects": _objects(first) + remaining, "counted_by": "remaining"}

    return read


def _objects(page: Json) -> int:
    """Raises ValueError for a page that is no metadata: a proxy that drops the header would bring contents."""
    if page.get("kind") != "PartialObjectMetadataList":
        raise ValueError("it is no list of metadata")
    return len(page.get("items") or ())


def printed(column: str, table: str) -> Read:
    """How many objects have each value of a column that kubectl prints. Only the words of a page are held at a time."""

    def read(asker: Asker, path: str) -> Iterator[Row]:
        found: Counter[str] = Counter()
        at: int | None = None
        for page in asker.pages(path, {"includeObject": "None"}, accept=TABLE):
            # Later pages need not repeat what the columns are.
            at = _place(page, column) if at is None else at
            found.update(_word(row["cells"][at]) for row in page.get("rows") or ())
        for word, objects in sorted(found.items()):
            yield table, {"phase": word, "pods": objects, "source": "table"}

    return read


def _place(page: Json, column: str) -> int:
    return [str(one["name"]) for one in page["columnDefinitions"]].index(column)


def _word(cell: object) -> str:
    """`Init:0/2` counts as `Init`: there would be as many words as numbers."""
    return str(cell).partition(":")[0][:60]
