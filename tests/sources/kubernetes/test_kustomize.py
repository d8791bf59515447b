"""What kustomizations say about manifests that are read without kustomize."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from textwrap import dedent

import pytest

from scanner.model.inventory import Level
from scanner.model.resource import Resource
from scanner.model.value import Plain, Reason, Unknown, plain
from tests.sources.kubernetes.manifests import at, documents, read_files, refs

WEB = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 3}\n"
ADDRESS = "apps/v1/Deployment/default/web"


def test_a_kustomization_that_only_lists_changes_nothing() -> None:
    inventory = read_files(
        {
            "k8s/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
            "resources: [web.yaml]\npatches: []\nnamePrefix: ''\n",
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
        "images: [{name: web, tagSuffix: '-x'}]",
        "labels: [{pairs: {a: b}, fields: [{path: spec/x}]}]",
        "namePrefix: prod-",
        "patches: [{path: missing.yaml}]",
        "patches: [{path: patch.yaml, target: {kind: Deployment, name: 'w.*', labelSelector: app=web}}]",
        "components: [../audit]",
    ],
)
def test_what_a_kustomization_changes_is_not_decided(changes: str) -> None:
    inventory = read_files(
        {
            "base/kustomization.yml": "resources: [web.yaml]\n",
            "base/web.yaml": WEB,
            "audit/kustomization.yaml": "kind: Component\n",
            "other/web.yaml": WEB.replace("name: web", "name: other"),
            "overlay/kustomization.yaml": f"resources: [../base]\n{changes}\n",
            "overlay/patch.yaml": WEB.replace("3", "1") if "path: patch" in changes or "[patch" in changes else "",
        }
    )
    assert {resource.address for resource in inventory.resources} >= {ADDRESS, "apps/v1/Deployment/default/other"}
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
    assert inventory.may_hide("apps/v1/Deployment")
    assert not inventory.may_hide("aws_db_instance")


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
    assert inventory.may_hide("v1/ConfigMap")
    assert at(inventory, ADDRESS).undecided is None


@pytest.mark.parametrize("listed", ["../../base", "../web.yaml"])
def test_a_base_that_was_not_scanned_is_said(listed: str) -> None:
    inventory = read_files(
        {"k8s/prod/kustomization.yaml": f"resources: [{listed}, web.yaml]", "k8s/prod/web.yaml": WEB}
    )
    (notification,) = inventory.notifications
    assert "was not scanned: scan with --kustomize k8s/prod" in notification.what
    assert str(notification.location) == "k8s/prod/kustomization.yaml:1:13"
    assert inventory.may_hide("v1/Service")


def test_a_patch_hides_the_types_that_it_speaks_of() -> None:
    service = "{apiVersion: v1, kind: Service, metadata: {name: web}}"
    for patch, hidden in (("patches: [{patch: '[]', target: {kind: Deployment}}]", False), ("namePrefix: a", True)):
        inventory = read_files(
            {"kustomization.yaml": f"resources: [web.yaml]\n{patch}", "web.yaml": f"{WEB}---\n{service}"}
        )
        assert inventory.may_hide("apps/v1/Deployment")
        assert (inventory.may_hide("v1/Service") is not None) is hidden


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


def test_every_overlay_has_its_own_copy_of_the_base() -> None:
    inventory = read_files(
        {
            "base/kustomization.yaml": "resources: [web.yaml]\n",
            "base/web.yaml": WEB,
            "overlays/staging/kustomization.yaml": "namespace: one\nresources: [../../base]\n",
            "overlays/prod/kustomization.yaml": "namespace: two\nresources: [../../base, budget.yaml]\n",
            "overlays/prod/budget.yaml": "apiVersion: policy/v1\nkind: PodDisruptionBudget\n"
            "metadata: {name: web}\nspec: {selector: {}}\n",
        }
    )
    assert {(resource.root, resource.address) for resource in inventory.resources} == {
        ("overlays/staging", "apps/v1/Deployment/one/web"),
        ("overlays/prod", "apps/v1/Deployment/two/web"),
        ("overlays/prod", "policy/v1/PodDisruptionBudget/two/web"),
    }
    budget = at(inventory, "policy/v1/PodDisruptionBudget/two/web", "overlays/prod")
    assert refs(budget, "spec.selector") == ["apps/v1/Deployment/two/web"]
    assert all(resource.undecided is None for resource in inventory.resources)


@pytest.mark.parametrize(
    "patch",
    [
        "patches: [{path: patch.yaml}]",
        "patchesStrategicMerge: [patch.yaml]",
        "patches: [{patch: '[]', target: {kind: StatefulSet}}]",
        "patches: [{patch: '[]', target: {name: web-.*}}]",
        "patches: [{patch: '[]', target: {group: batch}}]",
        "patches: [{patch: '{kind: Deployment, metadata: {name: other}}'}]",
        'patchesStrategicMerge: ["{kind: Service,\\n metadata: {name: web}}"]',
    ],
)
def test_a_patch_of_something_else_leaves_an_object_decided(patch: str) -> None:
    inventory = read_files(
        {
            "k8s/kustomization.yaml": f"resources: [web.yaml]\n{patch}",
            "k8s/web.yaml": WEB,
            "k8s/patch.yaml": WEB.replace("name: web", "name: other"),
        }
    )
    assert at(inventory, ADDRESS).undecided is None


PODS = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: a, image: web}
        - {name: b, image: 'registry.example.com:5000/team/side:1.0'}
        - {name: c, image: 'other@sha256:00'}
      topologySpreadConstraints:
        - {topologyKey: zone, labelSelector: {matchLabels: {app: web}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web}, spec: {selector: {matchLabels: {app: web}}}}
"""


