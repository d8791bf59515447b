"""Documents as resources: types, addresses, namespaces, lists, roots."""

from __future__ import annotations

import pytest

from scanner.documents.json import read_json
from scanner.model.inventory import Level
from scanner.model.resource import Origin
from scanner.sources.kubernetes import is_object, read_kubernetes
from scanner.sources.kubernetes.kinds import is_cluster_scoped
from tests.sources.kubernetes.manifests import documents, read, read_files

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}}",
            "apps/v1/Deployment/shop/web",
        ),
        ("{apiVersion: v1, kind: Service, metadata: {name: web}}", "v1/Service/default/web"),
        ("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}", "v1/Namespace/shop"),
        (
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: r, namespace: x}}",
            "rbac.authorization.k8s.io/v1/ClusterRole/r",
        ),
        ("{apiVersion: batch/v1, kind: Job, metadata: {generateName: load-}}", "batch/v1/Job/default/load-*"),
        (
            "{apiVersion: argoproj.io/v1alpha1, kind: AppProject, metadata: {name: p, namespace: argocd}}",
            "argoproj.io/v1alpha1/AppProject/argocd/p",
        ),
        ("{apiVersion: v1, kind: Secret, metadata: {name: 7}}", "v1/Secret/default/7"),
    ],
)
def test_addresses(text: str, address: str) -> None:
    (resource,) = read(a=text).resources
    assert (resource.address, resource.origin, resource.root) == (address, Origin.MANIFEST, "")


def test_attributes_keep_their_places() -> None:
    inventory = read(
        k8s__web="""\
        # a comment
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          replicas: 3
        """
    )
    (resource,) = inventory.resources
    (replicas,) = resource.lookup("spec.replicas")
    assert replicas.value.raw == 3
    assert str(replicas.value.location) == "k8s/web.yaml:7:3"
    assert str(resource.location) == "k8s/web.yaml:2:1"
    (missing,) = resource.lookup("spec.template")
    assert str(missing.value.location) == "k8s/web.yaml:6:1"


def test_several_documents_and_empty_ones() -> None:
    inventory = read(a=f"{CONFIG}---\n---\n# nothing\n---\n{CONFIG.replace('name: a', 'name: b')}")
    assert [resource.address for resource in inventory.resources] == [
        "v1/ConfigMap/default/a",
        "v1/ConfigMap/default/b",
    ]
    assert not inventory.notifications


def test_a_list_is_taken_apart() -> None:
    inventory = read(
        a="""
        apiVersion: v1
        kind: List
        items:
          - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
          - apiVersion: v1
            kind: ConfigMapList
            items: [{metadata: {name: b}}]
        """
    )
    assert [resource.address for resource in inventory.resources] == [
        "v1/ConfigMap/default/a",
        "v1/ConfigMap/default/b",
    ]


def test_a_kind_that_merely_ends_in_list_stays_whole() -> None:
    (resource,) = read(a="{apiVersion: x.io/v1, kind: AllowList, metadata: {name: a}}").resources
    assert resource.type == "x.io/v1/AllowList"


def test_json() -> None:
    document = read_json('{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}}', "web.json")
    (resource,) = read_kubernetes({"web.json": [document.value]}).resources
    assert resource.address == "v1/Service/default/web"


def test_an_object_without_name_is_said_and_hides_its_type() -> None:
    inventory = read(a="{apiVersion: apps/v1, kind: Deployment, metadata: {labels: {app: web}}}")
    (notification,) = inventory.notifications
    assert not inventory.resources
    assert (notification.level, notification.hides) == (Level.ERROR, ("apps/v1/Deployment",))
    assert str(notification.location) == "a.yaml:1:1"


@pytest.mark.parametrize(
    "text",
    [
        "{services: {}}",
        "[1, 2]",
        "text",
        "{apiVersion: v1, kind: [Pod]}",
        "{apiVersion: v2, name: chart}",
        "{apiVersion: v1, kind: Config, clusters: []}",
        "{apiVersion: kustomize.config.k8s.io/v1beta1, kind: Kustomization, metadata: {name: arbitrary}}",
        "{apiVersion: kind.x-k8s.io/v1alpha4, kind: Cluster, nodes: []}",
    ],
)
def test_what_is_no_object(text: str) -> None:
    (value,) = documents(text)
    assert not is_object(value)
    inventory = read(a=text)
    assert not inventory.resources
    assert not inventory.notifications


def test_roots_are_environments() -> None:
    inventory = read(k8s__overlays__prod__api__a=CONFIG, k8s__overlays__staging__a=CONFIG, k8s__base__a=CONFIG)
    assert [resource.root for resource in inventory.resources] == ["k8s/overlays/prod", "k8s/overlays/staging", ""]


def test_the_same_address_again_moves_to_its_directory_then_its_file() -> None:
    inventory = read_files(
        {"one/a.yaml": CONFIG, "two/a.yaml": CONFIG, "two/b.yaml": CONFIG, "two/c.yaml": f"{CONFIG}---\n{CONFIG}"}
    )
    assert [resource.root for resource in inventory.resources] == [
        "",
        "two",
        "two/b.yaml",
        "two/c.yaml",
        "two/c.yaml:5",
    ]


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("v1/Namespace", True),
        ("storage.k8s.io/v1/StorageClass", True),
        ("keda.sh/v1alpha1/ClusterTriggerAuthentication", True),
        ("v1/ServiceAccount", False),
        ("rbac.authorization.k8s.io/v1/Role", False),
        ("example.org/v1/Namespace", False),
    ],
)
def test_which_kinds_belong_to_no_namespace(type_: str, expected: bool) -> None:
    assert is_cluster_scoped(type_) is expected
