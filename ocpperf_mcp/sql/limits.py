"""How a guarded connection is configured, and how much one query may take."""

from dataclasses import dataclass

from ocpperf_mcp.warehouse import Config

LOCKED: Config = {
    "enable_external_access": False,
    "allow_persistent_secrets": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
    "show_behavior": "table",
    "lock_configuration": True,
}
"""Given at connect time: a locked configuration refuses a second SET.

No file but the opened one is read or written, no extension loaded, no Python variable taken for a table, and SHOW
tells no setting.
"""

_MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What one query may take; `memory_bytes` is DuckDB's own bound, `address_space_bytes` that of its process.

    DuckDB bounds sorts, joins and aggregates, but not what a scalar function allocates: that is why the process has
    a bound too. It lies far above, since threads and libraries reserve some 800 MiB of addresses that they never fill.
    """

    seconds: float = 10
    rows: int = 1_000
    answer_bytes: int = 1_000_000
    statement_characters: int = 100_000
    threads: int = 2
    memory_bytes: int = 512 * _MIB
    address_space_bytes: int = 2_048 * _MIB

    @property
    def config(self) -> Config:
        """Of a guarded connection. Nothing is spilled: a reader writes no file, not even a temporary one."""
        return {
            **LOCKED,
            "temp_directory": "",
            "threads": self.threads,
            "memory_limit": f"{self.memory_bytes}B",
            "max_execution_time": int(self.seconds * 1_000),
        }

    @property
    def question_bytes(self) -> int:
        """Longest message to the worker: UTF-8 and JSON need at most six bytes for a character."""
        return 6 * self.statement_characters + 1_000

    @property
    def reply_bytes(self) -> int:
        """Longest message from the worker: in JSON within JSON every byte may need a second one."""
        return 2 * self.answer_bytes + 1_000_000
