"""docs/environment.md, made from the settings of both packages; run as a module, it writes the file anew."""

import types
from collections.abc import Iterable, Iterator
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import AliasChoices, AnyUrl, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from ocpperf_assets.catalogue.vocabulary import written_duration
from ocpperf_assets.settings import Settings
from ocpperf_mcp.retired import RETIRED
from ocpperf_mcp.settings import ModelSettings, QuerySettings, ServingSettings

FILE = Path("docs/environment.md")

_INTRO = """\
# Environment variables

Made from the settings by `python -m ocpperf_assets.environment_book`. All variables whose names begin with `OCPPERF_`,
but for that of the demo, may also be lines of a `.env` file in the working directory; the environment wins. A value
that cannot be used ends the command with a sentence that names the variable. A duration is written like `60s`, `2m`
or `1h30m`, with the units s, m, h, d and w."""

_ELSEWHERE = {
    "DAGSTER_HOME": "`ocpperf up` and `ocpperf collect` set it to `dagster` in OCPPERF_HOME; set it yourself for "
    "Dagster's own commands, such as `dg dev`.",
    "OCPPERF_DEMO_PROMETHEUS": "Where the demo and the tests find `prometheus` and `promtool`: their directory, or one "
    "of the two; left out, on `PATH`. Read from the environment only.",
}
_MCP_HEAD = """
## Of the MCP server

Read by `ocpperf mcp`; those of `OCPPERF_MCP_` only over HTTP.
"""
_MODEL_HEAD = """
## Of the report agent

Read by `ocpperf report --narrate`, which asks a language model only where there is a key. BASE_URL is an https
address, or an http one on loopback.
"""
_PIPELINE_HEAD = """
## Of the pipeline

Read by Dagster's runs and the commands about collecting; `ocpperf mcp`, `sql` and `compare` read none of them.
"""
_NOT_READ_HEAD = """
The logs of `ocpperf up` blank out the value of every variable whose name ends in TOKEN, KEY, PASSWORD or SECRET, and
the addresses that the file of `OCPPERF_NOTIFY` leads to.

## Not read

What the predecessor read and has no effect here.
"""

_SCALARS = {
    bool: "1 or 0",
    int: "whole number",
    float: "number",
    str: "text",
    Path: "path",
    timedelta: "duration",
    SecretStr: "secret",
    AnyUrl: "address",
}
_LISTS = (tuple, list, set, frozenset)


def book() -> str:
    """The whole text."""
    query, serving, pipeline = variables(QuerySettings), variables(ServingSettings), variables(Settings)
    parts = [
        _INTRO,
        "\n## Of every command\n",
        *settings_table(query),
        _MCP_HEAD,
        *settings_table({name: field for name, field in serving.items() if name not in query}),
        _MODEL_HEAD,
        *settings_table({name: field for name, field in variables(ModelSettings).items() if name not in query}),
        _PIPELINE_HEAD,
        *settings_table({name: field for name, field in pipeline.items() if name not in query}),
        "\n## Read elsewhere\n",
        *_table(("variable", "is"), _ELSEWHERE.items()),
        _NOT_READ_HEAD,
        *_table(("variable", "instead"), RETIRED.items()),
    ]
    return "\n".join(parts) + "\n"


def variables(settings: type[BaseSettings]) -> dict[str, FieldInfo]:
    """Field by the name of its variable; of several names, the first."""
    prefix = settings.model_config.get("env_prefix", "")
    return {_variable(prefix, name, field): field for name, field in settings.model_fields.items()}


def _variable(prefix: str, name: str, field: FieldInfo) -> str:
    alias = field.validation_alias
    first = alias.choices[0] if isinstance(alias, AliasChoices) else alias
    return first if isinstance(first, str) else f"{prefix}{name}".upper()


def settings_table(fields: dict[str, FieldInfo]) -> Iterator[str]:
    """Lines of a Markdown table, a row for each variable. Raises KeyError on a type it has no words for."""
    rows = ((name, _kind(field), _default(field), field.description or "") for name, field in fields.items())
    return _table(("variable", "value", "default", "is"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for name, *rest in rows:
        yield f"| `{name}` | {' | '.join(cell.replace('|', chr(92) + '|') for cell in rest)} |"


def _kind(field: FieldInfo) -> str:
    return _words_of(field.annotation) + "".join(_bounds(field.metadata))


def _words_of(annotation: Any) -> str:
    origin, inner = get_origin(annotation), [one for one in get_args(annotation) if one not in (type(None), ...)]
    if origin is Annotated:
        return _words_of(get_args(annotation)[0])
    if origin is Literal:
        return " or ".join(f"`{option}`" for option in inner)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(_words_of(one) for one in inner))
    if origin in _LISTS:
        return "list, separated by commas"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return " or ".join(f"`{option.value}`" for option in annotation)
    return _SCALARS[annotation]


def _bounds(metadata: list[Any]) -> Iterator[str]:
    for bound in metadata:
        match bound:
            case Ge(ge=least):
                yield f", at least {least}"
            case Gt(gt=below):
                yield f", more than {below}"
            case Le(le=most):
                yield f", at most {most}"
            case Lt(lt=above):
                yield f", less than {above}"


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=False)
    if field.is_required() or value is None:
        return "none"
    if isinstance(value, SecretStr):
        return "not shown"
    if isinstance(value, bool):
        return f"`{int(value)}`"
    if isinstance(value, timedelta):
        return f"`{_written(value)}`"
    if isinstance(value, _LISTS):
        return f"`{','.join(map(str, value))}`" if value else "none"
    return f"`{value.value if isinstance(value, Enum) else value}`"


def _written(duration: timedelta) -> str:
    """In days rather than weeks: retention is spoken of in days."""
    whole_days = duration == timedelta(days=duration.days)
    return f"{duration.days}d" if whole_days else written_duration(int(duration.total_seconds()))


if __name__ == "__main__":
    FILE.write_text(book(), encoding="utf-8")
