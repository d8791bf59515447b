"""A running cluster, against a local server that answers as the API of Kubernetes does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from scanner.model.inventory import Inventory
from scanner.model.resource import Origin
from scanner.model.value import MASK, plain
from scanner.sources.kubernetes.live import KubernetesOptions, KubernetesSource
from scanner.sources.kubernetes.live_api import METADATA_ONLY
from scanner.sources.kubernetes.live_printed import printed_objects
from tests.http_server import Answer, Asked, serving

Thing = dict[str, Any]

KINDS = {
    "v1": [("pods", "Pod", True), ("services", "Service", True), ("secrets", "Secret", True), ("nodes", "Node", False),
           ("configmaps", "ConfigMap", True), ("namespaces", "Namespace", False)],
    "apps/v1": [("deployments", "Deployment", True), ("replicasets", "ReplicaSet", True)],
    "autoscaling/v1": [("horizontalpodautoscalers", "HorizontalPodAutoscaler", True)],
    "autoscaling/v2": [("horizontalpodautoscalers", "HorizontalPodAutoscaler", True)],
}  # fmt: skip
PASSWORD = "correct horse battery staple"


def thing(name: str, namespace: str | None = "shop", **content: Any) -> Thing:
    """An object as it stands in a list: without version and kind."""
    own = {"name": name, **({"namespace": namespace} if namespace else {}), "managedFields": [{"manager": "x"}]}
    own["annotations"] = {"kubectl.kubernetes.io/last-applied-configuration": PASSWORD, "team": "web"}
    return {"metadata": {**own, **content.pop("metadata", {})}, **content}


def cluster() -> dict[str, list[Thing]]:
    variables = [{"name": "DB_PASSWORD", "value": PASSWORD}, {"name": "MODE", "value": "fast"}]
    variables.append({"name": "URL", "value": f"redis://user:{PASSWORD.replace(' ', '')}@cache"})
    pods = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web", "env": variables}]}}
    owned = {"ownerReferences": [{"kind": "Deployment", "name": "web", "controller": True}]}
    scaled = {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}, "maxReplicas": 4}
    return {
        "/api/v1/pods": [thing(f"web-{number}") for number in range(3)],
        "/api/v1/services": [thing("web", spec={"selector": {"app": "web"}})],
        "/api/v1/secrets": [thing("login", data={"password": "aGVsbG8="})],
        "/api/v1/nodes": [thing("node-1", None)],
        "/api/v1/configmaps": [thing("settings", data={"api_key": PASSWORD, "mode": "fast"})],
        "/api/v1/namespaces": [thing("shop", None)],
        "/apis/apps/v1/deployments": [thing("web", spec={"replicas": 2, "template": pods})],
        "/apis/apps/v1/replicasets": [thing("web-1", metadata=owned), thing("alone")],
        "/apis/autoscaling/v1/horizontalpodautoscalers": [thing("web", spec=scaled)],
        "/apis/autoscaling/v2/horizontalpodautoscalers": [thing("web", spec=scaled)],
    }


def answer(objects: dict[str, list[Thing]], asked: Asked) -> Answer:
    parts = urlsplit(asked.path)
    version = parts.path.removeprefix("/apis/").removeprefix("/api/")
    if parts.path == "/version":
        return said({"gitVersion": "v1.35.1"})
    if version in KINDS:
        resources = [
            {"name": name, "kind": kind, "namespaced": own, "verbs": ["get", "list"]}
            for name, kind, own in KINDS[version]
        ]
        resources.append({"name": "pods/exec", "kind": "PodExecOptions", "namespaced": True, "verbs": ["create"]})
        return said({"kind": "APIResourceList", "resources": resources})
    namespace, path = None, parts.path
    if "/namespaces/" in path:
        before, _, after = path.partition("/namespaces/")
        namespace, _, plural = after.partition("/")
        path = f"{before}/{plural}"
    if path not in objects:
        return said({"kind": "Status", "reason": "NotFound", "code": 404}, 404)
    found = [item for item in objects[path] if namespace is None or item["metadata"].get("namespace") == namespace]
    if asked.headers.get("Accept") == METADATA_ONLY:
        found = [{"metadata": item["metadata"]} for item in found]
    start = int(parse_qs(parts.query).get("continue", ["0"])[0])
    more = {"continue": str(start + 2)} if start + 2 < len(found) else {}
    return said({"kind": "List", "metadata": more, "items": found[start : start + 2]})


def said(data: object, status: int = 200) -> Answer:
    return Answer(json.dumps(data).encode(), status)


def kubeconfig(folder: Path, url: str) -> str:
    file = folder / "kubeconfig"
    file.write_text(
        yaml.safe_dump(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": "shop",
                "clusters": [{"name": "c", "cluster": {"server": url}}],
                "users": [{"name": "u", "user": {"token": "reader"}}],
                "contexts": [{"name": "shop", "context": {"cluster": "c", "user": "u"}}],
            }
        )
    )
    return str(file)


def collect(
    folder: Path, faults: dict[str, Answer] | None = None, objects: dict[str, list[Thing]] | None = None, **options: Any
) -> tuple[Inventory, list[Asked], str]:
    def reply(asked: Asked) -> Answer:
        found = [
            fault
            for end, fault in (faults or {}).items()
            if asked.path.endswith(end) or urlsplit(asked.path).path.endswith(end)
        ]
        return found[0] if found else answer(cluster() if objects is None else objects, asked)

    with serving(reply) as (url, asked):
        given = KubernetesOptions(**{"kubeconfig": kubeconfig(folder, url), **options})
        return KubernetesSource(given).collect(), asked, url


def test_everything_is_listed_and_nothing_else_done(tmp_path: Path) -> None:
    inventory, asked, url = collect(tmp_path)
    assert {item.address for item in inventory.resources} == {
        "apps/v1/Deployment/shop/web",
        "apps/v1/ReplicaSet/shop/alone",
        "autoscaling/v2/HorizontalPodAutoscaler/shop/web",
        "v1/ConfigMap/shop/settings",
        "v1/Namespace/shop",
        "v1/Node/node-1",
        "v1/Pod/shop/web-0",
        "v1/Pod/shop/web-1",
        "v1/Pod/shop/web-2",
        "v1/Secret/shop/login",
        "v1/Service/shop/web",
    }
    assert inventory.notifications == []
    assert {(item.origin, item.root) for item in inventory.resources} == {(Origin.KUBERNETES, url)}
    assert {request.method for request in asked} == {"GET"}
    assert {request.headers.get("authorization", request.headers.get("Authorization")) for request in asked} == {
        "Bearer reader"
    }


def test_the_stream_has_all_of_it(tmp_path: Path) -> None:
    with serving(lambda asked: answer(cluster(), asked)) as (url, _):
        source = KubernetesSource(KubernetesOptions(kubeconfig(tmp_path, url)))
        assert len(list(source.stream())) == 11


def test_objects_are_linked(tmp_path: Path) -> None:
    inventory, _, url = collect(tmp_path)
    scaler = inventory.at("autoscaling/v2/HorizontalPodAutoscaler/shop/web", url)
    assert scaler is not None
    (target,) = scaler.lookup("spec.scaleTargetRef")
    assert [ref.address for ref in target.value.refs] == ["apps/v1/Deployment/shop/web"]


def test_secrets_do_not_leave_the_source(tmp_path: Path) -> None:
    inventory, asked, url = collect(tmp_path)
    text = repr([plain(item.attributes, reveal=True) for item in inventory.resources])
    assert PASSWORD not in text
    assert PASSWORD.replace(" ", "") not in text
    assert "aGVsbG8=" not in text
    assert "managedFields" not in text
    secret, settings = inventory.at("v1/Secret/shop/login", url), inventory.at("v1/ConfigMap/shop/settings", url)
    assert secret is not None
    assert settings is not None
    assert secret.lookup("data.password")[0].value.is_unknown
    assert plain(settings.lookup("data")[0].value) == {"api_key": MASK, "mode": "fast"}
    listed = [request for request in asked if "/v1/secrets" in request.path]
    assert {request.headers["Accept"] for request in listed} == {METADATA_ONLY}


def test_only_what_is_wanted_is_listed(tmp_path: Path) -> None:
    inventory, asked, _ = collect(tmp_path, types=frozenset({"apps/v1/*", "aws_vpc", "v1/Node"}))
    assert set(inventory.types()) == {"apps/v1/Deployment", "apps/v1/ReplicaSet", "v1/Node"}
    assert not [request for request in asked if "pods" in request.path]


def test_an_older_version_is_taken_where_the_server_has_no_newer_one(tmp_path: Path) -> None:
    gone = said({"reason": "NotFound"}, 404)
    inventory, _, _ = collect(tmp_path, {"/apis/autoscaling/v2": gone})
    assert [item.address for item in inventory.of_type("autoscaling/v1/HorizontalPodAutoscaler")] == [
        "autoscaling/v1/HorizontalPodAutoscaler/shop/web"
    ]
    assert inventory.notifications == []


def test_namespaces_can_be_chosen(tmp_path: Path) -> None:
    objects = cluster()
    objects["/api/v1/pods"].append(thing("other", "elsewhere"))
    inventory, _, _ = collect(tmp_path, objects=objects, namespaces=("elsewhere",))
    assert [item.address for item in inventory.of_type("v1/Pod")] == ["v1/Pod/elsewhere/other"]
    assert len(inventory.of_type("v1/Node")) == 1


def test_a_denied_list_hides_its_type_and_no_other(tmp_path: Path) -> None:
    inventory, _, url = collect(tmp_path, {"/apis/apps/v1/deployments": said({"reason": "Forbidden"}, 403)})
    assert [item.what for item in inventory.notifications] == [
        f"kubernetes list apps/v1/Deployment {url}: Forbidden (missing permission list deployments.apps)"
    ]
    assert inventory.may_hide("apps/v1/Deployment") is not None
    assert inventory.may_hide("apps/v1/ReplicaSet") is None


def test_a_page_that_fails_leaves_what_was_before_it(tmp_path: Path) -> None:
    inventory, _, _ = collect(tmp_path, {"/api/v1/pods?limit=250&continue=2": said({"reason": "Expired"}, 410)})
    assert len(inventory.of_type("v1/Pod")) == 2
    assert inventory.may_hide("v1/Pod") is not None


@pytest.mark.parametrize(
    "fault",
    [
        Answer(b"<html>"), Answer(b"[]"), Answer(b"{}"), Answer(b'{"items": {}}'), Answer(b'{"items": [1]}'),
        Answer(b"", 500), Answer(b"[]", 401), Answer(b'{"items": [], "metadata": {"continue": "2"}}'),
    ],
    ids=lambda fault: f"{fault.status} {fault.body.decode()}",
)  # fmt: skip
def test_an_answer_of_another_shape_is_no_empty_list(tmp_path: Path, fault: Answer) -> None:
    inventory, _, _ = collect(tmp_path, {"/api/v1/pods": fault})
    assert inventory.may_hide("v1/Pod") is not None
    assert inventory.may_hide("v1/Node") is None


def test_a_version_that_cannot_be_asked_for_hides_its_types(tmp_path: Path) -> None:
    inventory, _, _ = collect(tmp_path, {"/apis/apps/v1": said({"reason": "Forbidden"}, 403)})
    assert inventory.may_hide("apps/v1/StatefulSet") is not None
    assert inventory.may_hide("v1/Pod") is None


def test_without_a_cluster_everything_is_hidden(tmp_path: Path) -> None:
    unusable = KubernetesSource(KubernetesOptions(str(tmp_path / "missing"))).collect()
    assert unusable.may_hide("apps/v1/Deployment") is not None
    file = kubeconfig(tmp_path, "http://127.0.0.1:1")
    away = KubernetesSource(KubernetesOptions(file, types=frozenset({"v1/Pod"}), timeout_seconds=1)).collect()
    assert away.may_hide("v1/Pod") is not None


def test_the_server_says_who_it_is(tmp_path: Path) -> None:
    with serving(lambda asked: answer(cluster(), asked)) as (url, _):
        identity = KubernetesSource(KubernetesOptions(kubeconfig(tmp_path, url))).identity()
    assert identity == {"server": url, "version": "v1.35.1"}


def test_what_kubectl_prints_is_read_alike() -> None:
    service = {"apiVersion": "v1", "kind": "Service", **thing("web")}
    secret = {"apiVersion": "v1", "kind": "Secret", **thing("login", stringData={"password": PASSWORD})}
    for text in (json.dumps({"kind": "List", "apiVersion": "v1", "items": [service, secret]}), json.dumps(service)):
        found = printed_objects(text, cluster="shop")
        assert ("v1/Service/shop/web", "shop", Origin.KUBERNETES) in {
            (item.address, item.root, item.origin) for item in found.resources
        }
        assert PASSWORD not in repr([plain(item.attributes, reveal=True) for item in found.resources])
        assert found.notifications == []


@pytest.mark.parametrize(
    "text", ["", "No resources found", "[]", "7", '{"items": [1]}', '{"items": 7}', '{"kind": "Pod"}']
)
def test_what_kubectl_does_not_print_is_no_empty_cluster(text: str) -> None:
    assert printed_objects(text, cluster="shop").may_hide("v1/Pod") is not None
