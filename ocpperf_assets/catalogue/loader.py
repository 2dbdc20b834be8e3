"""Reading the catalogue: files, layers, variables, then every check."""

import json
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
from ocpperf_assets.catalogue.faults import Fault, raise_faults
from ocpperf_assets.catalogue.metric import Catalogue, CatalogueHead, Metric, MetricEntry
from ocpperf_assets.catalogue.references import check_references
from ocpperf_assets.catalogue.resolve import resolve
from ocpperf_assets.catalogue.selectors import (
    EVERY_DOMAIN,
    STEM,
    Selectors,
    SelectorsFile,
    check_derived,
    check_flavour,
)
from ocpperf_assets.catalogue.vocabulary import duration_s

DEFAULT_WINDOW = "5m"
DEFAULT_SCRAPE_INTERVAL = "30s"
DEFAULT_STEP = "60s"
MAX_WATCHED = 60

_NEXT_STEP = "metrics/README.md describes every field."

PLATFORM = "platform"
"""The selector of namespaces whose pods are collected."""


@dataclass(frozen=True)
class _File:
    document: Document
    head: CatalogueHead


@dataclass(frozen=True)
class _Read:
    """What the files hold, before any expression is looked at."""

    files: list[_File]
    entries: list[Placed[MetricEntry]]
    selectors: Selectors


def load_catalogue(directories: Sequence[Path], flavour: str = "openshift", namespaces: str | None = None) -> Catalogue:
    """Read the catalogue files of the directories, later ones laid over earlier ones.

    A later directory replaces entries by name and selectors by flavour and name. `namespaces`: a regular expression
    that stands for the platform's namespaces. Raises OcpperfError with every fault found, one line each.
    """
    faults: list[Fault] = []
    read = _read(directories, faults)
    unknown = list(check_flavour(read.selectors, flavour, [(one.document, one.head.domain) for one in read.files]))
    if unknown:
        raise_faults([*faults, *unknown], "The catalogue has", _NEXT_STEP)
    facts = read_facts(directories)
    metrics = []
    by_name = unique(read.entries, faults)
    without = read.selectors.without(flavour)
    for placed in by_name.values():
        head = next(file.head for file in read.files if file.document is placed.document)
        matchers = _matchers(read.selectors.of(head.domain, flavour), namespaces)
        metric = _metric(placed, head, matchers, facts, faults)
        if metric:
            metrics.append(_not_applicable(metric) if {metric.domain, metric.job} & without.keys() else metric)
    faults += check_references(by_name)
    faults += _too_many_watched(by_name)
    raise_faults(faults, "The catalogue has", _NEXT_STEP)
    return Catalogue(metrics=tuple(metrics), without=dict(without))


def flavours(directories: Sequence[Path]) -> tuple[str, ...]:
    """Every flavour for which a file of the directories has selectors."""
    return _read(directories, []).selectors.flavours()


def _read(directories: Sequence[Path], faults: list[Fault]) -> _Read:
    read = _Read([], [], Selectors())
    shared = []
    for document in read_documents(directories, faults):
        if document.path.stem == STEM:
            shared.append(document)
            faults += _add_shared(document, read.selectors, faults)
            continue
        head = read_head(document, CatalogueHead, ["metrics"], faults)
        if head:
            read.files.append(_File(document, head))
            read.entries.extend(read_entries(document, "metrics", "name", MetricEntry, faults))
            faults += read.selectors.add(document, head.domain, head.selectors)
    domains = sorted({file.head.domain for file in read.files})
    for document in shared:
        faults += check_derived(document, read.selectors, domains)
    return read


def _add_shared(document: Document, selectors: Selectors, faults: list[Fault]) -> Iterator[Fault]:
    head = read_head(document, SelectorsFile, [], faults)
    if head:
        selectors.derived.update(head.flavours)
        yield from selectors.add(document, EVERY_DOMAIN, head.selectors)


def _matchers(selectors: Mapping[str, str], namespaces: str | None) -> Mapping[str, str]:
    if namespaces is None:
        return selectors
    return {**selectors, PLATFORM: f"namespace=~{json.dumps(namespaces)}"}


def _not_applicable(metric: Metric) -> Metric:
    return metric.model_copy(update={"absent_means": "not_applicable"})


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
        **entry.model_dump(exclude={"step", "window", "objective", "capacity"}),
        objective=entry.objective,
        capacity=entry.capacity,
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
