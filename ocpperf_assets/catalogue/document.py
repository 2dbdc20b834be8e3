"""YAML files with the line of every value, and their entries, validated one by one."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from ocpperf_assets.catalogue.faults import Fault, explain
from ocpperf_mcp.contracts.errors import OcpperfError

# libyaml is several times as fast, at every start of every process; PyYAML has it wherever it comes as a wheel.
YamlLoader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader

_ONE_S_OWN = 1
"""The layer of files that are not shipped."""

Location = tuple[int | str, ...]
ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True)
class Document:
    """One YAML mapping and where each value stands. `layer` counts the directories it is laid over."""

    path: Path
    content: Mapping[str, object]
    lines: Mapping[Location, int]
    layer: int

    @property
    def name(self) -> str:
        return _shown(self.path)

    def fault(self, location: Location, entry: str, field: str, message: str) -> Fault:
        """A fault at the line of `location`, or of the nearest thing that holds it."""
        lengths = range(len(location), -1, -1)
        line = next((self.lines[location[:n]] for n in lengths if location[:n] in self.lines), 0)
        return Fault(self.name, line, entry, field, message)


@dataclass(frozen=True)
class Placed(Generic[ModelT]):
    """An entry and where it stands; `entry` is None where it is no valid model, yet others may name it."""

    name: str
    entry: ModelT | None
    document: Document
    location: Location

    def fault(self, field: str, message: str) -> Fault:
        """A fault of one field, given as `objective` or `levels.2.tier`."""
        path = tuple(int(part) if part.isdigit() else part for part in field.split("."))
        return self.document.fault((*self.location, *path), self.name, field, message)


def read_documents(directories: Sequence[Path], faults: list[Fault]) -> list[Document]:
    """The YAML files of the directories, in order; sub-directories are not searched. Adds to `faults`."""
    documents = []
    for layer, directory in enumerate(directories):
        if not directory.is_dir():
            faults.append(Fault(_shown(directory), 0, "", "", "there is no such directory"))
        for path in sorted([*directory.glob("*.yaml"), *directory.glob("*.yml")]):
            if document := read_document(path, layer, faults):
                documents.append(document)
    return documents


def read_document(path: Path, layer: int, faults: list[Fault]) -> Document | None:
    """One YAML file, or None where it holds no mapping. Adds to `faults`. Raises OSError where it cannot be read."""
    try:
        return _read(path, layer, faults)
    except (yaml.YAMLError, UnicodeDecodeError, _NoMappingError) as error:
        faults.append(_unreadable(path, error))
        return None


class NoHead(BaseModel):
    """Of a file that says nothing beside its lists of entries."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def read_head(document: Document, model: type[ModelT], without: Collection[str], faults: list[Fault]) -> ModelT | None:
    """What a file says beside its lists of entries, or None where that is no valid model."""
    head = {key: value for key, value in document.content.items() if key not in without}
    try:
        return model.model_validate(head)
    except ValidationError as error:
        for location, message in explain(error, [*model.model_fields, *without]):
            field = ".".join(str(part) for part in location)
            faults.append(document.fault(location, "", field, message))
        return None


def read_entries(
    document: Document, listed: str, key: str, model: type[ModelT], faults: list[Fault]
) -> list[Placed[ModelT]]:
    """The entries under `listed`, each named by its field `key`."""
    items = document.content.get(listed, [])
    if not isinstance(items, list):
        faults.append(document.fault((listed,), "", listed, f"expected a list of entries, found {items!r}"))
        return []
    return [_read_entry(document, (listed, index), item, key, model, faults) for index, item in enumerate(items)]


def _read_entry(
    document: Document, location: Location, item: object, key: str, model: type[ModelT], faults: list[Fault]
) -> Placed[ModelT]:
    name = item.get(key) if isinstance(item, dict) else None
    shown = str(name or f"{location[0]}[{location[1]}]")
    try:
        return Placed(shown, model.model_validate(item), document, location)
    except ValidationError as error:
        for inner, message in explain(error, model.model_fields):
            field = ".".join(str(part) for part in inner)
            faults.append(document.fault((*location, *inner), shown, field, message))
        return Placed(shown, None, document, location)


def unique(entries: Sequence[Placed[ModelT]], faults: list[Fault]) -> dict[str, Placed[ModelT]]:
    """Entries by name: a later directory replaces an entry, a second one in the same directory is a fault."""
    by_name: dict[str, Placed[ModelT]] = {}
    for placed in entries:
        first = by_name.get(placed.name)
        if first and first.document.layer == placed.document.layer:
            where = first.fault("", "")
            faults.append(placed.fault("", f"duplicate name, first used at {where.file}:{where.line}"))
        else:
            by_name[placed.name] = placed
    return by_name


def read_one_file(
    path: Path, listed: str, model: type[ModelT], setting: str, faults: list[Fault]
) -> list[Placed[ModelT]]:
    """The entries of a file that `setting` names and that holds one list of them, each with a `name`.

    Adds to `faults`, also where there is no entry. Raises OcpperfError where the file cannot be read.
    """
    try:
        document = read_document(path, _ONE_S_OWN, faults)
    except OSError as fault:
        raise OcpperfError(
            f"The {listed} file {path} cannot be read: {fault.strerror}.", f"Correct {setting}."
        ) from None
    if document is None:
        return []
    read_head(document, NoHead, [listed], faults)
    found = list(unique(read_entries(document, listed, "name", model, faults), faults).values())
    if not faults and not found:
        faults.append(document.fault((listed,), "", listed, f"expected at least one {listed.removesuffix('s')}"))
    return found


class _NoMappingError(Exception):
    pass


def _read(path: Path, layer: int, faults: list[Fault]) -> Document:
    text = path.read_text(encoding="utf-8")
    loader = YamlLoader(text)
    root = loader.get_single_node()
    if not isinstance(root, yaml.MappingNode):
        raise _NoMappingError
    places = list(_walk(root, (), 1))  # before its construction, which writes merged keys into the nodes
    content = loader.construct_document(root)
    lines: dict[Location, int] = {}
    document = Document(path, content, lines, layer)
    for location, line in places:
        if location in lines:
            faults.append(document.fault(location, "", str(location[-1]), f"written twice, again in line {line}"))
        lines.setdefault(location, line)
    return document


def _walk(node: yaml.Node, location: Location, line: int) -> Iterator[tuple[Location, int]]:
    yield location, line
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _walk(value, (*location, key.value), key.start_mark.line + 1)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _walk(value, (*location, index), value.start_mark.line + 1)


def _unreadable(path: Path, error: Exception) -> Fault:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return Fault(_shown(path), error.problem_mark.line + 1, "", "", f"not YAML: {error.problem}")
    if isinstance(error, _NoMappingError):
        return Fault(_shown(path), 0, "", "", "expected fields and a list of entries, found neither")
    return Fault(_shown(path), 0, "", "", f"not YAML: {' '.join(str(error).split())}")


def _shown(path: Path) -> str:
    """Relative to the working directory where it lies below."""
    absolute = path.resolve()
    return str(absolute.relative_to(Path.cwd())) if absolute.is_relative_to(Path.cwd()) else str(absolute)
