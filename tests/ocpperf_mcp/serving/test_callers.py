"""Many callers at once, with the protocol's own client in both of its eras, while the warehouse is published."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from ocpperf_assets.slots import write_turn
from ocpperf_mcp.contracts.paths import Home
from tests.conftest import copy_of
from tests.ocpperf_mcp.serving.running import Server, serving

Era = Literal["auto", "legacy"]
ERAS: tuple[Era, Era] = ("auto", "legacy")
CALLERS, PUBLICATIONS = 4, 3
TOLD = """
select (select n from told_first) as first, (select n from told_second) as second, max(version) as version
from raw_publication
"""


def client(address: str, era: Era, token: str = "") -> Client:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Client(
        streamable_http_client(address, http_client=httpx2.AsyncClient(headers=headers, timeout=60)), mode=era
    )


@pytest.mark.parametrize("era", ERAS)
def test_the_protocol_s_own_client_lists_and_calls(server: Server, era: Era) -> None:
    async def ask() -> tuple[set[str], Any]:
        async with client(server.address, era) as connected:
            names = {tool.name for tool in (await connected.list_tools()).tools}
            return names, await connected.call_tool("get_etcd_disk_wal_fsync", {"duration": "build-1"})

    names, answer = asyncio.run(ask())
    assert {"get_etcd_disk_wal_fsync", "run_sql", "query_network_l1_metrics"} <= names
    assert not answer.is_error
    assert answer.structured_content["tables"]["metrics"]["rows"]


@pytest.mark.parametrize("era", ERAS)
def test_a_refusal_is_an_error_of_the_protocol(server: Server, era: Era) -> None:
    async def ask() -> Any:
        async with client(server.address, era) as connected:
            return await connected.call_tool("get_findings", {"cluster": "c9"})

    answer = asyncio.run(ask())
    assert answer.is_error
    assert answer.content[0].text.startswith("The warehouse holds no cluster 'c9'.")


def publish(home: Home, number: int) -> None:
    with write_turn(home, f"publication {number}") as turn:
        for table in ("told_first", "told_second"):
            turn.con.execute(f"create or replace table {table} as select {number} as n")
            turn.changed_whole(table)


@dataclass
class Storm:
    """Callers that go on until the last publication is out; each publication waits until all have asked again."""

    address: str
    home: Home
    seen: list[list[tuple[int, ...]]] = field(default_factory=lambda: [[] for _ in range(CALLERS)])
    is_over: bool = False

    async def run(self) -> None:
        await asyncio.gather(self.publish(), *(self.call_on(number) for number in range(CALLERS)))

    async def publish(self) -> None:
        try:
            for number in range(1, PUBLICATIONS + 1):
                asked = [len(each) for each in self.seen]
                while any(len(each) == before for each, before in zip(self.seen, asked, strict=True)):
                    await asyncio.sleep(0.01)
                await asyncio.to_thread(publish, self.home, number)
        finally:
            self.is_over = True

    async def call_on(self, number: int) -> None:
        async with client(self.address, ERAS[number % 2]) as connected:
            while not self.is_over:
                told = await connected.call_tool("run_sql", {"sql": TOLD})
                assert not told.is_error, told.content
                self.seen[number] += [tuple(row) for row in (told.structured_content or {})["tables"]["rows"]["rows"]]
                asked = await connected.call_tool("get_etcd_disk_wal_fsync", {"duration": "build-1"})
                assert not asked.is_error, asked.content


def test_every_answer_is_of_one_published_version(home: Home, tmp_path: Path) -> None:
    written = copy_of(home, tmp_path)
    publish(written, 0)
    with serving(written, OCPPERF_MCP_RATE="100000") as running:
        storm = Storm(running.address, written)
        asyncio.run(storm.run())
    rows = {row for each in storm.seen for row in each}
    assert all(first == second for first, second, _ in rows)
    assert len({version - number for number, _, version in rows}) == 1, "numbers of one publication, version of another"
    assert all(each == sorted(each) for each in storm.seen), "an older version after a newer one"
    assert {number for number, _, _ in rows} >= set(range(PUBLICATIONS))
