"""The views of all pods as one table: a row a member."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from ocpperf_assets.etcd_status.answers import Health, Member, Status
from ocpperf_assets.etcd_status.ask import View
from ocpperf_assets.etcd_status.pods import EtcdPod


@dataclass(frozen=True)
class MemberStatus:
    """One member as the pods see it. `health` and `status` are those its own pod tells, else another's."""

    member_id: int | None
    """None where only its address is known."""
    name: str | None
    node: str | None
    endpoint: str | None
    """None for a member that never started, or of which only the pod is known."""
    is_learner: bool
    healthy_from: tuple[str, ...]
    """Pods from which it answered a read."""
    unhealthy_from: tuple[str, ...]
    health: Health | None
    status: Status | None

    @property
    def is_healthy(self) -> bool | None:
        """One pod that is cut off does not make the others' members unhealthy; None where nobody asked it.

        A learner refuses the read that is asked for, so that it is neither.
        """
        if self.is_learner:
            return None
        if self.healthy_from:
            return True
        return False if self.unhealthy_from else None

    @property
    def label(self) -> str:
        return self.name or self.endpoint or (f"{self.member_id:x}" if self.member_id else "a member")


def merged(views: Sequence[View]) -> list[MemberStatus]:
    """Every member, by name: those of the lists. Without any list, the endpoints asked, and the pods without one."""
    pods = [view.pod for view in views]
    known = _listed(views)
    if not known:
        asked = _asked(views)
        known = [*asked, *_unasked(pods, asked)]
    return sorted((_status_of(member, views, pods) for member in known), key=lambda one: one.label)


def _listed(views: Sequence[View]) -> list[Member]:
    """A member that one list has is a member: lists differ while one is added or removed."""
    return list({one.member_id: one for view in views for one in view.members or ()}.values())


def _asked(views: Sequence[View]) -> list[Member]:
    """Endpoints in the place of members; 0 stands for an id that is not known."""
    ids = {one.endpoint: one for view in views for one in view.status or ()}
    endpoints = dict.fromkeys([one.endpoint for view in views for one in view.health or ()] + list(ids))
    found = []
    for endpoint in endpoints:
        status = ids.get(endpoint)
        found.append(Member(status.member_id if status else 0, "", (endpoint,), bool(status and status.is_learner)))
    return found


def _unasked(pods: Iterable[EtcdPod], asked: Sequence[Member]) -> Iterator[Member]:
    for pod in pods:
        if not any(_is_of(pod, member) for member in asked):
            yield Member(0, pod.node or pod.name, (), False)


def _status_of(member: Member, views: Sequence[View], pods: Iterable[EtcdPod]) -> MemberStatus:
    own = next((pod for pod in pods if _is_of(pod, member)), None)
    nearest = sorted(views, key=lambda view: view.pod is not own)
    healths = list(_healths(member, nearest))
    return MemberStatus(
        member_id=member.member_id or None,
        name=member.name or None,
        node=own.node if own else None,
        endpoint=next(iter(member.endpoints), None),
        is_learner=member.is_learner,
        healthy_from=tuple(sorted(pod for pod, health in healths if health.is_healthy)),
        unhealthy_from=tuple(sorted(pod for pod, health in healths if not health.is_healthy)),
        health=_shown(healths),
        status=next((one for view in nearest for one in view.status or () if _answered(member, one)), None),
    )


def _is_of(pod: EtcdPod, member: Member) -> bool:
    """By address; by name where the address is a name: OpenShift and kubeadm call members as their nodes."""
    hosts = {urlsplit(endpoint).hostname for endpoint in member.endpoints}
    return bool(hosts & set(pod.addresses)) or bool(member.name and member.name == pod.node)


def _healths(member: Member, views: Iterable[View]) -> Iterator[tuple[str, Health]]:
    for view in views:
        for health in view.health or ():
            if health.endpoint in member.endpoints:
                yield view.pod.name, health


def _shown(healths: Sequence[tuple[str, Health]]) -> Health | None:
    """One that agrees with the whole: a healthy one where there is any."""
    return next((health for _, health in healths if health.is_healthy), next((health for _, health in healths), None))


def _answered(member: Member, status: Status) -> bool:
    return status.member_id == member.member_id or status.endpoint in member.endpoints
