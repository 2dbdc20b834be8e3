"""docs/tools.md, made from the registry; run as a module, it writes the file anew."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.server import build_server, specs
from ocpperf_mcp.tools.asks import Ask
from ocpperf_mcp.tools.registry import ANALYZERS, ToolSpec
from ocpperf_mcp.tools.schemas import input_schema

FILE = Path("docs/tools.md")
_INTRO = """\
# Tools

Made from the registry by `python -m ocpperf_mcp.tools.book`. `ocpperf mcp` serves them all, `--analyzer` those of one
analyzer and the shared ones. All of them only read the published warehouse.

## An answer

JSON, as structured content and as text; parts that are empty are left out.

| part | is |
|---|---|
| `cluster` | the cluster |
| `asked`, `answered` | the window asked for, half-open, in UTC; the wider one that the data could answer |
| `data_as_of` | the end of what was collected |
| `coverage` | mean share of the expected samples that came, of the metrics shown |
| `notes` | what limits the answer, in sentences |
| `metrics` | title, unit and objective (with its tier) of each metric in the tables |
| `findings` | rules that fired, each with evidence, likely causes and actions |
| `tables` | by name, `columns` and `rows`: lists in the order of the columns |
| `text` | a report's Markdown |
| `truncated` | reason, rows shown and rows in all, and the cursor to give with the same arguments for the next page |

Without `limit` an answer costs at most 2,500 tokens, and begins with the most telling rows: objectives that are
missed, then the worst thing of each metric, those nearest to a limit first, then the others. Numbers have four
significant digits, values of a metric are in its base unit, columns that end in `_s` are seconds. A failure is an MCP
error with one sentence and the next step.

`status` is met or missed where that is sure, possible where the objective lies inside the bucket that holds the P99,
and null where no objective is published. A latency's quantiles are merged from buckets over the whole window, which
`observations` counts the operations of; `worst_5m` is the P99 of the worst five minutes, and `slow_share` says between
which bounds the share of operations over the objective lies. Quantiles of `metrics` are over time and need samples,
which `observations` counts there; where those are gone, means of five minutes or hours are left, and a note says so.

`capacity` tells what limited resources have left, and of what grows from when to when it may be full, at the pace of
the window: no farther ahead than three times its length, and of what follows the load of the day only over eight days
or more.

## Parameters

Flat, the same everywhere; an unknown one is refused with the nearest name.

| parameter | is | tools |
|---|---|---|
"""


def book() -> str:
    """The whole text."""
    every = specs()
    parts = [_INTRO + "\n".join(_parameters(every))]
    shared = [spec for spec in every if len(spec.analyzers) == len(ANALYZERS)]
    for analyzer in ANALYZERS:
        parts += _section(analyzer, [spec for spec in every if spec.analyzers == {analyzer}])
    parts += _section("every analyzer", shared)
    parts += asyncio.run(_read_and_offered())
    return "\n".join(parts) + "\n"


async def _read_and_offered() -> list[str]:
    """Resources, templates and prompts, as the server lists them."""
    server = build_server(Home(Path()))
    resources = [(str(one.uri), one.description) for one in await server.list_resources()]
    templates = [(one.uri_template, one.description) for one in await server.list_resource_templates()]
    prompts = [
        (" ".join([one.name, *(argument.name for argument in one.arguments or ())]), one.description)
        for one in await server.list_prompts()
    ]
    titled = {"Resources": resources + templates, "Prompts": prompts}
    return [
        line
        for title, entries in titled.items()
        for line in (f"\n## {title}\n", *(f"- `{name}`: {words}" for name, words in entries))
    ]


def _parameters(every: list[ToolSpec]) -> Iterator[str]:
    """One row a parameter, with its words from the first tool that has it."""
    fields: dict[str, dict[str, Any]] = {}
    users: dict[str, list[str]] = {}
    for spec in every:
        for name, field in input_schema(spec.ask)["properties"].items():
            fields.setdefault(name, field)
            users.setdefault(name, []).append(spec.name)
    for name in sorted(fields, key=lambda name: (-len(users[name]), name)):
        yield f"| `{name}` | {_words(fields[name])} | {_users(users[name], len(every))} |"


def _words(field: dict[str, Any]) -> str:
    kind = " or ".join(f"`{option}`" for option in field.get("enum", ())) or str(field["type"])
    said = f"{kind}, {field['description']}" if "description" in field else kind
    return f"{said}; default {field['default']}" if field.get("default") not in (None, "", False) else said


def _users(names: list[str], of_all: int) -> str:
    if len(names) == of_all:
        return "all"
    return ", ".join(f"`{name}`" for name in names) if len(names) <= 2 else f"{len(names)} of {of_all}"


def _section(title: str, shown: list[ToolSpec]) -> Iterator[str]:
    yield f"\n## Tools of {title}"
    for spec in shown:
        yield f"\n### `{spec.name}`\n"
        yield f"**{spec.title}.** " + " ".join(spec.description.split())
        yield f"\nParameters: {_names(spec.ask)}."


def _names(kind: type[Ask]) -> str:
    schema = input_schema(kind)
    required = schema.get("required", ())
    return ", ".join(f"`{name}`" + (" (required)" if name in required else "") for name in schema["properties"])


if __name__ == "__main__":
    FILE.write_text(book(), encoding="utf-8")
