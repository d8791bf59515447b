"""What code only refers to, as the account has it: values are completed through the pairs that are known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from scanner.model.path import lookup
from scanner.model.resource import Resource
from scanner.model.value import Reason, Reference, Unknown, Value, fields_of, shape_of

_NAMES: Final = (
    "id", "arn", "name", "bucket", "identifier", "cluster_identifier", "replication_group_id", "function_name",
    "key_id",
)  # fmt: skip
_ALIASES: Final = {"aws_kms_alias": ("target_key_arn", "target_key_id")}
"""Attributes of a resource that only gives another one a further name."""
_LOOKED_UP: Final = re.compile(
    r"\$\{[^}]*\bdata\.aws_(caller_identity|region|partition)\.[^.}]+\.(account_id|id|name|region|partition)\}"
)


class Names:
    """The resources of an account by every text that names them."""

    def __init__(self, live: Iterable[Resource]) -> None:
        self._by_text: dict[str, list[Resource]] = {}
        for resource in live:
            for text in names_of(resource):
                self._by_text.setdefault(text.lower() if _any_case(text) else text, []).append(resource)

    def of(self, text: str) -> list[Resource]:
        """The resources that a text names."""
        return self._by_text.get(text.lower() if _any_case(text) else text, [])

    def same(self, one: str, other: str) -> bool:
        """Whether two texts name one resource."""
        if one == other:
            return True
        others = {id(resource) for resource in self.of(other)}
        return any(id(resource) in others for resource in self.of(one))


def _any_case(text: str) -> bool:
    return text.startswith("/subscriptions/")


def names_of(resource: Resource) -> set[str]:
    """The texts by which others may name a resource."""
    names = {text for text in resource.identity.values() if text}
    fields = fields_of(resource.attributes)
    for key in (*_NAMES, *_ALIASES.get(resource.type, ())):
        raw = item.raw if (item := fields.get(key)) is not None else None
        if isinstance(raw, str) and raw:
            names.add(raw)
    return names


class Resolver:
    """Completes values of code by the resources of the account that theirs are paired with.

    stored  the resources of a Terraform state by address: what they knew when they were last applied
    """

    def __init__(self, live: Iterable[Resource], stored: Mapping[str, Resource]) -> None:
        found = list(live)
        self.names = Names(found)
        self._paired: dict[tuple[str, str], Resource] = {}
        self._stored = stored
        self._account = _only(resource.root.partition("/")[0] for resource in found)

    def pair(self, code: Resource, live: Resource) -> None:
        """Records which resource of the account a resource of code is."""
        self._paired[code.root, code.address] = live

    def live(self, root: str, address: str) -> Resource | None:
        """The resource of the account that one of code is; None where that is not known."""
        return self._paired.get((root, address))

    def value(self, value: Value, home: Resource) -> Value:
        """The value, completed as far as everything that it refers to is known.

        `home` is the resource of code that it belongs to.
        """
        if not isinstance(value.raw, Unknown):
            return value
        whole = _whole(value)
        if whole is not None and (found := self._attribute(whole, home)) is not None:
            return Value(found.raw, value.location, value.hops, value.refs, value.sensitive or found.sensitive)
        text = self.text(value, home)
        if text is None:
            return value
        return Value(text, value.location, value.hops, value.refs, value.sensitive)

    def text(self, value: Value, home: Resource) -> str | None:
        """The text of a value; None where it is none, or a part of it is not known."""
        text = shape_of(value)
        if text is None or "${" not in text or not isinstance(value.raw, Unknown):
            return text if isinstance(value.raw, str) else None
        for ref in value.refs:
            hole = "${" + f"{ref.address}.{ref.attribute}" + "}"
            if hole in text and (found := self._attribute(ref, home)) is not None and isinstance(found.raw, str):
                text = text.replace(hole, found.raw)
        text = _LOOKED_UP.sub(lambda match: self._looked_up(match, home), text)
        return None if "${" in text else text

    def _looked_up(self, match: re.Match[str], home: Resource) -> str:
        kind, attribute = match[1], match[2]
        found: str | None = None
        if kind == "caller_identity" and attribute in ("account_id", "id"):
            found = self._account
        elif kind == "region":
            found = region_of(home)
        elif kind == "partition":
            found = "aws"
        return found or match[0]

    def _attribute(self, ref: Reference, home: Resource) -> Value | None:
        """An attribute of a paired resource, else of the state; None where it is not known."""
        root = home.root if ref.root is None else ref.root
        for resource in (self._paired.get((root, ref.address)), self._stored.get(ref.address)):
            found = _known(resource, ref.attribute) if resource else None
            if found is not None:
                return found
        return None


def _known(resource: Resource, attribute: str) -> Value | None:
    try:
        found = lookup(resource.attributes, attribute)
    except ValueError:
        return None
    if len(found) == 1 and not found[0].value.is_absent and not found[0].value.is_unknown:
        return found[0].value
    named = resource.identity.get(attribute)
    return Value(named) if named else None


def _whole(value: Value) -> Reference | None:
    """The reference that a value is, and nothing else."""
    raw = value.raw
    if not isinstance(raw, Unknown) or raw.reason is not Reason.COMPUTED:
        return None
    for ref in value.refs:
        if value.shape == "${" + f"{ref.address}.{ref.attribute}" + "}":
            return ref
    return None


def region_of(resource: Resource) -> str | None:
    """The region of a resource, where its provider or its account says so."""
    fields = fields_of(resource.attributes)
    own = fields.get("region")
    if own is not None and isinstance(own.raw, str):
        return own.raw
    region = fields_of(fields.get("provider")).get("region")
    return region.raw if region is not None and isinstance(region.raw, str) else None


def _only(texts: Iterable[str]) -> str | None:
    found = {text for text in texts if text}
    return found.pop() if len(found) == 1 else None
