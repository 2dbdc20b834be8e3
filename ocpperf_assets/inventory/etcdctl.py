"""The part of the inventory that runs etcdctl in etcd's pods; off unless OCPPERF_ETCD_EXEC turns it on."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ocpperf_assets.etcd_status.ask import View, ask
from ocpperf_assets.etcd_status.members import MemberStatus, merged
from ocpperf_assets.etcd_status.pods import etcd_pods
from ocpperf_assets.etcd_status.verdict import Verdict, judge
from ocpperf_assets.inventory.asker import AbsentError, Asker
from ocpperf_assets.inventory.part import Part, Row, Value


def _read(asker: Asker, _: str) -> Iterator[Row]:
    """Raises ApiError where no pod may or can be asked, and AbsentError where there is none."""
    pods = etcd_pods(asker.api)
    if not pods:
        raise AbsentError("The cluster has no pods of etcd: it may run outside, or with a hosted control plane.")
    views = ask(asker.api, pods)
    asker.requests += 1 + sum(view.commands for view in views)
    refusals = [view.refusal for view in views if view.refusal]
    if refusals and not any(_has_told(view) for view in views):
        raise refusals[0]
    members = merged(views)
    verdict = judge(members, [fault for view in views for fault in view.faults])
    yield "etcd", _cluster_row(verdict)
    yield from (("etcd_member", row) for row in _member_rows(members, verdict))


ETCDCTL = Part("etcdctl", "/api/v1/pods", _read, "what etcd says of itself")


def _has_told(view: View) -> bool:
    return not (view.members is None and view.health is None and view.status is None)


def _cluster_row(verdict: Verdict) -> Mapping[str, Value]:
    return {
        "state": verdict.state,
        "verdict": verdict.text,
        "healthy_members": verdict.healthy,
        "answering_members": verdict.answering,
        "voting_members": verdict.voters,
        "leader": verdict.leader,
        "learners": verdict.learners,
        "reasons": verdict.reasons,
    }


def _member_rows(members: Sequence[MemberStatus], verdict: Verdict) -> Iterator[Mapping[str, Value]]:
    """Members are told apart by their names, and by the id as well where two have the same."""
    named = Counter(one.label for one in members)
    for one in members:
        member = one.label if named[one.label] == 1 else f"{one.label} ({_hex(one.member_id)})"
        yield {
            "member": member,
            "member_id": _hex(one.member_id),
            "node": one.node,
            "endpoint": one.endpoint,
            "is_healthy": one.is_healthy,
            "healthy_from": one.healthy_from,
            "unhealthy_from": one.unhealthy_from,
            "took_s": one.health.took_s if one.health else None,
            "is_leader": one.label == verdict.leader if verdict.leader else None,
            "is_learner": one.is_learner,
            **_told(one),
        }


def _told(one: MemberStatus) -> Mapping[str, Value]:
    """What the member says of itself; nothing where it does not."""
    error = one.health.error if one.health else None
    errors = [text for text in (error, *(one.status.errors if one.status else ())) if text]
    if one.status is None:
        return {"errors": errors}
    status = one.status
    return {
        "version": status.version,
        "storage_version": status.storage_version,
        "db_size_bytes": status.db_size_bytes,
        "db_size_in_use_bytes": status.db_size_in_use_bytes,
        "db_quota_bytes": status.db_quota_bytes,
        "raft_term": status.raft_term,
        "raft_index": status.raft_index,
        "raft_applied_index": status.raft_applied_index,
        "alarms": sorted({alarm for member, alarm in status.alarms if member == one.member_id}),
        "errors": errors,
    }


def _hex(member_id: int | None) -> str | None:
    """As etcd's logs and the labels of its metrics write it."""
    return f"{member_id:x}" if member_id else None
