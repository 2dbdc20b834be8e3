"""Names of clusters, nodes, namespaces and pods, as aliases on the way to a model and restored on the way back."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ocpperf_mcp.report.model import Report


@dataclass(frozen=True)
class Aliases:
    """`by_name` is one to one. The same names always get the same aliases."""

    by_name: Mapping[str, str]

    def hide(self, text: str) -> str:
        """The text with aliases in place of names, within longer names too."""
        return self._replace(self.by_name, text, lambda name: rf"(?<![^\W_]){re.escape(name)}(?![^\W_])")

    def show(self, text: str) -> str:
        return self._replace(self._by_alias, text, lambda alias: rf"(?<!\w){re.escape(alias)}(?!\w)")

    def shown(self, value: Any) -> Any:
        """A value of JSON with the names restored in all its texts."""
        match value:
            case str():
                return self.show(value)
            case list():
                return [self.shown(one) for one in value]
            case dict():
                return {name: self.shown(one) for name, one in value.items()}
            case _:
                return value

    @cached_property
    def _by_alias(self) -> Mapping[str, str]:
        return {alias: name for name, alias in self.by_name.items()}

    @staticmethod
    def _replace(known: Mapping[str, str], text: str, pattern: Callable[[str], str]) -> str:
        if not known:
            return text
        longest_first = "|".join(map(pattern, sorted(known, key=len, reverse=True)))
        return re.sub(longest_first, lambda match: known[match[0]], text)


def aliases_of(report: Report) -> Aliases:
    """Aliases for all clusters, nodes, namespaces and pods that the report names, numbered by name."""
    text = report.model_dump_json()
    by_name: dict[str, str] = {}
    for kind, names in _names(report).items():
        free = (alias for place in range(1, 1 << 20) if (alias := f"{kind}-{place}") not in text)
        for name in sorted(names - by_name.keys()):
            by_name[name] = next(free)
    return Aliases(by_name)


def _names(report: Report) -> dict[str, set[str]]:
    nodes = {one.node for one in report.findings if one.node} | {one.node for one in report.events if one.node}
    nodes |= set(_cells(report, "node"))
    namespaces, pods = set(_cells(report, "namespace")), set[str]()
    entities = {(one.entity_kind, one.entity) for one in report.findings}
    for kind, entity in entities | {(one.entity_kind, one.entity) for one in report.claims}:
        first, _, rest = entity.partition("/")
        if kind in ("node", "member", "device"):
            nodes.add(first)
        elif kind == "pod" and rest:
            namespaces.add(first)
            pods.add(rest)
    clusters = {one.cluster for one in report.clusters}
    return {"cluster": clusters, "node": nodes - {""}, "namespace": namespaces - {""}, "pod": pods - {""}}


def _cells(report: Report, key: str) -> Iterator[str]:
    for section in report.sections:
        for table in section.tables:
            places = [place for place, column in enumerate(table.columns) if column.key == key]
            yield from (row[place].text for place in places for row in table.rows)
