"""The JSON schema of catalogue, rule and cause files, for editors; run as a module, it writes the file anew."""

import json
from pathlib import Path

from pydantic.json_schema import models_json_schema

from ocpperf_assets.catalogue.cause import CauseFile
from ocpperf_assets.catalogue.locate import metrics_directory
from ocpperf_assets.catalogue.metric import CatalogueFile
from ocpperf_assets.catalogue.rule import RuleFile

FILE = "schema.json"


def schema_text() -> str:
    """The schema as committed: a file is one of metrics, of rules or of causes."""
    references, definitions = models_json_schema([(one, "validation") for one in (CatalogueFile, RuleFile, CauseFile)])
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ocpperf catalogue, rules and causes",
        "oneOf": list(references.values()),
        **definitions,
    }
    return json.dumps(schema, indent=2) + "\n"


def write_schema(directory: Path) -> None:
    (directory / FILE).write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    write_schema(metrics_directory())
