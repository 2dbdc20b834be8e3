"""The rights in deploy/rbac.yaml are those that the code uses, and each that is missing is told with its loss."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from ocpperf_assets.access.permissions import (
    ETCD_EXEC,
    INVENTORY,
    OUTSIDE,
    PERMISSIONS,
    READER,
    SECRETS,
    is_given,
    of_etcd_exec,
    of_use,
)
from ocpperf_assets.settings import Settings
from tests.doubles.kubernetes_api.flavours import openshift, vanilla
from tests.ocpperf_assets.access.conftest import USER, Reach, Serve

DEPLOY = Path(__file__).parents[3] / "deploy"
EXEC = (DEPLOY / "rbac-etcd-exec.yaml").read_text(encoding="utf-8")
RBAC = (DEPLOY / "rbac.yaml").read_text(encoding="utf-8") + "---\n" + EXEC
OBJECTS: list[dict[str, Any]] = list(yaml.safe_load_all(RBAC))


def objects(kind: str) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in OBJECTS if one["kind"] == kind}


@pytest.mark.parametrize("role", [READER, OUTSIDE, INVENTORY, SECRETS, ETCD_EXEC])
def test_a_role_has_the_rights_of_the_list_and_no_other(role: str) -> None:
    rules = objects("ClusterRole")[role]["rules"]
    written = {
        (group, resource, verb, tuple(rule.get("resourceNames", ())))
        for rule in rules
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
    assert written == {(one.group, one.resource, one.verb, one.names) for one in PERMISSIONS if one.role == role}


def test_every_rule_says_what_needs_it() -> None:
    assert [one.needed_for for one in PERMISSIONS if f"  # {one.needed_for}\n" not in RBAC] == []


def test_the_service_account_reads_and_is_the_one_of_the_settings() -> None:
    namespace, _, name = Settings.model_fields["service_account"].default.partition("/")
    assert objects("ServiceAccount")[name]["metadata"]["namespace"] == namespace
    bound = {
        binding["roleRef"]["name"]: [(one["namespace"], one["name"]) for one in binding["subjects"]]
        for binding in objects("ClusterRoleBinding").values()
    }
    assert bound == {role: [(namespace, name)] for role in (READER, INVENTORY, "cluster-monitoring-view")}
    assert {one.verb for one in PERMISSIONS if one.role in (READER, INVENTORY)} <= {"get", "list"}
    assert "secrets" not in {one.resource for one in PERMISSIONS if one.role != SECRETS}


def test_running_etcdctl_is_a_right_of_its_own_in_etcds_namespace_alone(serve: Serve, reach: Reach) -> None:
    own = [one for one in yaml.safe_load_all(EXEC) if one["kind"] != "ClusterRole"]
    assert [(one["kind"], one["metadata"]["namespace"]) for one in own] == [("RoleBinding", "openshift-etcd")]
    assert EXEC.startswith("# WARNING: ")
    assert "cluster-admin" in EXEC
    assert "pods/exec" not in {one.resource for one in PERMISSIONS if one.role != ETCD_EXEC}
    for cluster, namespace in ((openshift(USER), "openshift-etcd"), (vanilla(USER), "kube-system")):
        wanted = of_etcd_exec(reach(serve(cluster)))
        assert {(str(one), one.namespace) for one in wanted} == {
            (right, namespace) for right in ("list pods", "get pods/exec", "create pods/exec")
        }


def test_rights_are_asked_for_where_they_are_of_use(serve: Serve, reach: Reach) -> None:
    with_routes, without = serve(openshift(USER)), serve(vanilla(USER))
    known_by_token = {str(one) for one in of_use(reach(with_routes), "a/b")}
    assert known_by_token == {"get routes.route.openshift.io", "get configmaps"}
    (token,) = [one for one in of_use(reach(with_routes, with_routes.certificate_user()), "a/b") if "token" in str(one)]
    assert (token.namespace, token.names) == ("a", ("b",))
    assert {str(one) for one in of_use(reach(without), "a/b")} == {
        "list services",
        "get services/proxy",
        "create services/proxy",
    }


def test_each_right_is_reviewed_by_the_api(serve: Serve, reach: Reach) -> None:
    double = serve(openshift(USER))
    api = reach(double)
    assert all(is_given(api, one) for one in PERMISSIONS)
    for permission in PERMISSIONS:
        double.cluster.denied.clear()
        double.cluster.deny(permission.verb, permission.resource, permission.namespace)
        assert not is_given(api, permission)
