"""One cluster as an entry of the clusters file."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from ocpperf_assets.catalogue.faults import SECRET
from ocpperf_assets.catalogue.rule import LevelEntry, OverrideEntry, RuleKey
from ocpperf_assets.catalogue.vocabulary import Duration, Frozen, Key, Text
from ocpperf_assets.settings import CLUSTER_NAME, checked_account, checked_address


def _refused(_: object) -> None:
    raise PydanticCustomError(
        SECRET, "a token does not stand in this file; write it to one of its own, named in token_file"
    )


class ClusterOverride(Frozen):
    """Other levels of a rule in this cluster."""

    rule: RuleKey
    roles: tuple[Key, ...] = ()
    """Roles of nodes; all where empty, and what belongs to no node."""
    levels: tuple[LevelEntry, ...]
    """In place of the rule's, from mild to severe; none switch it off here."""
    because: Text
    """Why the rule's own levels do not fit here."""

    def of_cluster(self, name: str) -> OverrideEntry:
        return OverrideEntry(
            rule=self.rule, clusters=(name,), roles=self.roles, levels=self.levels, because=self.because
        )


class ClusterEntry(Frozen):
    """How one cluster is reached, and what is different there; what is left out is as the settings say."""

    name: Annotated[str, Field(pattern=CLUSTER_NAME)]
    """Under which its rows are stored; another name is another cluster."""
    prometheus_url: Annotated[str, AfterValidator(checked_address)] | None = None
    """Base address of Prometheus or Thanos; without it, it is looked for through the Kubernetes API."""
    token: Annotated[None, BeforeValidator(_refused)] = None
    """Refused: what is in this file is read and shown by many."""
    token_file: Path | None = None
    """File with the bearer token, read again for every request."""
    ca: Path | None = None
    """CA bundle that signs Prometheus' certificate."""
    context: Text | None = None
    """Context of the kubeconfig; without one and without an address, the current context or our own pod."""
    kubeconfig: Text | None = None
    """Files that say how its Kubernetes API is reached, separated by colons."""
    service_account: Annotated[str, AfterValidator(checked_account)] | None = None
    """Service account a token is requested for, as namespace/name."""
    labels: dict[Key, Text] = Field(default_factory=dict)
    """What to tell clusters apart by, like env and region."""
    flavour: Key | None = None
    """Which selectors of the catalogue apply."""
    namespaces: Text | None = None
    """Namespaces whose pods are collected, as a regular expression."""
    step: Duration | None = None
    """Distance of stored samples."""
    overrides: tuple[ClusterOverride, ...] = ()

    @property
    def asks_kubernetes(self) -> bool:
        """An address alone says nothing of the API: the current context may be that of another cluster."""
        return bool(self.context or self.kubeconfig or not self.prometheus_url)
