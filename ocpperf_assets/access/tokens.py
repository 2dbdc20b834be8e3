"""Bearer tokens that the cluster gives: the kubeconfig user's own, and those requested for a service account."""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

from ocpperf_assets.access.api import ApiError, Json, KubernetesApi
from ocpperf_assets.access.credentials import Credentials
from ocpperf_mcp.contracts.errors import OcpperfError

LIFETIME_S = 3600
"""What is asked for; the API gives at least ten minutes, and may give less or more than it is asked for."""
_RENEWED_AT = 0.8
"""Share of its lifetime after which a token is replaced, as kubelet does with those it mounts."""
_TRIED_AGAIN_S = 60.0
"""While the API gives none, queries do not wait for it one by one."""


class UserToken:
    """The token the Kubernetes API knows us by; read again from its files when it is refused."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self.origin = f"of {credentials.origin}"

    def token(self) -> str:
        token = self._credentials.bearer()
        if token is None:
            raise OcpperfError(
                f"There is no token any more: {self._credentials.origin}.", "Log in to the cluster again."
            )
        return token

    def renewed(self, refused: str) -> str | None:
        return self._credentials.bearer() if self._credentials.renewed(refused) else None


class RequestedToken:
    """A short-lived token of a service account (TokenRequest), replaced in time and when it is refused."""

    def __init__(self, api: KubernetesApi, service_account: str, clock: Callable[[], float] = time.monotonic) -> None:
        """`service_account`: namespace/name. `clock`: seconds that only ever grow."""
        self._api = api
        self._namespace, _, self._name = service_account.partition("/")
        self._clock = clock
        self._lock = threading.Lock()
        self._token = ""
        self._replaced_at = 0.0
        self.origin = f"requested for service account {service_account}"

    def token(self) -> str:
        """Raises ApiError where none can be requested and none is left."""
        with self._lock:
            if not self._token:
                self._request()
            elif self._clock() >= self._replaced_at:
                self._replace()
            return self._token

    def renewed(self, refused: str) -> str | None:
        with self._lock:
            if self._token == refused and not self._replace():
                return None
            return self._token

    def _replace(self) -> bool:
        """False where the API gives none now: the old one serves until it is refused."""
        try:
            self._request()
        except ApiError:
            self._replaced_at = self._clock() + _TRIED_AGAIN_S
            return False
        return True

    def _request(self) -> None:
        path = f"/api/v1/namespaces/{quote(self._namespace)}/serviceaccounts/{quote(self._name)}/token"
        asked = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenRequest",
            "spec": {"expirationSeconds": LIFETIME_S},
        }
        answer = self._api.create(path, asked)
        if answer is None:
            raise ApiError(
                f"There is no service account {self._namespace}/{self._name}.",
                "Create it with deploy/rbac.yaml, or name another one in OCPPERF_SERVICE_ACCOUNT.",
                404,
            )
        self._token = str(answer["status"]["token"])
        self._replaced_at = self._clock() + _RENEWED_AT * _lifetime_s(answer)


def _lifetime_s(answer: Json) -> float:
    """By the API server's clock alone, which may differ from ours; what was asked for where it does not tell."""
    try:
        made, ends = answer["metadata"]["creationTimestamp"], answer["status"]["expirationTimestamp"]
        return (datetime.fromisoformat(ends) - datetime.fromisoformat(made)).total_seconds()
    except (KeyError, TypeError, ValueError):
        return LIFETIME_S
