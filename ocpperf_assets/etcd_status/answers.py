"""What etcdctl 3.4 to 3.6 prints with `--write-out=json`, as plain values.

Go leaves out fields that are zero, so a follower of a lost leader has no `leader`. Ids are unsigned 64-bit numbers.
Structures: etcdctl/ctlv3/command/ep_command.go and api/etcdserverpb/rpc.proto of etcd.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ocpperf_assets.etcd_status.wording import sayable

_ALARM = re.compile(r"memberID:(\d+) alarm:(\w+)")
_TIME = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s|µs|μs|us|ns)")
_UNITS_S = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "µs": 1e-6, "μs": 1e-6, "us": 1e-6, "ns": 1e-9}
_MOST = (1 << 64) - 1

Told = Mapping[str, Any]


@dataclass(frozen=True)
class Member:
    """A member as the cluster knows it; one that never started has neither name nor address."""

    member_id: int
    name: str
    endpoints: tuple[str, ...]
    is_learner: bool


@dataclass(frozen=True)
class Health:
    """Whether a linearizable read through this endpoint came back, and in how many seconds."""

    endpoint: str
    is_healthy: bool
    took_s: float | None
    error: str | None


@dataclass(frozen=True)
class Status:
    """What a member says of itself. `leader_id` is None where it knows no leader; None elsewhere: it does not tell."""

    endpoint: str
    member_id: int
    version: str | None
    leader_id: int | None
    is_learner: bool
    raft_term: int | None
    raft_index: int | None
    raft_applied_index: int | None
    db_size_bytes: int | None
    db_size_in_use_bytes: int | None
    db_quota_bytes: int | None
    storage_version: str | None
    alarms: tuple[tuple[int, str], ...]
    """Member and alarm, of the whole cluster: every member tells all of them."""
    errors: tuple[str, ...]


def read_members(text: str) -> tuple[Member, ...]:
    """Of `member list`. Raises ValueError for anything else."""
    return tuple(_member(one) for one in _list(_object(_decoded(text)).get("members")))


def read_health(text: str) -> tuple[Health, ...]:
    """Of `endpoint health`. Raises ValueError for anything else."""
    return tuple(_health(_object(one)) for one in _list(_decoded(text)))


def read_status(text: str) -> tuple[Status, ...]:
    """Of `endpoint status`: endpoints that did not answer are left out. Raises ValueError for anything else."""
    return tuple(_status(_object(one)) for one in _list(_decoded(text)))


def _member(told: Told) -> Member:
    endpoints = tuple(_text(one) for one in told.get("clientURLs") or ())
    return Member(_id(told.get("ID")), _text(told.get("name", "")), endpoints, _is_set(told, "isLearner"))


def _health(told: Told) -> Health:
    if not isinstance(told.get("health"), bool):
        raise ValueError("health is neither true nor false")
    error = _text(told.get("error", ""))
    return Health(_text(told.get("endpoint")), told["health"], _seconds(told.get("took")), sayable(error) or None)


def _status(told: Told) -> Status:
    status = _object(told.get("Status"))
    errors = [_text(one) for one in status.get("errors") or ()]
    alarms = dict.fromkeys((int(member), alarm) for one in errors for member, alarm in _ALARM.findall(one))
    return Status(
        endpoint=_text(told.get("Endpoint")),
        member_id=_id(_object(status.get("header")).get("member_id")),
        version=_text(status.get("version", "")) or None,
        leader_id=_id(status["leader"]) if status.get("leader") else None,
        is_learner=_is_set(status, "isLearner"),
        raft_term=_number(status, "raftTerm"),
        raft_index=_number(status, "raftIndex"),
        raft_applied_index=_number(status, "raftAppliedIndex"),
        db_size_bytes=_number(status, "dbSize"),
        db_size_in_use_bytes=_number(status, "dbSizeInUse"),
        db_quota_bytes=_number(status, "dbSizeQuota"),
        storage_version=_text(status.get("storageVersion", "")) or None,
        alarms=tuple(alarms),
        errors=tuple(sayable(one) for one in errors if not _ALARM.search(one)),
    )


def _decoded(text: str) -> Any:
    return json.loads(text)


def _object(value: Any) -> Told:
    if not isinstance(value, dict):
        raise ValueError("an object is expected")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("a list is expected")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is expected")
    return value


def _id(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= _MOST:
        raise ValueError("an id is expected")
    return value


def _number(told: Told, name: str) -> int | None:
    value = told.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
        raise ValueError(f"{name} is no number")
    return value


def _is_set(told: Told, name: str) -> bool:
    value = told.get(name, False)
    if not isinstance(value, bool):
        raise ValueError(f"{name} is neither true nor false")
    return value


def _seconds(duration: Any) -> float | None:
    """A duration as Go prints it, `1m2.5s`; None where there is none."""
    parts = _TIME.findall(duration or "")
    if "".join(map("".join, parts)) != (duration or ""):
        raise ValueError("took is no duration")
    return sum(float(value) * _UNITS_S[unit] for value, unit in parts) if parts else None
