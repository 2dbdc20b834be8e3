"""Parameters of the tools: flat, the same everywhere, strictly read."""

from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.nearest import meant

MOST_ROWS = 500

Some = TypeVar("Some", bound="Ask")


class Ask(BaseModel):
    """Parameters of every tool. An unknown one is refused, and so is a text where a number is asked for."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    limit: Annotated[int | None, Field(ge=1, le=MOST_ROWS, description="rows; default: what fits 2,500 tokens")] = None
    cursor: Annotated[str | None, Field(description="of a truncated answer, beside its arguments")] = None


class ClusterAsk(Ask):
    """One cluster."""

    cluster: Annotated[str | None, Field(description="default: the only one")] = None


class WindowAsk(ClusterAsk):
    """One cluster and one window of time."""

    default_duration: ClassVar[str] = "1h"

    duration: Annotated[str | None, Field(description="1h30m, 7d or a run's name; ends with the data; default 1h")] = (
        None
    )
    start_time: Annotated[str | None, Field(description="ISO 8601, UTC")] = None
    end_time: str | None = None


class NodesAsk(WindowAsk):
    """Things on some nodes only."""

    role: Annotated[str | None, Field(description="of node, e.g. worker")] = None
    nodes: list[str] | None = None


class VerdictAsk(NodesAsk):
    """What happened in a window, where a day says more than an hour."""

    default_duration: ClassVar[str] = "24h"

    duration: Annotated[str | None, Field(description="1h30m, 7d or a run's name; ends with the data; default 24h")] = (
        None
    )


class MetricAsk(NodesAsk):
    """The worst things of each metric."""

    top_n: Annotated[int, Field(ge=1, le=MOST_ROWS, description="worst per metric and role")] = 3


def read_ask(kind: type[Some], arguments: dict[str, Any]) -> Some:
    """The parameters from what a client sent. Raises OcpperfError with one sentence about the first that is wrong."""
    for name in arguments:
        if name not in kind.model_fields:
            raise OcpperfError(f"There is no parameter '{name}'.", meant(name, kind.model_fields, "parameter"))
    try:
        return kind.model_validate(arguments)
    except ValidationError as fault:
        first = fault.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise OcpperfError(
            f"The parameter {place} cannot be used: {_sentence(first['msg'])}", _hint(kind, place)
        ) from None


def _sentence(words: str) -> str:
    return f"{words[:1].lower()}{words[1:].rstrip('.')}."


def _hint(kind: type[Ask], place: str) -> str:
    field = kind.model_fields.get(place.partition(".")[0])
    return f"{place}: {field.description}." if field is not None and field.description else ""
