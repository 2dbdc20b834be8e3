"""What was asked of the API, taken apart as the API server does before it authorises."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.doubles.kubernetes_api.store import Resource


@dataclass(frozen=True)
class Asked:
    """One request. `resource` is None for paths beside the resources, like `/apis`."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes
    authorization: str | None
    accept: str
    resource: Resource | None = None
    namespace: str = ""
    name: str = ""
    subresource: str = ""
    tail: str = ""
    """What follows the subresource, for a proxy."""
    command: tuple[str, ...] = ()
    """The words of a command in a pod."""

    @property
    def verb(self) -> str:
        if self.method == "GET":
            return "get" if self.name else "list"
        return {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}[self.method]

    @property
    def named(self) -> str:
        """The resource as rules of RBAC write it."""
        name = self.resource.name if self.resource else ""
        return f"{name}/{self.subresource}" if self.subresource else name


def taken_apart(method: str, target: str, body: bytes, authorization: str | None, accept: str) -> Asked:
    url = urlsplit(target)
    pairs = parse_qsl(url.query)
    query, command = dict(pairs), tuple(value for name, value in pairs if name == "command")
    parts = [unquote(part) for part in url.path.split("/") if part]
    if parts[:1] == ["api"] and len(parts) > 2:
        group, version, rest = "", parts[1], parts[2:]
    elif parts[:1] == ["apis"] and len(parts) > 3:
        group, version, rest = parts[1], parts[2], parts[3:]
    else:
        return Asked(method, url.path, query, body, authorization, accept)
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2:
        namespace, rest = rest[1], rest[2:]
    name, subresource = [*rest[1:3], "", ""][:2]
    resource = Resource(group, version, rest[0])
    tail = "/".join(rest[3:])
    return Asked(
        method, url.path, query, body, authorization, accept, resource, namespace, name, subresource, tail, command
    )
