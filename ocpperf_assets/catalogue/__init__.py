"""The catalogue: which metrics are collected and which limits they are held against, read from YAML."""

from ocpperf_assets.catalogue.cause import CauseEntry, load_causes
from ocpperf_assets.catalogue.loader import flavours, load_catalogue
from ocpperf_assets.catalogue.metric import Catalogue, Metric, Objective
from ocpperf_assets.catalogue.rule import Action, Example, Expectation, Level, Point, Rule
from ocpperf_assets.catalogue.rules import load_rules

__all__ = [
    "Action",
    "Catalogue",
    "CauseEntry",
    "Example",
    "Expectation",
    "Level",
    "Metric",
    "Objective",
    "Point",
    "Rule",
    "flavours",
    "load_catalogue",
    "load_causes",
    "load_rules",
]
