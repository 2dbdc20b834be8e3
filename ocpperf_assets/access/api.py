"""The Kubernetes API as plain values: every answer is JSON, every fault a sentence without a secret."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import urllib3
from kubernetes.client import ApiClient, ApiException
from urllib3.exceptions import ConnectTimeoutError, HTTPError, MaxRetryError, NewConnectionError, ReadTimeoutError

from ocpperf_assets.access.credentials import Credentials
from ocpperf_mcp.contracts.errors import OcpperfError

PAGE = 500
"""Objects a list is asked for at once; as many as kubectl asks for."""
_PATIENCE_S = (5.0, 20.0)
"""Seconds to connect, and to the next byte of the answer."""
JSON = "application/json"
METADATA = f"{JSON};as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
"""Of each object of a list its metadata alone."""
TABLE = f"{JSON};as=Table;v=v1;g=meta.k8s.io"
"""The columns that kubectl prints."""

Json = Mapping[str, Any]


class ApiError(OcpperfError):
    """The API gave no answer (`status` is None), or refused with that HTTP status."""

    def __init__(self, what: str, next_step: str, status: int | None = None, *, is_timeout: bool = False) -> None:
        super().__init__(what, next_step)
        self.status = status
        self.is_timeout = is_timeout or status == 504

    @property
    def is_forbidden(self) -> bool:
        return self.status == 403


class KubernetesApi:
    """One cluster's API. Thread-safe; a credential that is refused is read again once."""

    def __init__(self, credentials: Credentials, patience_s: tuple[float, float] = _PATIENCE_S) -> None:
        self.credentials = credentials
        self._patience_s = patience_s
        self._client = ApiClient(credentials.configuration)
        self._groups: frozenset[str] | None = None
        self._lock = threading.Lock()
        if credentials.insecure:
            # Who chose it is warned once a run, not once a request.
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    @property
    def address(self) -> str:
        return str(self.credentials.configuration.host)

    def close(self) -> None:
        self._client.close()

    def has_group(self, group: str) -> bool:
        """Whether the API serves that group, like `route.openshift.io`; asked once. Raises ApiError."""
        with self._lock:
            if self._groups is None:
                told = self._answer("GET", "/apis", {}) or {}
                self._groups = frozenset(str(one["name"]) for one in told.get("groups", ()))
            return group in self._groups

    def get(self, path: str, **query: object) -> Json | None:
        """One object, or one page of a list; None where there is none, or no such resource. Raises ApiError."""
        return self._answer("GET", path, query)

    def items(self, path: str, **query: object) -> Iterator[Json]:
        """Every object of a list, page after page; none where there is no such resource. Raises ApiError."""
        for page in self.pages(path, query):
            yield from page.get("items") or ()

    def pages(self, path: str, query: Mapping[str, object], *, limit: int = PAGE, accept: str = JSON) -> Iterator[Json]:
        """The pages of a list in the form of `accept`; none where there is no such resource. Raises ApiError."""
        token = ""
        while True:
            asked = {"limit": limit, **query} | ({"continue": token} if token else {})
            page = self._answer("GET", path, asked, accept=accept)
            if page is None:
                return
            yield page
            token = (page.get("metadata") or {}).get("continue") or ""
            if not token:
                return

    def create(self, path: str, body: Json) -> Json | None:
        """What the API makes of the body; None where there is no such resource. Raises ApiError."""
        return self._answer("POST", path, {}, body)

    def signed(self, path: str, query: Sequence[tuple[str, str]]) -> tuple[str, dict[str, str]]:
        """The address of a GET and the headers that make it ours, for whoever upgrades it to a web socket."""
        _, url, headers, *_ = self._client.param_serialize(
            "GET", path, query_params=list(query), header_params={}, auth_settings=["BearerToken"]
        )
        return str(url), headers

    def _answer(
        self, method: str, path: str, query: Mapping[str, object], body: Json | None = None, accept: str = JSON
    ) -> Json | None:
        bearer = self.credentials.bearer()
        status, content = self._exchange(method, path, query, body, accept)
        if status == 401 and self.credentials.renewed(bearer):
            status, content = self._exchange(method, path, query, body, accept)
        if status == 404:
            return None
        if not 200 <= status < 300:
            raise self._refusal(status, method, path)
        try:
            answer = json.loads(content)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise ApiError(
                f"{self.address} answered with something else than the JSON of the Kubernetes API.",
                "Check the server of the kubeconfig's cluster: a login page or a proxy may be in between.",
            )
        return answer

    def _exchange(
        self, method: str, path: str, query: Mapping[str, object], body: Json | None, accept: str
    ) -> tuple[int, bytes]:
        try:
            request = self._client.param_serialize(
                method,
                path,
                query_params=list(query.items()),
                header_params={"Accept": accept, "Content-Type": JSON},
                body=body,
                auth_settings=["BearerToken"],
            )
            answer = self._client.call_api(*request, _request_timeout=self._patience_s)
            return answer.status, answer.read() or b""
        except (HTTPError, ApiException, OSError) as fault:
            raise self._unreachable(fault) from None

    def _unreachable(self, fault: Exception) -> ApiError:
        """The library's own text may repeat a header or a proxy's password, so it is not passed on."""
        cause = fault.reason if isinstance(fault, MaxRetryError | ApiException) else fault
        if "CERTIFICATE_VERIFY_FAILED" in str(cause):
            return ApiError(
                f"The certificate of the Kubernetes API at {self.address} is not trusted.",
                "Put the CA that signed it into the kubeconfig (certificate-authority-data).",
            )
        # A refused connection counts as a timeout to the library.
        if isinstance(cause, ReadTimeoutError | ConnectTimeoutError) and not isinstance(cause, NewConnectionError):
            return ApiError(
                f"The Kubernetes API at {self.address} did not answer in time.",
                "Try again, or look at its load.",
                is_timeout=True,
            )
        return ApiError(
            f"The Kubernetes API at {self.address} cannot be reached.",
            "Check the server of the kubeconfig's cluster, HTTPS_PROXY and NO_PROXY.",
        )

    def _refusal(self, status: int, method: str, path: str) -> ApiError:
        if status == 401:
            return ApiError(
                f"The Kubernetes API at {self.address} does not accept the credential of {self.credentials.origin}.",
                "Log in to the cluster again.",
                status,
            )
        if status == 403:
            return ApiError(
                f"The Kubernetes API does not allow {method} {path}.",
                "deploy/rbac.yaml has the rights that ocpperf needs; `ocpperf doctor` says which are missing.",
                status,
            )
        return ApiError(f"The Kubernetes API answered HTTP {status} to {method} {path}.", "Try again later.", status)
