"""What nobody declares, and nobody misses in code: what a cloud makes by itself, and what code only looks up."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scanner.drift.data import keys_of, made
from scanner.drift.identify import code_keys, live_key
from scanner.drift.resolve import Resolver
from scanner.model.path import as_text
from scanner.model.resource import Resource
from scanner.model.value import fields_of


class ByItself:
    """Recognises, among the resources of an account, what the cloud made by itself (made.tsv)."""

    def __init__(self, live: Iterable[Resource]) -> None:
        self._main = {
            as_text(value)
            for resource in live
            if resource.type == "aws_main_route_table_association"
            and (value := fields_of(resource.attributes).get("route_table_id")) is not None
        }

    def __contains__(self, resource: Resource) -> bool:
        if resource.type == "aws_route_table" and resource.identity.get("id") in self._main:
            return True
        for entry in made(resource.type):
            value = fields_of(resource.attributes).get(entry.path)
            text = as_text(value) if value is not None else resource.identity.get(entry.path)
            if text and re.search(entry.pattern, text):
                return True
        return False


class LookedUp:
    """Recognises what data sources of the code name: it is made elsewhere, and the code knows it."""

    def __init__(self, code: Iterable[Resource], resolver: Resolver) -> None:
        self._named: set[tuple[str, ...]] = set()
        for resource in code:
            if resource.type.startswith("data."):
                type_ = resource.type.removeprefix("data.")
                for key in keys_of(type_).alternatives:
                    for texts in code_keys(resource, key, resolver) or ():
                        self._named.add((type_, *key, *(text.rstrip(".").lower() for text in texts)))

    def __contains__(self, resource: Resource) -> bool:
        for key in keys_of(resource.type).alternatives:
            texts = live_key(resource, key)
            if texts and (resource.type, *key, *(text.rstrip(".").lower() for text in texts)) in self._named:
                return True
        return False
