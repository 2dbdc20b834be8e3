"""Selectors: label matchers by name and flavour, those of every domain and those of one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import Field

from ocpperf_assets.catalogue.document import Document
from ocpperf_assets.catalogue.faults import Fault, one_of
from ocpperf_assets.catalogue.vocabulary import Frozen, Key, Text

STEM = "selectors"
"""The file of a directory that holds what every domain uses."""
EVERY_DOMAIN = ""

ByFlavour = dict[str, dict[str, str]]


class Derived(Frozen):
    """A flavour with the selectors of another."""

    like: Key
    """The flavour whose selectors it has."""
    without: dict[Key, Text] = Field(default_factory=dict)
    """Domains and scrape jobs that such clusters lack, with the reason; metrics of theirs are not applicable."""


class SelectorsFile(Frozen):
    """selectors.yaml: matchers that every domain may use, and flavours that differ from another in what they lack."""

    selectors: dict[Key, dict[Key, Text]] = Field(default_factory=dict)
    """Per flavour: label matchers by the name under which expressions use them."""
    flavours: dict[Key, Derived] = Field(default_factory=dict)
    """Flavours that have the selectors of another."""


@dataclass(frozen=True)
class Selectors:
    """What the files of all layers say; `domains` has the matchers of every domain under the empty name."""

    domains: dict[str, ByFlavour] = field(default_factory=dict)
    derived: dict[str, Derived] = field(default_factory=dict)

    def add(self, document: Document, domain: str, flavours: Mapping[str, Mapping[str, str]]) -> Iterator[Fault]:
        """Lay one file over those before it. Every flavour of a domain must have the same names."""
        layered = self.domains.setdefault(domain, {})
        for flavour, named in flavours.items():
            layered.setdefault(flavour, {}).update(named)
        names = {name for named in layered.values() for name in named}
        for flavour, named in layered.items():
            for name in sorted(names - named.keys()):
                said = f"lacks '{name}', which others have"
                yield document.fault((STEM, flavour), "", f"{STEM}.{flavour}", said)

    def flavours(self) -> tuple[str, ...]:
        """Flavours with selectors of their own."""
        return tuple(sorted({name for flavours in self.domains.values() for name in flavours}))

    def of(self, domain: str, flavour: str) -> dict[str, str]:
        """What an expression of the domain may use."""
        base = self.base(flavour)
        return {name: text for one in (EVERY_DOMAIN, domain) for name, text in self._of(one, base).items()}

    def base(self, flavour: str) -> str:
        return self.derived[flavour].like if flavour in self.derived else flavour

    def without(self, flavour: str) -> Mapping[str, str]:
        """Domains and jobs that are not applicable, with the reason."""
        return self.derived[flavour].without if flavour in self.derived else {}

    def jobs(self) -> set[str]:
        """Scrape jobs that a matcher names alone."""
        texts = (text for flavours in self.domains.values() for named in flavours.values() for text in named.values())
        return {job for text in texts for job in re.findall(r'\bjob="([^"]+)"', text)}

    def _of(self, domain: str, base: str) -> Mapping[str, str]:
        return self.domains.get(domain, {}).get(base, {})


def check_flavour(selectors: Selectors, flavour: str, files: Sequence[tuple[Document, str]]) -> Iterator[Fault]:
    """A fault for every file, given with its domain, that has selectors and none for the flavour."""
    base = selectors.base(flavour)
    known = sorted({*selectors.flavours(), *selectors.derived})
    for document, domain in files:
        flavours = selectors.domains.get(domain, {})
        if flavours and STEM in document.content and base not in flavours:
            yield document.fault((STEM,), "", STEM, f"flavour: {one_of(known, flavour)}")


def check_derived(document: Document, selectors: Selectors, domains: Sequence[str]) -> Iterator[Fault]:
    """Flavours must be like one that has selectors, and be without domains or jobs that exist."""
    parts = [*domains, *sorted(selectors.jobs())]
    for name, derived in selectors.derived.items():
        at, shown = ("flavours", name), f"flavours.{name}"
        if derived.like not in selectors.flavours():
            yield document.fault((*at, "like"), "", f"{shown}.like", one_of(selectors.flavours(), derived.like))
        for part in derived.without:
            if part not in parts:
                yield document.fault((*at, "without", part), "", f"{shown}.without", one_of(parts, part))
