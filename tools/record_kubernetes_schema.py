"""Turns published definitions of Kubernetes kinds into the compact facts that the scanner reads.

    python tools/record_kubernetes_schema.py scanner/facts/schemas/kubernetes.jsonl swagger.json crds/*.yaml

`swagger.json` is `api/openapi-spec/swagger.json` of a Kubernetes release; its stable versions are recorded. The other
files are CustomResourceDefinitions as their projects publish them; every served version is recorded.
Recorded so far: Kubernetes 1.36; Argo CD 3.5, Argo Rollouts 1.9, KEDA 2.20, cert-manager 1.21, prometheus-operator
0.93, Secrets Store CSI driver 1.6.

The format is that of tools/record_provider_schema.py, with `apps/v1/Deployment` as the name of a type. Lists of objects
are blocks of nesting `list`, objects are blocks of nesting `single`; what only the cluster writes is computed.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from record_provider_schema import compact, write

MAX_DEPTH = 14
"""Definitions may contain themselves (JSON schemas, generators of generators): what is deeper is kept as `any`."""
_STABLE = re.compile(r"v\d+")
_SCALARS = {"string": "string", "integer": "number", "number": "number", "boolean": "bool"}
_REFERENCE = "#/definitions/"
_SERVER = frozenset(
    {"creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields",
     "resourceVersion", "selfLink", "uid"}
)  # fmt: skip
_SENSITIVE = {"v1/Secret": ("data", "stringData")}


def main(target: str, swagger: str, *definitions: str) -> None:
    """Reads what Kubernetes and other projects publish, and writes the facts to `target`."""
    data = json.loads(Path(swagger).read_text(encoding="utf-8"))["definitions"]
    reader = Reader(data)
    metadata = {"$ref": f"{_REFERENCE}io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}
    found = {name: reader.type(name, schema) for name, schema in built_in(data)}
    for path in definitions:
        for name, schema in custom(path, metadata):
            found[name] = reader.type(name, schema)
    write(target, {name: compact(body) for name, body in found.items()})


def built_in(data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every kind of object in a stable version."""
    for schema in data.values():
        kinds = schema.get("x-kubernetes-group-version-kind", ())
        if len(kinds) != 1 or "metadata" not in schema.get("properties", {}) or kinds[0]["kind"].endswith("List"):
            continue
        group, version, kind = (kinds[0][key] for key in ("group", "version", "kind"))
        if _STABLE.fullmatch(version):
            yield f"{group}/{version}/{kind}" if group else f"{version}/{kind}", schema


def custom(path: str, metadata: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every served version of the definitions in a file."""
    import yaml

    for document in yaml.load_all(Path(path).read_text(encoding="utf-8"), yaml.CBaseLoader):
        if not document or document.get("kind") != "CustomResourceDefinition":
            continue
        spec = document["spec"]
        for version in spec["versions"]:
            schema = version.get("schema", {}).get("openAPIV3Schema")
            if version.get("served") == "true" and schema:
                whole = {**schema, "properties": {**schema.get("properties", {}), "metadata": metadata}}
                yield f"{spec['group']}/{version['name']}/{spec['names']['kind']}", whole


class Reader:
    """Turns OpenAPI schemas into the short form."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions

    def type(self, name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The schema of a whole type."""
        body = self._object(schema, 0)
        for key in _SENSITIVE.get(name, ()):
            flags, _, type_ = body["a"][key].partition(" ")
            body["a"][key] = f"{flags}s {type_}"
        return body

    def _object(self, schema: Mapping[str, Any], depth: int, *, server: bool = False) -> dict[str, Any]:
        attributes: dict[str, str] = {}
        blocks: dict[str, Any] = {}
        required = schema.get("required", ())
        metadata = schema.get("properties", {}).keys() >= _SERVER
        for name, part in schema.get("properties", {}).items():
            computed = server or (depth == 0 and name == "status") or (metadata and name in _SERVER)
            kind, inner = self._resolve(part)
            if depth < MAX_DEPTH and kind in ("single", "list"):
                block = self._object(inner, depth + 1, server=computed)
                blocks[name] = block | ({"n": "single"} if kind == "single" else {})
                continue
            flag = "c" if computed else "r" if name in required else "o"
            attributes[name] = f"{flag} {'any' if kind in ('single', 'list') else kind}"
        return ({"a": attributes} if attributes else {}) | ({"b": blocks} if blocks else {})

    def _resolve(self, schema: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """The kind of a schema: single or list for objects with known fields, else the type of an attribute."""
        schema = self._follow(schema)
        type_ = schema.get("type")
        if schema.get("x-kubernetes-int-or-string") or schema.get("format") == "int-or-string":
            return "any", schema
        if schema.get("properties"):
            return "single", schema
        if type_ == "array":
            kind, inner = self._resolve(schema.get("items", {}))
            return ("list", inner) if kind == "single" else (f"list({'any' if kind == 'list' else kind})", inner)
        if type_ == "object" and schema.get("additionalProperties"):
            kind, inner = self._resolve(schema["additionalProperties"])
            return f"map({'any' if kind in ('single', 'list') else kind})", inner
        if type_ == "object" and not schema.get("x-kubernetes-preserve-unknown-fields"):
            return "map(any)", schema
        return _SCALARS.get(str(type_), "any"), schema

    def _follow(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        reference = schema.get("$ref")
        if reference is None and len(schema.get("allOf", ())) == 1:
            reference = schema["allOf"][0].get("$ref")
        return self._definitions[reference.removeprefix(_REFERENCE)] if reference else schema


if __name__ == "__main__":
    main(*sys.argv[1:])
