"""What the double answers: who may ask, what is refused, and what there is."""

import json
import threading
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.doubles.kubernetes_api.asked import Asked
from tests.doubles.kubernetes_api.commands import Program, Ran, Wrote
from tests.doubles.kubernetes_api.forms import as_metadata, as_table, wanted
from tests.doubles.kubernetes_api.store import Resource, Store

_REVIEW, _TOKEN, _PROXY, _EXEC = "selfsubjectaccessreviews", "serviceaccounts/token", "services/proxy", "pods/exec"


@dataclass(frozen=True)
class Answer:
    """What goes over the wire."""

    status: int
    body: bytes
    content_type: str = "application/json"
    runs: Callable[[], Wrote] | None = None
    """A program to run once the connection is a web socket."""


Fault = Callable[[Asked], Answer | None]
"""Answers a request in the API's place, or None to leave it to the API."""


@dataclass(frozen=True)
class Denial:
    """A right that nobody has: a verb on a resource (`serviceaccounts/token`), in one namespace or everywhere."""

    verb: str
    resource: str
    namespace: str = ""

    def is_about(self, verb: str, resource: str, namespace: str) -> bool:
        return (self.verb, self.resource) == (verb, resource) and self.namespace in ("", namespace)


@dataclass
class Cluster:
    """The state behind the API; change it while the server runs.

    `tokens` are the bearer tokens that are accepted. `denied` rules requests and reviews of access alike.
    `once` answers one request each, `faults` may answer any. `upstreams` has a real server for `namespace/name`.
    `program` is what runs in every container of every pod.
    """

    store: Store = field(default_factory=Store)
    tokens: set[str] = field(default_factory=set)
    denied: list[Denial] = field(default_factory=list)
    once: deque[Fault] = field(default_factory=deque)
    faults: list[Fault] = field(default_factory=list)
    upstreams: dict[str, str] = field(default_factory=dict)
    program: Program | None = None
    lifetime_s: int = 3600
    version: str = "v1.30.4"
    asked: list[Asked] = field(default_factory=list)
    issued: list[str] = field(default_factory=list)
    """Tokens made for service accounts, oldest first; they are accepted here as well."""
    revealed: list[str] = field(default_factory=list)
    """What was asked so that the answer held contents of a secret: one is enough to fail whoever serves the cluster."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def deny(self, verb: str, resource: str, namespace: str = "") -> None:
        self.denied.append(Denial(verb, resource, namespace))

    def answer(self, asked: Asked, *, certified: bool) -> Answer:
        """`certified`: the client has shown a certificate of the cluster's CA."""
        with self._lock:
            self.asked.append(asked)
            fault = self.once.popleft() if self.once else None
        for one in [fault] if fault else self.faults:
            if told := one(asked):
                return told
        if not certified and _bearer(asked) not in self.tokens:
            return status(401, "Unauthorized")
        # A web socket is a GET; since 1.35 the API wants the right to create as well.
        for verb in (asked.verb, "create") if asked.named == _EXEC else (asked.verb,):
            if not self._allows(verb, asked.named, asked.namespace):
                return status(403, "Forbidden", f'{asked.named} is forbidden: cannot {verb} resource "{asked.named}"')
        return self._allowed(asked)

    def _allows(self, verb: str, resource: str, namespace: str) -> bool:
        return not any(one.is_about(verb, resource, namespace) for one in self.denied)

    def _allowed(self, asked: Asked) -> Answer:
        if asked.path == "/apis":
            return _json(200, self._groups())
        if asked.path == "/version":
            return _json(200, {"gitVersion": self.version, "platform": "linux/amd64"})
        if asked.resource and asked.resource.name == _REVIEW:
            return _json(201, self._reviewed(json.loads(asked.body)))
        if asked.resource is None or asked.resource not in self.store.objects:
            return Answer(404, b"404 page not found\n", "text/plain")
        if asked.named == _PROXY:
            return self._proxied(asked)
        if not asked.name:
            return self._listed(asked, asked.resource)
        found = self.store.find(asked.resource, asked.namespace, asked.name)
        if found is None:
            return status(404, "NotFound", f'{asked.resource.name} "{asked.name}" not found')
        if asked.named == _EXEC:
            return self._executed(asked, found)
        if asked.named == _TOKEN:
            return _json(201, self._issue(json.loads(asked.body)))
        self._watch_secrets(asked)
        return _json(200, found)

    def _listed(self, asked: Asked, resource: Resource) -> Answer:
        page = self.store.page(resource, asked.namespace, asked.query)
        match wanted(asked.accept):
            case "Table":
                if asked.query.get("includeObject") == "Object":
                    self._watch_secrets(asked)
                return _json(200, as_table(resource.name, page, asked.query))
            case "PartialObjectMetadataList":
                return _json(200, as_metadata(page))
            case "":
                self._watch_secrets(asked)
                return _json(200, page)
        return status(406, "NotAcceptable", "only the following media types are accepted: application/json")

    def _watch_secrets(self, asked: Asked) -> None:
        if asked.named == "secrets":
            self.revealed.append(f"{asked.method} {asked.path} {dict(asked.query)}")

    def _groups(self) -> Mapping[str, Any]:
        told = [
            {"name": group, "versions": [{"groupVersion": f"{group}/{one}", "version": one} for one in versions]}
            for group, versions in self.store.groups.items()
        ]
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": told}

    def _reviewed(self, review: dict[str, Any]) -> Mapping[str, Any]:
        wish = review["spec"]["resourceAttributes"]
        resource = "/".join(part for part in (wish["resource"], wish.get("subresource")) if part)
        allowed = self._allows(wish["verb"], resource, wish.get("namespace", ""))
        return review | {"status": {"allowed": allowed}}

    def _issue(self, request: dict[str, Any]) -> Mapping[str, Any]:
        now = datetime.now(UTC).replace(microsecond=0)
        with self._lock:
            token = f"issued-{len(self.issued) + 1}-of-a-service-account"
            self.issued.append(token)
            self.tokens.add(token)
        ends = (now + timedelta(seconds=self.lifetime_s)).isoformat().replace("+00:00", "Z")
        made = {"creationTimestamp": now.isoformat().replace("+00:00", "Z")}
        return request | {"metadata": made, "status": {"token": token, "expirationTimestamp": ends}}

    def _executed(self, asked: Asked, pod: Mapping[str, Any]) -> Answer:
        container = asked.query.get("container", "")
        if container not in {one["name"] for one in pod["spec"]["containers"]}:
            return status(400, "BadRequest", f"container {container} is not valid for pod {asked.name}")
        program, ran = self.program, Ran(asked.namespace, asked.name, container, asked.command)
        assert program is not None, "nothing runs in the pods of this cluster"
        return Answer(101, b"", runs=lambda: program(ran))

    def _proxied(self, asked: Asked) -> Answer:
        """As the real proxy: what a service answers comes through, and the token does not go on."""
        _, name, _ = asked.name.split(":") if ":" in asked.name else ("", asked.name, "")
        upstream = self.upstreams.get(f"{asked.namespace}/{name}")
        if upstream is None:
            return status(503, "ServiceUnavailable", "no endpoints available for service")
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if asked.body else {}
        request = urllib.request.Request(f"{upstream}/{asked.tail}", asked.body or None, kind, method=asked.method)
        try:
            with urllib.request.urlopen(request, timeout=60) as told:
                return Answer(told.status, told.read())
        except urllib.error.HTTPError as refusal:
            return Answer(refusal.code, refusal.read())


def _bearer(asked: Asked) -> str:
    """The scheme may be written in any case, as by the real API."""
    scheme, _, token = (asked.authorization or "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def status(code: int, reason: str, message: str = "") -> Answer:
    """A refusal as the API words it."""
    told = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason}
    return _json(code, told | {"message": message or reason})


def refuses(code: int, reason: str = "InternalError") -> Fault:
    return lambda _asked: status(code, reason)


def slowly(until: threading.Event, path: str = "") -> Fault:
    """The API's own answer, once the event is set; to that path alone where one is given."""

    def wait(asked: Asked) -> None:
        if not path or asked.path == path:
            until.wait(60)

    return wait


def _json(code: int, value: Mapping[str, Any]) -> Answer:
    return Answer(code, json.dumps(value).encode())
