"""What kustomizations say about manifests that are read without kustomize."""

from __future__ import annotations

import pytest

from scanner.model.inventory import Level
from scanner.model.value import Reason, Unknown
from tests.sources.kubernetes.manifests import at, read_files, refs

WEB = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 3}\n"
ADDRESS = "apps/v1/Deployment/default/web"


def test_a_kustomization_that_only_lists_changes_nothing() -> None:
    inventory = read_files(
        {
            "k8s/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
            "resources: [web.yaml, ../common]\npatches: []\nnamePrefix: ''\n",
            "k8s/web.yaml": WEB,
        }
    )
    assert [resource.address for resource in inventory.resources] == [ADDRESS]
    assert inventory.resources[0].undecided is None
    assert not inventory.notifications


@pytest.mark.parametrize(
    "changes",
    [
        "patches: [{path: patch.yaml}]",
        "patchesStrategicMerge: [patch.yaml]",
        "patchesJson6902: [{path: patch.yaml, target: {version: v1, kind: Deployment, name: web}}]",
        "patches: [{patch: '[]', target: {kind: Deployment}}]",
        "images: [{name: web, newTag: '2'}]",
        "replicas: [{name: web, count: 1}]",
        "namePrefix: prod-",
        "commonLabels: {env: prod}",
        "components: [../audit]",
    ],
)
def test_what_a_kustomization_changes_is_not_decided(changes: str) -> None:
    inventory = read_files(
        {
            "base/kustomization.yml": "resources: [web.yaml]\n",
            "base/web.yaml": WEB,
            "other/web.yaml": WEB.replace("name: web", "name: other"),
            "overlay/kustomization.yaml": f"resources: [../base]\n{changes}\n",
            "overlay/patch.yaml": WEB.replace("3", "1"),
        }
    )
    written = [resource.address for resource in inventory.resources if "patch" not in str(resource.location)]
    assert written == [ADDRESS, "apps/v1/Deployment/default/other"]
    undecided = at(inventory, ADDRESS).undecided
    assert undecided is not None
    assert isinstance(undecided.raw, Unknown)
    assert undecided.raw.reason is Reason.UNSUPPORTED
    assert undecided.raw.detail.endswith("scan with --kustomize overlay")
    assert at(inventory, "apps/v1/Deployment/default/other").undecided is None
    (notification,) = inventory.notifications
    assert notification.level is Level.ERROR
    assert str(notification.location) == "overlay/kustomization.yaml:2:1"
    assert "--kustomize overlay" in notification.what
    assert "apps/v1/Deployment" in notification.hides
    assert "aws_db_instance" not in notification.hides


def test_patch_files_and_values_are_no_objects() -> None:
    inventory = read_files(
        {
            "k8s/kustomization.yaml": """
            resources: [web.yaml]
            patches: [{path: ./patches/web.yaml}]
            configMapGenerator: [{name: c, files: [app.yaml=config/app.yaml]}]
            helmCharts: [{name: c, valuesFile: values.yaml}]
            """,
            "k8s/web.yaml": WEB,
            "k8s/patches/web.yaml": WEB,
            "k8s/config/app.yaml": WEB,
            "k8s/values.yaml": WEB,
        }
    )
    assert [str(resource.location) for resource in inventory.resources] == ["k8s/web.yaml:1:1"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("configMapGenerator: [{name: c, literals: [a=b]}]", "makes further objects (configMapGenerator)"),
        ("helmCharts: [{name: c}]", "makes further objects (helmCharts)"),
        ("resources: ['https://example.org/a.yaml']", "builds on https://example.org/a.yaml"),
        ("resources: ['github.com/x/y//deploy?ref=v1']", "builds on github.com/x/y//deploy?ref=v1"),
    ],
)
def test_what_a_kustomization_adds_is_said(text: str, said: str) -> None:
    inventory = read_files({"k8s/kustomization.yaml": text, "k8s/web.yaml": WEB})
    (notification,) = inventory.notifications
    assert said in notification.what
    assert "v1/ConfigMap" in notification.hides
    assert at(inventory, ADDRESS).undecided is None


def test_a_namespace_is_filled_in() -> None:
    inventory = read_files(
        {
            "k8s/kustomization.yaml": "namespace: shop\nresources: [web.yaml, rbac.yaml]\n",
            "k8s/web.yaml": f"{WEB}---\n{{apiVersion: v1, kind: Namespace, metadata: {{name: shop}}}}",
            "k8s/rbac.yaml": """
            {apiVersion: v1, kind: ServiceAccount, metadata: {name: robot}}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: robots}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
            subjects:
              - {kind: ServiceAccount, name: robot, namespace: default}
              - {kind: ServiceAccount, name: foreign, namespace: elsewhere}
            """,
        }
    )
    assert not inventory.notifications
    web = at(inventory, "apps/v1/Deployment/shop/web")
    (namespace,) = web.lookup("metadata.namespace")
    assert str(namespace.value.location) == "k8s/kustomization.yaml:1:1"
    assert refs(web, "metadata.namespace") == ["v1/Namespace/shop"]
    binding = at(inventory, "rbac.authorization.k8s.io/v1/ClusterRoleBinding/robots")
    assert refs(binding, "subjects[0]") == ["v1/ServiceAccount/shop/robot"]
    (foreign,) = binding.lookup("subjects[1].namespace")
    assert foreign.value.raw == "elsewhere"


def test_two_namespaces_for_one_base_are_not_decided() -> None:
    inventory = read_files(
        {
            "base/kustomization.yaml": "resources: [web.yaml]\n",
            "base/web.yaml": WEB,
            "one/kustomization.yaml": "namespace: one\nresources: [../base]\n",
            "two/kustomization.yaml": "namespace: two\nresources: [../base]\n",
        }
    )
    assert at(inventory, "apps/v1/Deployment/one/web").undecided is not None


def test_kustomizations_that_list_each_other_end() -> None:
    inventory = read_files(
        {
            "a/kustomization.yaml": "resources: [../b, web.yaml]\nnamePrefix: x-\n",
            "b/kustomization.yaml": "resources: [../a]\n",
            "a/web.yaml": WEB,
        }
    )
    assert at(inventory, ADDRESS).undecided is not None
