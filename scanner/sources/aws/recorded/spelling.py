"""One spelling for what AWS Config writes in several: keys get the names that botocore's shapes have.

Config writes the same answer as `dBInstanceIdentifier`, `dbinstanceIdentifier` or `DBInstanceIdentifier`, by the client
library that recorded the type; without their case the names agree. Words may be wrapped (`{"value": "available"}`),
and policy documents are percent-encoded, as IAM answers them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final
from urllib.parse import unquote

from botocore.loaders import create_loader
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape

_MILLISECONDS: Final = 100_000_000_000
_TAG_NAMES: Final = (("Key", "Value"), ("key", "value"), ("TagKey", "TagValue"))


class Speller:
    """Gives data the spelling of the shapes of a service."""

    def __init__(self, service: str, texts: Mapping[str, str] | None = None) -> None:
        self._service = service
        self._texts = texts or {}

    def spelt(self, data: Any, shape: str, rename: Mapping[str, str] | None = None) -> Any:
        """The data in the form of a shape; what does not fit into it stays as it is."""
        renamed = {name.lower(): other for name, other in (rename or {}).items()}
        return self._of(data, _shape(self._service, shape), renamed)

    def tag_fields(self, shape: str) -> tuple[str, ...]:
        """The fields of a form that hold tags."""
        return tuple(name for name in ("Tags", "TagList", "tags") if name in _members(self._service, shape).values())

    def tags(self, tags: Mapping[str, str], shape: str, field: str) -> list[dict[str, str]]:
        """Tags as the pairs that a field of a form has."""
        structure = _shape(self._service, shape)
        assert isinstance(structure, StructureShape)
        listed = structure.members[field]
        pair = listed.member if isinstance(listed, ListShape) else None
        names = pair.members if isinstance(pair, StructureShape) else {}
        key, value = next((own for own in _TAG_NAMES if own[0] in names), _TAG_NAMES[0])
        return [{key: name, value: text} for name, text in tags.items()]

    def _of(self, data: Any, shape: Shape, rename: Mapping[str, str]) -> Any:
        if isinstance(shape, StructureShape):
            return self._structure(data, shape, rename)
        if isinstance(shape, ListShape) and isinstance(data, list):
            return [self._of(item, shape.member, rename) for item in data]
        if isinstance(shape, MapShape) and isinstance(data, dict):
            return {name: self._of(item, shape.value, rename) for name, item in data.items()}
        return _scalar(data, shape) if not isinstance(shape, ListShape | MapShape) else data

    def _structure(self, data: Any, shape: StructureShape, rename: Mapping[str, str]) -> Any:
        if isinstance(data, str) and shape.name in self._texts:
            return {self._texts[shape.name]: data}
        if not isinstance(data, dict):
            return data
        members = _members(self._service, shape.name)
        found: dict[str, Any] = {}
        for key, item in data.items():
            name = members.get(rename.get(key.lower(), key).lower(), key)
            given = self._of(item, shape.members[name], rename) if name in shape.members else item
            if name not in found or _tells_more(given, item):
                found[name] = given
        return found


def _tells_more(given: Any, item: Any) -> bool:
    """Whether this one of two spellings of a list is kept: the one whose elements are objects, if it has any."""
    return bool(given) and not (isinstance(item, list) and item and isinstance(item[0], str))


def _scalar(data: Any, shape: Shape) -> Any:
    if isinstance(data, dict) and data.keys() == {"value"}:
        data = data["value"]
    if shape.type_name == "timestamp" and isinstance(data, int | float) and not isinstance(data, bool):
        seconds = data / 1000 if data > _MILLISECONDS else data
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if shape.type_name == "string":
        if isinstance(data, str) and data.startswith("%7B"):
            return unquote(data)
        if isinstance(data, dict | list):
            return json.dumps(data, sort_keys=True)
    return data


@cache
def _model(service: str) -> ServiceModel:
    return ServiceModel(create_loader().load_service_model(service, "service-2"), service)


@cache
def _shape(service: str, name: str) -> Shape:
    """A form by its name; botocore resolves what is below it once for each object."""
    return _model(service).shape_for(name)


@cache
def _members(service: str, shape: str) -> Mapping[str, str]:
    """The fields of a form by their names in lower case."""
    structure = _shape(service, shape)
    assert isinstance(structure, StructureShape)
    return {name.lower(): name for name in structure.members}
