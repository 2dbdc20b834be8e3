"""Common causes: what shows one, what may follow from it, and how to tell it from others."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from pydantic import model_validator

from ocpperf_assets.catalogue.document import NoHead, Placed, read_documents, read_entries, read_head, unique
from ocpperf_assets.catalogue.faults import Fault, nearest, raise_faults
from ocpperf_assets.catalogue.rule import RuleKey
from ocpperf_assets.catalogue.vocabulary import Frozen, Text

EventKind = Literal[
    "node-boot", "node-join", "node-not-ready", "leader-change", "defragmentation", "ovn-restart",
    "container-restart", "version-change", "upgrade", "reboot",
]  # fmt: skip
"""Kinds of events and of windows of change that may be a cause."""


class Check(Frozen):
    """What tells one cause from the others."""

    command: Text
    tells: Text
    """What its answer says for and against the cause."""


class CauseEntry(Frozen):
    """One cause, and its place in the graph: signs show it, what it explains may follow from it."""

    cause: RuleKey
    title: Text
    """As it stands behind "consistent with"."""
    signs: tuple[RuleKey, ...] = ()
    """Rules that show the cause itself."""
    events: tuple[EventKind, ...] = ()
    """Kinds of events that are the cause."""
    explains: tuple[RuleKey, ...] = ()
    """Rules that may fire because of it."""
    reach: Literal["node", "cluster"] = "node"
    """How far that goes: on the same node, or anywhere in the cluster."""
    check: Check

    @model_validator(mode="after")
    def _shown_by_something(self) -> "CauseEntry":
        if not self.signs and not self.events:
            raise ValueError("expected signs or events that show it")
        return self


class CauseFile(Frozen):
    """A file of causes."""

    causes: tuple[CauseEntry, ...] = ()


def load_causes(directories: Sequence[Path], rules: Sequence[Path]) -> tuple[CauseEntry, ...]:
    """Read the causes of the directories; a later directory replaces them by their key.

    `rules`: the directories of the rules that they name, of whatever profile. Raises OcpperfError with every fault.
    """
    faults: list[Fault] = []
    entries: list[Placed[CauseEntry]] = []
    for document in read_documents(directories, faults):
        read_head(document, NoHead, ["causes"], faults)
        entries += read_entries(document, "causes", "cause", CauseEntry, faults)
    known = set(_rule_names(rules))
    by_key = unique(entries, faults)
    for placed in by_key.values():
        faults += _check(placed, known)
    raise_faults(faults, "The causes have", "metrics/README.md describes every field.")
    return tuple(placed.entry for placed in by_key.values() if placed.entry)


def _rule_names(directories: Sequence[Path]) -> Iterator[str]:
    for document in read_documents(directories, []):
        rules = document.content.get("rules", [])
        for entry in rules if isinstance(rules, list) else []:
            if isinstance(entry, dict):
                yield str(entry.get("rule"))


def _check(placed: Placed[CauseEntry], known: set[str]) -> Iterator[Fault]:
    entry = placed.entry
    if entry is None:
        return
    for field in ("signs", "explains"):
        for index, name in enumerate(getattr(entry, field)):
            if name not in known:
                yield placed.fault(f"{field}.{index}", f"there is no rule '{name}'{nearest(name, known)}")
            elif field == "explains" and name in entry.signs:
                yield placed.fault(f"{field}.{index}", f"'{name}' is a sign of it already")
