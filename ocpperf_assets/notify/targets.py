"""The file that says who is told what: one entry a target, none of which holds the address it is told at."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from ocpperf_assets.catalogue.document import read_one_file
from ocpperf_assets.catalogue.faults import SECRET, Fault, raise_faults
from ocpperf_assets.catalogue.vocabulary import Frozen, Severity
from ocpperf_assets.clusters.configured import configured_clusters
from ocpperf_assets.settings import CLUSTER_NAME, Settings, variable
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.loopback import is_loopback

_NEXT_STEP = "README's part on notifications describes every field."


def _refused(_: object) -> None:
    raise PydanticCustomError(
        SECRET,
        "an address does not stand in this file, since whoever has it can write to the channel; name a file or a "
        "variable that holds it in url_file or url_variable",
    )


class Target(Frozen):
    """One channel or webhook, and what it is told."""

    name: Annotated[str, Field(pattern=CLUSTER_NAME, max_length=60)]
    """Under which it is remembered what it was told; another name is told everything anew."""
    kind: Literal["slack", "teams", "webhook"]
    """How a digest is written: Slack's blocks, an Adaptive Card for a workflow of Teams, or plain JSON."""
    url: Annotated[None, BeforeValidator(_refused)] = None
    """Refused: what is in this file is read and shown by many."""
    url_file: Path | None = None
    """File with the address, read again for every digest."""
    url_variable: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")] | None = None
    """Environment variable with the address."""
    severity: Severity = "warning"
    """The mildest that it is told of."""
    clusters: tuple[Annotated[str, Field(pattern=CLUSTER_NAME)], ...] = ()
    """Those it is told of; all where empty."""
    quiet: bool = True
    """Whether OCPPERF_NOTIFY_QUIET holds for it; false for whoever is on duty at night."""
    template: Path | None = None
    """A Jinja2 file that makes the JSON that is sent, in place of that of the kind."""
    ca: Path | None = None
    """CA bundle that signs its certificate."""


@dataclass(frozen=True)
class Address:
    """Where a target is told. A secret: it is sent to, and shown nowhere."""

    url: str

    def __repr__(self) -> str:
        return "Address(***)"


def configured_targets(settings: Settings) -> tuple[Target, ...]:
    """Those of OCPPERF_NOTIFY in their order; none where it is unset.

    Raises OcpperfError on a faulty file, and where a target waits for news of a cluster that is not configured.
    """
    if settings.notify is None:
        return ()
    targets, known = read_targets(settings.notify), configured_clusters(settings)
    for target in targets:
        for cluster in target.clusters:
            try:
                known.of(cluster)
            except OcpperfError as fault:
                raise OcpperfError(
                    f"Target {target.name} in {settings.notify}: {fault.what}", fault.next_step
                ) from None
    return targets


def read_targets(path: Path) -> tuple[Target, ...]:
    """Raises OcpperfError with every fault found, one line each."""
    faults: list[Fault] = []
    found = read_one_file(path, "targets", Target, "OCPPERF_NOTIFY", faults)
    faults += [
        placed.fault("", "give either url_file or url_variable")
        for placed in found
        if placed.entry and (placed.entry.url_file is None) == (placed.entry.url_variable is None)
    ]
    raise_faults(faults, "The targets file has", _NEXT_STEP)
    return tuple(placed.entry for placed in found if placed.entry)


def address_of(target: Target) -> Address:
    """Raises OcpperfError, which does not repeat it, where there is none or it is not to be trusted with a digest."""
    source = f"The file {target.url_file}" if target.url_file else f"The variable {target.url_variable}"
    text = _held(target)
    if not text:
        raise OcpperfError(
            f"{source} of target {target.name} holds no address.", "Write the webhook's address into it."
        )
    if not _is_trusted(text):
        raise OcpperfError(
            f"{source} of target {target.name} holds no address that begins with https://.",
            "Write the webhook's whole address into it; http:// is taken on loopback only.",
        )
    return Address(text)


def _held(target: Target) -> str:
    if target.url_file is None:
        return variable(target.url_variable or "").strip()
    try:
        return target.url_file.expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise OcpperfError(
            f"The file {target.url_file} of target {target.name} cannot be read.",
            "Point its url_file at a readable file that holds the webhook's address.",
        ) from None


def _is_trusted(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return any(
            (parts.scheme == "https" and parts.hostname, parts.scheme == "http" and is_loopback(parts.hostname or ""))
        ) and not any(sign.isspace() for sign in url)
    except ValueError:
        return False
