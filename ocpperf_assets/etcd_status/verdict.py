"""What the members' answers amount to, with the reasons."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ocpperf_assets.etcd_status.members import MemberStatus

State = Literal["healthy", "degraded", "no quorum", "unknown"]


@dataclass(frozen=True)
class Verdict:
    """Counts are of voting members: learners do not vote."""

    state: State
    healthy: int
    answering: int
    """Members that tell their status; that takes no quorum."""
    voters: int
    leader: str | None
    """None where members name none, or different ones."""
    learners: tuple[str, ...]
    reasons: tuple[str, ...]
    """Why it is not healthy, and what else differs between members; a clause each."""

    @property
    def text(self) -> str:
        """`degraded, 2 of 3`: the healthy ones. Without a quorum none is, and those that still answer are counted."""
        if self.state == "unknown":
            return "unknown"
        return f"{self.state}, {self.answering if self.state == 'no quorum' else self.healthy} of {self.voters}"


def judge(members: Sequence[MemberStatus], faults: Sequence[str] = ()) -> Verdict:
    """`faults`: why some or all pods told nothing.

    A voter serves when a read through it came back, or it names a leader: with an alarm etcdctl calls every member
    unhealthy, and they serve. The quorum is lost when no voter serves, or fewer than a majority can.
    """
    voters = [one for one in members if not one.is_learner]
    answering = [one for one in voters if one.status]
    healthy = [one for one in voters if one.is_healthy]
    serving = [one for one in voters if one.is_healthy or (one.status and one.status.leader_id)]
    silent = [one for one in voters if one.is_healthy is None and not one.status]
    worse, noted = list(_worse(members, voters)), list(_noted(members))
    state: State = "degraded" if worse or len(healthy) < len(voters) else "healthy"
    if len(silent) == len(voters):
        state, worse = "unknown", worse or ["no member was asked"]
    elif not serving or len(serving) + len(silent) <= len(voters) // 2:
        state = "no quorum"
    return Verdict(
        state,
        len(healthy),
        len(answering),
        len(voters),
        _leader(members),
        tuple(one.label for one in members if one.is_learner),
        (*worse, *noted, *faults),
    )


def _worse(members: Sequence[MemberStatus], voters: Sequence[MemberStatus]) -> Iterator[str]:
    """What makes a cluster degraded."""
    for one in voters:
        if one.endpoint is None and one.member_id:
            yield f"{one.label} has not started"
        elif one.is_healthy is None:
            yield f"{one.label} was not asked"
        elif not one.is_healthy:
            yield f"{one.label} is not healthy: {(one.health and one.health.error) or 'it did not answer'}"
        elif one.unhealthy_from:
            yield f"{one.label} answers {_joined(one.healthy_from)} and not {_joined(one.unhealthy_from)}"
    labels = {one.member_id: one.label for one in members}
    alarms = {alarm for one in members if one.status for alarm in one.status.alarms}
    for member, alarm in sorted(alarms, key=lambda raised: (raised[1], labels.get(raised[0], ""))):
        yield f"alarm {alarm} on {labels.get(member, f'{member:x}')}"
    leaders = _named_leaders(members)
    if len(leaders) > 1:
        yield f"members name different leaders: {_joined(sorted(leaders))}"
    lost = [one.label for one in voters if one.status and not one.status.leader_id]
    if lost:
        yield f"no leader is known to {_joined(lost)}"


def _noted(members: Sequence[MemberStatus]) -> Iterator[str]:
    """What differs between members, as it does during an upgrade or an election too."""
    for what, value in _COMPARED:
        by_value: dict[str, list[str]] = defaultdict(list)
        for one in members:
            if (told := value(one)) is not None:
                by_value[str(told)].append(one.label)
        if len(by_value) > 1:
            yield f"{what} differ: " + ", ".join(f"{told} on {_joined(on)}" for told, on in sorted(by_value.items()))


_COMPARED: tuple[tuple[str, Callable[[MemberStatus], object]], ...] = (
    ("versions", lambda one: one.status.version if one.status else None),
    ("raft terms", lambda one: one.status.raft_term if one.status else None),
)


def _leader(members: Sequence[MemberStatus]) -> str | None:
    leaders = _named_leaders(members)
    return leaders.pop() if len(leaders) == 1 else None


def _named_leaders(members: Sequence[MemberStatus]) -> set[str]:
    labels = {one.member_id: one.label for one in members}
    named = {one.status.leader_id for one in members if one.status and one.status.leader_id}
    return {labels.get(leader, f"{leader:x}") for leader in named}


def _joined(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