def transformed(text: str, address: str = ADDRESS) -> Resource:
    """An object after a kustomization with some fields."""
    inventory = read_files({"kustomization.yaml": f"resources: [web.yaml]\n{dedent(text)}", "web.yaml": PODS})
    assert not inventory.notifications
    found = at(inventory, address)
    assert found.undecided is None
    return found


def data(resource: Resource, path: str) -> list[Plain]:
    return [plain(found.value) for found in resource.lookup(path)]


def test_images_are_replaced() -> None:
    web = transformed(
        """
        images:
          - {name: web, newName: registry.example.com/web, newTag: '2'}
          - {name: registry.example.com:5000/team/side, digest: sha256:11}
          - {name: othe, newTag: '3'}
          - name: other
            newName: another
        """
    )
    assert data(web, "spec.template.spec.containers.image") == [
        "registry.example.com/web:2",
        "registry.example.com:5000/team/side@sha256:11",
        "another@sha256:00",
    ]
    places = [str(found.value.location) for found in web.lookup("spec.template.spec.containers.image")]
    assert places == ["kustomization.yaml:4:5", "kustomization.yaml:5:5", "kustomization.yaml:7:5"]


def test_replicas_are_replaced() -> None:
    web = transformed("replicas: [{name: web, count: 5}, {name: other, count: 7}]")
    assert data(web, "spec.replicas") == [5]
    assert str(web.lookup("spec.replicas")[0].value.location) == "kustomization.yaml:2:24"


@pytest.mark.parametrize(
    ("text", "templates", "selectors"),
    [
        ("commonLabels: {env: prod}", True, True),
        ("labels: [{pairs: {env: prod}, includeSelectors: true}]", True, True),
        ("labels: [{pairs: {env: prod}, includeTemplates: true}]", True, False),
        ("labels: [{pairs: {env: prod}}]", False, False),
    ],
)
def test_labels_are_added(text: str, *, templates: bool, selectors: bool) -> None:
    web = transformed(text)
    assert data(web, "metadata.labels") == [{"app": "web", "env": "prod"}]
    assert data(web, "spec.template.metadata.labels.env") == (["prod"] if templates else [None])
    constraint = "spec.template.spec.topologySpreadConstraints[0].labelSelector.matchLabels.env"
    for path in ("spec.selector.matchLabels.env", constraint):
        assert data(web, path) == (["prod"] if selectors else [None])
    service = transformed(text, "v1/Service/default/web")
    budget = transformed(text, "policy/v1/PodDisruptionBudget/default/web")
    assert data(service, "spec.selector.env") == (["prod"] if selectors else [None])
    assert data(budget, "spec.selector.matchLabels.env") == (["prod"] if selectors else [None])
    assert refs(service, "spec.selector") == refs(budget, "spec.selector") == [ADDRESS]


