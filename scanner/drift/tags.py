"""The tags that a resource of code ends up with: its own over those that its provider gives to everything."""

from __future__ import annotations

from scanner.model.path import lookup
from scanner.model.resource import Resource
from scanner.model.value import Unknown, Value, fields_of


def effective_tags(resource: Resource, name: str = "tags") -> Value:
    """The tags as an account has them; unknown where the names of some are not known."""
    whole = fields_of(resource.attributes).get("tags_all") if name == "tags" else None
    if whole is not None and isinstance(whole.raw, dict):
        return whole
    own = fields_of(resource.attributes).get(name)
    if own is not None and isinstance(own.raw, Unknown):
        return own
    if name != "tags" or not resource.type.startswith("aws_"):
        return Value(dict(fields_of(own)))
    found = lookup(resource.attributes, "provider.default_tags.tags")
    unknown = next((item.value for item in found if item.value.is_unknown), None)
    if unknown is not None:
        return unknown
    merged = {key: item for each in found for key, item in fields_of(each.value).items()}
    return Value({**merged, **fields_of(own)})
