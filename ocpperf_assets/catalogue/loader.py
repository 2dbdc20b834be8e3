"""Reading the catalogue: files, layers, variables, then every check."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ocpperf_assets.catalogue import promql
from ocpperf_assets.catalogue.checks import check_expression
from ocpperf_assets.catalogue.document import (
    Document,
    Placed,
    read_documents,
    read_entries,
    read_head,
    unique,
)
from ocpperf_assets.catalogue.facts import Facts, read_facts
from ocpperf_assets.catalogue.faults import Fault, one_of, raise_faults
from ocpperf_assets.catalogue.metric import Catalogue, CatalogueHead, Metric, MetricEntry
from ocpperf_assets.catalogue.references import check_references
from ocpperf_assets.catalogue.resolve import resolve
from ocpperf_assets.catalogue.vocabulary import duration_s

DEFAULT_WINDOW = "5m"
DEFAULT_SCRAPE_INTERVAL = "30s"
DEFAULT_STEP = "60s"
MAX_WATCHED = 60

_NEXT_STEP = "metrics/README.md describes every field."

Selectors = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class _File:
    document: Document
    head: CatalogueHead


def load_catalogue(directories: Sequence[Path], flavour: str = "openshift") -> Catalogue:
    """Read the catalogue files of the directories, later ones laid over earlier ones.

    A later directory replaces entries by name and selectors by flavour and name. Raises OcpperfError with
    every fault found, one line each.
    """
    faults: list[Fault] = []
    files, entries = _read(directories, faults)
    selectors = _layered_selectors(files, faults)
    if not all(_knows(selectors, file, flavour) for file in files):
        faults += _unknown_flavour(files, selectors, flavour)
        raise_faults(faults, "The catalogue", _NEXT_STEP)
    facts = read_facts(directories)
    metrics = []
    by_name = unique(entries, faults)
    for placed in by_name.values():
        head = next(file.head for file in files if file.document is placed.document)
        of_flavour = selectors[head.domain].get(flavour, {})
        metric = _metric(placed, head, of_flavour, facts, faults)
        metrics += [metric] if metric else []
    faults += check_references(by_name)
    faults += _too_many_watched(by_name)
    raise_faults(faults, "The catalogue", _NEXT_STEP)
    return Catalogue(metrics=tuple(metrics))


def flavours(directories: Sequence[Path]) -> tuple[str, ...]:
    """Every flavour for which a file of the directories has selectors."""
    faults: list[Fault] = []
    files, _ = _read(directories, faults)
    return tuple(sorted({flavour for file in files for flavour in file.head.selectors}))


def _read(directories: Sequence[Path], faults: list[Fault]) -> tuple[list[_File], list[Placed[MetricEntry]]]:
    files, entries = [], []
    for document in read_documents(directories, faults):
        head = read_head(document, CatalogueHead, "metrics", faults)
        if head:
            files.append(_File(document, head))
            entries += read_entries(document, "metrics", "name", MetricEntry, faults)
    return files, entries


def _layered_selectors(files: Sequence[_File], faults: list[Fault]) -> dict[str, dict[str, dict[str, str]]]:
    """Domain, flavour, name: the matchers. Every flavour of a domain must have the same names."""
    layered: dict[str, dict[str, dict[str, str]]] = {}
    for file in files:
        flavours = layered.setdefault(file.head.domain, {})
        for flavour, named in file.head.selectors.items():
            flavours.setdefault(flavour, {}).update(named)
        names = {name for named in flavours.values() for name in named}
        for flavour, named in flavours.items():
            for name in sorted(names - named.keys()):
                field = f"selectors.{flavour}"
                faults.append(
                    file.document.fault(("selectors", flavour), "", field, f"lacks '{name}', which others have")
                )
    return layered


def _knows(selectors: Mapping[str, Selectors], file: _File, flavour: str) -> bool:
    flavours = selectors[file.head.domain]
    return not flavours or not file.head.selectors or flavour in flavours


def _unknown_flavour(files: Sequence[_File], selectors: Mapping[str, Selectors], flavour: str) -> Iterator[Fault]:
    known = sorted({name for flavours in selectors.values() for name in flavours})
    for file in files:
        if not _knows(selectors, file, flavour):
            yield file.document.fault(("selectors",), "", "selectors", f"flavour: {one_of(known, flavour)}")


def _metric(
    placed: Placed[MetricEntry],
    head: CatalogueHead,
    selectors: Mapping[str, str],
    facts: Facts,
    faults: list[Fault],
) -> Metric | None:
    """The resolved metric, or None where it has faults, which are added to the list."""
    entry = placed.entry
    if entry is None:
        return None
    window_s = duration_s(entry.window or head.window or DEFAULT_WINDOW)
    query, unresolved = resolve(entry.expr, selectors, window_s)
    found = [placed.fault("expr", sentence) for sentence in unresolved]
    tree = None
    if not found:
        try:
            tree = promql.parse(query)
        except ValueError as error:
            found.append(placed.fault("expr", f"does not parse: {error}, in {query}"))
    if tree is not None:
        scrape_s = duration_s(head.scrape_interval or DEFAULT_SCRAPE_INTERVAL)
        minimum_s = max(4 * scrape_s, duration_s(entry.step or DEFAULT_STEP))
        findings = check_expression(entry, tree, facts, window_s=window_s, minimum_s=minimum_s)
        found += [placed.fault(field, sentence) for field, sentence in findings]
    faults += found
    if found or tree is None:
        return None
    return Metric(
        **entry.model_dump(exclude={"step", "window", "objective"}),
        objective=entry.objective,
        domain=head.domain,
        query=query,
        window_s=window_s,
        step_s=duration_s(entry.step) if entry.step else None,
        job=promql.only_job(tree),
    )


def _too_many_watched(entries: Mapping[str, Placed[MetricEntry]]) -> Iterator[Fault]:
    watched = [placed for placed in entries.values() if placed.entry and placed.entry.watch]
    for placed in watched[MAX_WATCHED:]:
        yield placed.fault("watch", f"{len(watched)} metrics are watched, at most {MAX_WATCHED} may be")
