"""A tool as FastMCP runs it: strict parameters in, one answer out, every fault an MCP error of one sentence."""

import logging
from contextlib import ExitStack
from typing import Any

from anyio import to_thread
from fastmcp.exceptions import ToolError
from fastmcp.tools import Tool, ToolResult
from mcp_types import ToolAnnotations
from pydantic import ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.reader import Reader
from ocpperf_mcp.sql.run import SqlRunner
from ocpperf_mcp.tools.answer import Row
from ocpperf_mcp.tools.asks import read_ask
from ocpperf_mcp.tools.page import dumped, page
from ocpperf_mcp.tools.question import Question
from ocpperf_mcp.tools.registry import ToolSpec
from ocpperf_mcp.tools.schemas import input_schema, output_schema
from ocpperf_mcp.warehouse import up_to_date


class WarehouseTool(Tool):
    """Opens the published warehouse for the call alone, so that a publication is seen by the next one."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    spec: SkipJsonSchema[ToolSpec] = Field(exclude=True)
    reader: SkipJsonSchema[Reader] = Field(exclude=True)
    runner: SkipJsonSchema[SqlRunner] = Field(exclude=True)

    async def run(self, arguments: dict[str, Any]) -> ToolResult:
        try:
            payload = await to_thread.run_sync(self._payload, arguments)
        except OcpperfError as fault:
            raise ToolError(str(fault), log_level=logging.INFO) from None
        return ToolResult(content=dumped(payload), structured_content=payload)

    def _payload(self, arguments: dict[str, Any]) -> Row:
        ask = read_ask(self.spec.ask, arguments)
        with up_to_date(self.spec.name), ExitStack() as opened:
            question = Question(self.spec.name, ask, lambda: opened.enter_context(self.reader.open()), self.runner)
            return page(self.spec.answer(question), question.cursor, ask.limit).payload()


def warehouse_tool(spec: ToolSpec, reader: Reader, runner: SqlRunner) -> WarehouseTool:
    """The tool of a specification over a warehouse; `runner` runs the statements of callers on it."""
    return WarehouseTool(
        name=spec.name,
        title=spec.title,
        description=spec.description,
        tags=set(spec.analyzers),
        parameters=input_schema(spec.ask),
        output_schema=output_schema(),
        annotations=ToolAnnotations(
            read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        ),
        spec=spec,
        reader=reader,
        runner=runner,
    )