def test_annotations_are_added() -> None:
    web = transformed("commonAnnotations: {team: a}")
    assert data(web, "metadata.annotations") == data(web, "spec.template.metadata.annotations") == [{"team": "a"}]
    assert data(transformed("commonAnnotations: {team: a}", "v1/Service/default/web"), "spec.template") == [None]


def test_the_outer_kustomization_is_applied_last() -> None:
    inventory = read_files(
        {
            "base/kustomization.yaml": "namespace: inner\nresources: [web.yaml]\nimages: [{name: web, newTag: '1'}]\n",
            "base/web.yaml": PODS,
            "prod/kustomization.yaml": "namespace: outer\nresources: [../base]\nimages: [{name: web, newTag: '2'}]\n",
        }
    )
    web = at(inventory, "apps/v1/Deployment/outer/web", "prod")
    assert data(web, "spec.template.spec.containers[name=a].image") == ["web:2"]


def test_kustomizations_that_list_each_other_end() -> None:
    inventory = read_files(
        {
            "a/kustomization.yaml": "resources: [../b, web.yaml]\nnamePrefix: x-\n",
            "b/kustomization.yaml": "resources: [../a]\n",
            "a/web.yaml": WEB,
        }
    )
    assert at(inventory, ADDRESS).undecided is not None


SEVERAL = f"""{PODS}---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: p}}
spec:
  podSelector: {{matchLabels: {{app: web}}}}
  ingress: [{{from: [{{podSelector: {{matchLabels: {{app: x}}}}}}]}}]
---
{{apiVersion: v1, kind: ServiceAccount, metadata: {{name: robot}}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{name: robots}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}}
subjects:
  - {{kind: ServiceAccount, name: robot, namespace: default}}
  - {{kind: ServiceAccount, name: foreign, namespace: default}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {{name: web}}
spec:
  selector: {{matchLabels: {{app: s}}}}
  template:
    metadata: {{labels: {{app: s}}}}
    spec: {{initContainers: [{{name: i, image: web}}], containers: [{{name: a, image: 'web:1'}}]}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {{name: nightly}}
spec: {{jobTemplate: {{spec: {{template: {{spec: {{containers: [{{name: a, image: web}}]}}}}}}}}}}
"""


@pytest.mark.skipif(not shutil.which("kubectl"), reason="needs kubectl")
@pytest.mark.parametrize(
    "text",
    [
        "commonLabels: {env: prod}",
        "labels: [{pairs: {env: prod}, includeSelectors: true}]",
        "labels: [{pairs: {env: prod}, includeTemplates: true}]",
        "labels: [{pairs: {env: prod}}]",
        "commonAnnotations: {team: a}",
        "replicas: [{name: web, count: 5}]",
        "namespace: shop",
        "images: [{name: web, newName: r.example.com/web, newTag: '2'}, {name: other, newName: another}]",
        "images: [{name: other, newTag: '9'}, {name: 'registry.example.com:5000/team/side', digest: 'sha256:1'}]",
    ],
)
def test_the_real_program_makes_the_same(tmp_path: Path, text: str) -> None:
    files = {"web.yaml": SEVERAL, "kustomization.yaml": f"resources: [web.yaml]\n{text}\n"}
    for name, content in files.items():
        (tmp_path / name).write_text(content, "utf-8")
    built = subprocess.run(["kubectl", "kustomize", str(tmp_path)], capture_output=True, text=True, check=True).stdout
    expected = [plain(value, reveal=True) for value in documents(built)]
    found = [plain(resource.attributes, reveal=True) for resource in read_files(files).resources]
    assert sorted(map(repr, map(_sorted, found))) == sorted(map(repr, map(_sorted, expected)))


def _sorted(data: Plain) -> Plain:
    """The data with the keys of every mapping in order."""
    if isinstance(data, dict):
        return {key: _sorted(data[key]) for key in sorted(data)}
    return [_sorted(item) for item in data] if isinstance(data, list) else data
