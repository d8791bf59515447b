"""The formats that are read. A format's own modules are imported when a file of it turns up."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from scanner.documents.document import DocumentError
from scanner.model.inventory import Inventory
from scanner.model.value import Value
from scanner.sources.manifests.files import Bytes, starts_as_dockerfile
from scanner.sources.manifests.reader import ManifestDocument, Neighbour, Reader, Syntax

Test = Callable[[str, Bytes], bool]
Detect = Callable[[str, Value], bool]
Read = Callable[[Sequence[ManifestDocument], Neighbour], Inventory]


@dataclass(frozen=True, slots=True)
class Format:
    """A reader made of functions; see Reader."""

    name: str
    types: tuple[str, ...]
    claims: Test
    detects: Detect
    read: Read
    syntax: Syntax = Syntax.YAML
    yaml_11: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """A key of YAML or JSON as bytes; where `top`, in YAML one that starts its line."""

    name: str
    top: bool = False

    def test(self) -> Callable[[Bytes], bool]:
        """Whether bytes have the key. The pattern begins with plain letters, for which the search is quick."""
        letters = self.name.encode()
        pattern = rb"%b[\"']?\s*:" % letters  # compiled when it is needed: most scans meet few formats
        before = (b"\n", b"\r", b"\xbf", b"") if self.top else ()

        def begins(data: Bytes, at: int) -> bool:
            previous = bytes(data[at - 1 : at]) if at else b""
            return previous in (b'"', b"'") or (previous in before if before else not previous.isalnum())

        def found(data: Bytes) -> bool:
            if data.find(letters) < 0:
                return False
            return any(begins(data, match.start()) for match in re.finditer(pattern, data))

        return found


def _all(*keys: Key) -> Test:
    """The bytes have all the keys."""
    tests = [key.test() for key in keys]
    return lambda _path, data: all(test(data) for test in tests)


def _any(*tests: Test) -> Test:
    return lambda path, data: any(test(path, data) for test in tests)


def _named(pattern: str) -> Test:
    return lambda path, _data: re.fullmatch(pattern, path.rpartition("/")[2], re.IGNORECASE) is not None


def _nothing(_path: str, _value: Value) -> bool:
    return True


def _kubernetes_detects(path: str, value: Value) -> bool:
    from scanner.sources.kubernetes import is_kustomization, is_object

    return is_kustomization(path) or is_object(value)


def _kubernetes_read(documents: Sequence[ManifestDocument], _neighbour: Neighbour) -> Inventory:
    from scanner.sources.kubernetes import read_kubernetes

    files: dict[str, list[Value]] = {}
    for document in documents:
        files.setdefault(document.path, []).append(document.value)
    return read_kubernetes(files)


def _compose_detects(_path: str, value: Value) -> bool:
    from scanner.sources.compose import is_compose

    return is_compose(value)


def _compose_read(documents: Sequence[ManifestDocument], neighbour: Neighbour) -> Inventory:
    from scanner.sources.compose import read_compose

    inventory = Inventory()
    for document in documents:
        inventory.resources += read_compose(document.value, document.path, neighbour, _parsed)
    return inventory


def _parsed(text: str, path: str) -> Value | None:
    from scanner.documents.yaml import read_yaml_documents

    try:
        return next((document.value for document in read_yaml_documents(text, path)), None)
    except DocumentError:
        return None


def _ecs_detects(_path: str, value: Value) -> bool:
    from scanner.sources.ecs import is_ecs

    return is_ecs(value)


def _ecs_read(documents: Sequence[ManifestDocument], _neighbour: Neighbour) -> Inventory:
    from scanner.sources.ecs import read_ecs

    return Inventory([resource for document in documents for resource in read_ecs(document.value, document.path)])


def _workflow_detects(_path: str, value: Value) -> bool:
    from scanner.sources.workflow import kind_of

    return kind_of(value) is not None


def _workflow_read(documents: Sequence[ManifestDocument], _neighbour: Neighbour) -> Inventory:
    from scanner.sources.workflow import read_github

    return Inventory(read_github([(document.path, document.value) for document in documents]))


def _prometheus_detects(_path: str, value: Value) -> bool:
    from scanner.sources.prometheus import kind_of

    return kind_of(value) is not None


def _prometheus_read(documents: Sequence[ManifestDocument], _neighbour: Neighbour) -> Inventory:
    from scanner.sources.prometheus import read_prometheus

    found = [read_prometheus(document.value, document.path) for document in documents]
    return Inventory([resource for resource in found if resource is not None])


def _grafana_detects(_path: str, value: Value) -> bool:
    from scanner.sources.grafana import kind_of

    return kind_of(value) is not None


def _grafana_read(documents: Sequence[ManifestDocument], _neighbour: Neighbour) -> Inventory:
    from scanner.sources.grafana import read_grafana

    return Inventory([resource for document in documents for resource in read_grafana(document.value, document.path)])


def _dockerfile_read(documents: Sequence[ManifestDocument], _neighbour: Neighbour) -> Inventory:
    from scanner.sources.dockerfile import read_dockerfile

    inventory = Inventory()
    for document in documents:
        resource, notifications = read_dockerfile(document.text, document.path)
        inventory.resources.append(resource)
        inventory.notifications += notifications
    return inventory


def _env_file_read(documents: Sequence[ManifestDocument], _neighbour: Neighbour) -> Inventory:
    from scanner.sources.env_file import read_env_file

    inventory = Inventory()
    for document in documents:
        resource, notifications = read_env_file(document.text, document.path)
        inventory.resources.append(resource)
        inventory.notifications += notifications
    return inventory


def _from_first(path: str, data: Bytes) -> bool:
    return not path.endswith((".yaml", ".yml", ".json")) and starts_as_dockerfile(data)


READERS: Final[tuple[Reader, ...]] = (
    Format(
        "Kubernetes",
        ("*/*",),
        _any(_all(Key("apiVersion"), Key("kind")), _named(r"kustomization(?:\.ya?ml)?")),
        _kubernetes_detects,
        _kubernetes_read,
        yaml_11=True,
    ),
    Format(
        "ECS",
        ("aws_ecs_task_definition", "aws_ecs_service"),
        _any(
            _all(Key("containerDefinitions")),
            _all(Key("serviceName")),
            _all(Key("service"), Key("taskDefinition")),
            _all(Key("service"), Key("desiredCount")),
        ),
        _ecs_detects,
        _ecs_read,
    ),
    Format(
        "GitHub Actions",
        ("github_workflow", "github_action"),
        _any(_all(Key("on", True), Key("jobs", True)), _all(Key("runs", True), Key("using"))),
        _workflow_detects,
        _workflow_read,
    ),
    Format(
        "Compose",
        ("compose_file", "compose_service"),
        _all(Key("services", True)),
        _compose_detects,
        _compose_read,
    ),
    Format(
        "Prometheus",
        ("prometheus_config", "prometheus_rules", "alertmanager_config"),
        _any(
            _all(Key("scrape_configs", True)),
            _all(Key("global", True), Key("rule_files", True)),
            _all(Key("groups", True), Key("rules")),
            _all(Key("route", True), Key("receivers", True)),
        ),
        _prometheus_detects,
        _prometheus_read,
    ),
    Format(
        "Grafana",
        ("grafana_dashboard", "grafana_datasource"),
        _any(_all(Key("datasources", True), Key("apiVersion", True)), _all(Key("panels"), Key("title"))),
        _grafana_detects,
        _grafana_read,
    ),
    Format(
        "Dockerfile",
        ("dockerfile",),
        _any(
            _named(r"(?:docker|container)file(?!.*\.(?:md|txt|dockerignore|ya?ml|json)$)(?:[.\-_].*)?"),
            _named(r".*\.(?:docker|container)file"),
            _from_first,
        ),
        _nothing,
        _dockerfile_read,
        Syntax.TEXT,
    ),
    Format(
        "environment file",
        ("env_file",),
        _named(r"(?!.*\.(?:example|sample|template|dist|tpl|enc)(?:\.env)?$)(?:\.env(?:\..*)?|.*\.env)"),
        _nothing,
        _env_file_read,
        Syntax.TEXT,
    ),
)
"""Asked in this order; a document belongs to the first that detects it."""
