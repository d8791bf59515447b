"""What a cloud makes by itself: nobody declares it, so nobody misses it in code."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scanner.drift.data import made
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
