"""Asks for one part of the inventory: counts the requests and ends when its patience does."""

import time
from collections.abc import Iterator, Mapping

from ocpperf_assets.access.api import JSON, PAGE, Json, KubernetesApi


class AbsentError(Exception):
    """The API does not serve the resource, or has no such object."""


class PatienceError(Exception):
    """The part took longer than it may."""


class Asker:
    """`deadline`: the moment of `time.monotonic` from which on no further page is asked for."""

    def __init__(self, api: KubernetesApi, deadline: float) -> None:
        self.api = api
        self._deadline = deadline
        self.requests = 0

    def one(self, path: str) -> Json:
        """Raises ApiError, AbsentError and PatienceError."""
        self._begin()
        found = self.api.get(path)
        if found is None:
            raise AbsentError(f"The Kubernetes API has no {path}.")
        return found

    def pages(
        self, path: str, query: Mapping[str, object] | None = None, *, limit: int = PAGE, accept: str = JSON
    ) -> Iterator[Json]:
        """At least one page. Raises ApiError, AbsentError and PatienceError."""
        self._begin()
        pages = self.api.pages(path, query or {}, limit=limit, accept=accept)
        page = next(pages, None)
        if page is None:
            raise AbsentError(f"The Kubernetes API does not serve {path}.")
        while page is not None:
            yield page
            if (page.get("metadata") or {}).get("continue"):
                self._begin()
            page = next(pages, None)

    def _begin(self) -> None:
        if time.monotonic() > self._deadline:
            raise PatienceError
        self.requests += 1
