"""Settings of the pipeline. The only module of this package that reads the environment."""

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import NoDecode

from ocpperf_assets.catalogue.vocabulary import Profile
from ocpperf_assets.notify.quiet import parse_quiet
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import parse_duration
from ocpperf_mcp.settings import QuerySettings

# The forms Dagster takes.
_OWNER = re.compile(r"team:[A-Za-z0-9_-]+|[^@\s]+@[^@\s]+\.[^@\s]+")

# Names as Kubernetes takes them.
_ACCOUNT = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?/[a-z0-9]([-a-z0-9.]*[a-z0-9])?")

_SHORTEST_STALE = timedelta(hours=2)

CLUSTER_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
"""Part of partition keys and of paths."""


class Settings(QuerySettings):
    """Read from `OCPPERF_*` and an optional `.env`; the environment wins."""

    cluster: str = Field(
        default="cluster",
        pattern=CLUSTER_NAME,
        description="Name under which this cluster's rows are stored.",
    )
    clusters: Path | None = Field(
        default=None,
        description="A YAML file of several clusters; what an entry leaves out is as these variables say.",
    )
    flavour: str = Field(
        default="openshift",
        description="Which selectors of the catalogue apply: openshift, kubernetes, hosted or microshift.",
    )
    namespaces: str | None = Field(
        default=None,
        min_length=1,
        description="Namespaces whose pods are collected, as a regular expression; left out, those of the platform.",
    )
    prometheus_url: str | None = Field(default=None, description="Base address of Prometheus or Thanos.")
    prometheus_token: SecretStr | None = Field(default=None, description="Bearer token.")
    prometheus_token_file: Path | None = Field(
        default=None, description="File with the bearer token, read again for every request."
    )
    prometheus_ca: Path | None = Field(default=None, description="CA bundle that signs Prometheus' certificate.")
    kubeconfig: str | None = Field(
        default=None,
        validation_alias=AliasChoices("KUBECONFIG", "kubeconfig"),
        description="Files that say how the Kubernetes API is reached, separated by colons; ~/.kube/config when unset.",
    )
    kubernetes: bool | None = Field(
        default=None,
        description="0 leaves the Kubernetes API alone. Left out, it is asked where there is a credential, but beside "
        "OCPPERF_PROMETHEUS_URL only where KUBECONFIG or OCPPERF_KUBE_CONTEXT names the cluster; 1 does without that.",
    )
    kube_context: str | None = Field(default=None, description="Context of the kubeconfig; the current one when unset.")
    etcd_exec: bool = Field(
        default=False,
        description="Run etcdctl in etcd's pods at each inventory. The right to that amounts to cluster-admin "
        "(deploy/rbac-etcd-exec.yaml); a warning is printed at each run.",
    )
    service_account: str = Field(
        default="ocpperf/ocpperf", description="Service account a token is requested for, as namespace/name."
    )
    prometheus_concurrency: int = Field(default=4, ge=1, le=32, description="Queries under way at once.")
    prometheus_timeout: timedelta = Field(
        default=timedelta(minutes=2), description="Longest wait for one answer, as a duration like 2m."
    )
    insecure_tls: bool = Field(default=False, description="Accept any certificate; a warning is printed at each run.")
    step: timedelta = Field(default=timedelta(minutes=1), description="Distance of stored samples, like 60s.")
    metrics: Path | None = Field(
        default=None, description="A directory of your own catalogue files, laid over the shipped ones."
    )
    rules: Path | None = Field(
        default=None, description="A directory of your own rule files, laid over the shipped ones."
    )
    profile: Profile = Field(
        default="default",
        description="Which limits beside the published ones count: lab adds gates of labs (T4), upstream adds "
        "heuristics (T5).",
    )

    refresh: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("etcd", "alert", "latency"), description="Domains collected every five minutes, separated by commas."
    )
    heal: int = Field(
        default=6,
        ge=0,
        le=1000,
        description="Missed hours collected an hour while Prometheus still has them; 0 is none.",
    )
    keep_raw: timedelta = Field(
        default=timedelta(days=14), description="How long samples are kept, as a duration like 14d."
    )
    keep_5m: timedelta = Field(
        default=timedelta(days=90),
        validate_default=True,
        description="How long five-minute statistics and buckets are kept.",
    )
    keep_hourly: timedelta | None = Field(
        default=None, description="How long hourly tables are kept; left out, for good."
    )
    keep_reports: timedelta = Field(
        default=timedelta(days=90), description="How long the reports that Dagster wrote are kept."
    )
    reports_url: str | None = Field(
        default=None,
        description="Address under which somebody serves exports/reports, for the links of notifications and Dagster.",
    )
    notify: Path | None = Field(
        default=None,
        description="A YAML file of the channels and webhooks that are told what is new, worse, over and silent.",
    )
    notify_quiet: str | None = Field(
        default=None,
        description="Hours in which they are told nothing, like 22:00-06:00 Europe/Berlin; without a zone, in UTC.",
    )
    notify_stale: timedelta = Field(
        default=timedelta(hours=3),
        description="Age of a cluster's last complete hour at which they are told that it is silent, like 3h; 0 never.",
    )
    owners: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("team:performance",),
        description="Who owns the assets in Dagster: addresses or `team:name`, separated by commas.",
    )
    schedules: bool | None = Field(
        default=None, description="Schedules run without being switched on; left out, only under `ocpperf up`."
    )

    @field_validator("refresh", "owners", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("step", "prometheus_timeout", "keep_raw", "keep_5m", "keep_hourly", "keep_reports", mode="before")
    @classmethod
    def _duration(cls, value: object) -> object:
        try:
            return parse_duration(value) if isinstance(value, str) else value
        except OcpperfError as fault:
            raise ValueError(f"{fault.what.rstrip('.')}; write it like 60s or 2m") from None

    @field_validator("notify_stale", mode="before")
    @classmethod
    def _duration_or_never(cls, value: object) -> object:
        return timedelta() if value == "0" else cls._duration(value)

    @field_validator("notify_stale")
    @classmethod
    def _longer_than_an_hour_takes_to_close(cls, value: timedelta) -> timedelta:
        if timedelta() < value < _SHORTEST_STALE:
            raise ValueError("it is less than two hours, and the last complete hour is often older than one")
        return value

    @field_validator("keep_raw", "keep_5m", "keep_hourly", "keep_reports")
    @classmethod
    def _finer_rows_go_first(cls, value: timedelta | None, info: ValidationInfo) -> timedelta | None:
        finer = {"keep_5m": "keep_raw", "keep_hourly": "keep_5m"}.get(str(info.field_name))
        if value is not None and value < timedelta(days=1):
            raise ValueError("it is less than one day")
        if value is not None and finer in info.data and value < info.data[finer]:
            raise ValueError(f"it is shorter than OCPPERF_{finer.upper()}")
        return value

    @field_validator("owners")
    @classmethod
    def _owners(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for owner in value:
            if not _OWNER.fullmatch(owner):
                raise ValueError(f"'{owner}' is no owner; write an address like sre@example.com or team:name")
        return value

    @field_validator("service_account")
    @classmethod
    def _account(cls, value: str) -> str:
        return checked_account(value)

    @field_validator("notify_quiet")
    @classmethod
    def _quiet(cls, value: str | None) -> str | None:
        if value is not None:
            parse_quiet(value)
        return value

    @field_validator("prometheus_url", "reports_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        return checked_address(value) if value else value


def variable(name: str) -> str:
    """What the environment holds under a name that a file gives, such as a secret; empty where it holds nothing."""
    return os.environ.get(name, "")


def checked_account(name: str) -> str:
    """The service account as it is. Raises ValueError where it is none."""
    if not _ACCOUNT.fullmatch(name):
        raise ValueError("it is no service account; write it as namespace/name")
    return name


def checked_address(url: str) -> str:
    """The address as it is. Raises ValueError where it is none."""
    if not url.startswith(("http://", "https://")):
        raise ValueError("it does not begin with http:// or https://")
    if not _is_address(url):
        raise ValueError("it is no address; write it like https://host:9090")
    return url


def _is_address(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname) and urlsplit(url).port != 0
    except ValueError:
        return False
