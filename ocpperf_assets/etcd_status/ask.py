"""Every etcd pod asked for its members, their health and their status."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

from ocpperf_assets.access.api import ApiError, KubernetesApi
from ocpperf_assets.access.pod_command import DEADLINE_S, Output, run
from ocpperf_assets.etcd_status.answers import Health, Member, Status, read_health, read_members, read_status
from ocpperf_assets.etcd_status.pods import EtcdPod
from ocpperf_assets.etcd_status.wording import last_words

AT_ONCE = 5
"""Pods asked together; clusters of more members are rare, and not better."""
_JSON = "--write-out=json"

Answer = TypeVar("Answer")
Read = Callable[[str], tuple[Answer, ...]]


@dataclass(frozen=True)
class View:
    """What one pod tells; None for what it did not tell, with a sentence in `faults`."""

    pod: EtcdPod
    members: tuple[Member, ...] | None = None
    health: tuple[Health, ...] | None = None
    status: tuple[Status, ...] | None = None
    faults: tuple[str, ...] = ()
    commands: int = 0
    refusal: ApiError | None = None
    """Why the pod was asked no further."""


class _UnansweredError(Exception):
    """etcdctl ran, and gave no answer that can be read."""


def ask(api: KubernetesApi, pods: Sequence[EtcdPod], deadline_s: float = DEADLINE_S) -> list[View]:
    """A view a pod, in their order; `deadline_s` is for each command. A pod that does not run is not asked."""

    def view(pod: EtcdPod) -> View:
        if not pod.is_running:
            return View(pod, faults=(f"{pod.container} is not running.",))
        return _Asking(api, pod, deadline_s).view()

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="etcd") as pool:
        return list(pool.map(view, pods))


class _Asking:
    """The questions to one pod, one after another: a pod that does not answer one is asked no further."""

    def __init__(self, api: KubernetesApi, pod: EtcdPod, deadline_s: float) -> None:
        self._api = api
        self._pod = pod
        self._deadline_s = deadline_s
        self._faults: list[str] = []
        self._commands = 0

    def view(self) -> View:
        view = View(self._pod)
        try:
            view = replace(view, members=self._told(read_members, "member", "list"))
            # Since 3.5 the list of members takes a quorum, and `--cluster` takes the list.
            everywhere = () if view.members is None else ("--cluster",)
            view = replace(view, health=self._told(read_health, "endpoint", "health", *everywhere))
            view = replace(view, status=self._told(read_status, "endpoint", "status", *everywhere))
        except ApiError as fault:
            self._faults.append(fault.what)
            view = replace(view, refusal=fault)
        return replace(view, faults=tuple(self._faults), commands=self._commands)

    def _told(self, read: Read[Answer], *question: str) -> tuple[Answer, ...] | None:
        """None, and a fault, where no answer can be read. Raises ApiError where the pod cannot be asked."""
        self._commands += 1
        output = run(self._api, self._pod.container, (*self._pod.etcdctl, *question, _JSON), self._deadline_s)
        try:
            return _read(read, output)
        except _UnansweredError as fault:
            words = " ".join(word for word in question if not word.startswith("-"))
            self._faults.append(f"etcdctl {words} in pod {self._pod.name} {fault}.")
            return None


def _read(read: Read[Answer], output: Output) -> tuple[Answer, ...]:
    """A non-zero exit is no fault of the answer: one unhealthy endpoint is enough for it."""
    if not output.stdout.strip():
        raise _UnansweredError(f"gave no answer: {last_words(output.stderr) or f'exit code {output.exit_code}'}")
    try:
        return read(output.stdout)
    except ValueError:
        raise _UnansweredError("answered in a form that is not known") from None
