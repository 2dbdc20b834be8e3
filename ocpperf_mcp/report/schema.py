"""The JSON schema of a report, for those who read it by a program; run as a module, it writes the file anew."""

import json
from pathlib import Path

from ocpperf_mcp.report.model import Report

FILE = Path("docs/report.schema.json")


def schema_text() -> str:
    """The schema as committed. What is left out of a report has the default that stands there."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Report.model_json_schema()}
    return json.dumps(schema, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(schema_text(), encoding="utf-8")
