"""Roles that prose gives to nodes."""

import re
from collections.abc import Iterator

from ocpperf_mcp.agent.clauses import Clause
from ocpperf_mcp.agent.facts import Facts


def said_of_roles(clause: Clause, facts: Facts) -> Iterator[tuple[str, str]]:
    """A role of a thing that the report gives another one."""
    known = {role for cluster in facts.report.clusters for role in cluster.nodes} | set(facts.roles.values())
    told = [facts.roles[thing] for thing in clause.things if thing in facts.roles]
    for role in sorted(known):
        match = re.search(rf"\b{re.escape(role)}\b(?!s)", clause.plain, re.IGNORECASE)
        if match is not None and told and role not in told:
            yield match[0], f"the report says of {', '.join(clause.things)}: {', '.join(dict.fromkeys(told))}"
