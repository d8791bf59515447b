"""Resources as values: their attributes, and Terraform's meta-arguments as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Protocol

from scanner.model.location import Location
from scanner.model.value import Reason, Reference, Value
from scanner.sources.terraform.body import Attribute, Block
from scanner.sources.terraform.body_object import BodyObject
from scanner.sources.terraform.data_sources import computed
from scanner.sources.terraform.names import static_names
from scanner.sources.terraform.scope import Scope

_META: Final = frozenset({"count", "for_each", "connection", "provisioner"})


class Owner(Protocol):
    """The module instance that a resource is in."""

    @property
    def address(self) -> str:
        """Its address, empty for the root module."""

    def provider(self, type_: str, name: str | None) -> Value | None:
        """The provider configuration for a resource type, or the one named."""


class ResourceObject(BodyObject):
    """One instance of a resource or data source."""

    __slots__ = ("block", "owner", "type")

    def __init__(self, block: Block, scope: Scope, address: str, type_: str, owner: Owner) -> None:
        reason = Reason.DATA_SOURCE if type_.startswith("data.") else Reason.COMPUTED
        super().__init__(block.body, scope, address, reason)
        self.block = block
        self.type = type_
        self.owner = owner

    def __getitem__(self, name: str) -> Value:
        if name in _META:
            raise KeyError(name)
        if name == "provider":
            return self._provider()
        if name == "depends_on" and (written := self.body.find(name)) is not None:
            return self._depends_on(written)
        if name == "lifecycle":
            return self._lifecycle()
        return super().__getitem__(name)

    def __iter__(self) -> Iterator[str]:
        yield from (name for name in super().__iter__() if name not in _META and name != "provider")
        if self.configuration() is not None:
            yield "provider"

    def __contains__(self, name: object) -> bool:
        if name == "provider":
            return self.configuration() is not None
        return name not in _META and super().__contains__(name)

    @property
    def place(self) -> Location:
        """The header."""
        return self.block.location

    def attribute(self, name: str) -> Value:
        """What an expression gets; some data sources can be computed from their arguments."""
        if self.reason is Reason.DATA_SOURCE:
            value = computed(self.type, name, self)
            if value is not None:
                return value.with_(refs=(Reference(self.address, name),))
        return super().attribute(name)

    def arguments(self) -> Mapping[str, Value]:
        """All arguments as written."""
        return self

    def configuration(self) -> Value | None:
        """The provider configuration that it uses."""
        written = self.body.find("provider")
        name = next((text for text, _ in static_names(written.expression)), None) if written else None
        return self.owner.provider(self.type, name)

    def _provider(self) -> Value:
        value = self.configuration()
        if value is None:
            raise KeyError("provider")
        return value

    def _depends_on(self, attribute: Attribute) -> Value:
        prefix = f"{self.owner.address}." if self.owner.address else ""
        items = [
            Value(prefix + name, location or attribute.location, refs=(Reference(prefix + name),))
            for name, location in static_names(attribute.expression)
        ]
        return Value(tuple(items), attribute.location)

    def _lifecycle(self) -> Value:
        items = [Value(self._lifecycle_of(block), block.location) for block in self.body.of_type("lifecycle")]
        if not items:
            raise KeyError("lifecycle")
        return Value(tuple(items), items[0].location)

    def _lifecycle_of(self, block: Block) -> dict[str, Value]:
        scope = self.scope.nested({"self": Value(self, self.place, refs=(Reference(self.address),))})
        content = BodyObject(block.body, scope, self.address, self.reason, "lifecycle.")
        result: dict[str, Value] = {}
        for name in content:
            attribute = block.body.attributes.get(name)
            if attribute is not None and name in ("ignore_changes", "replace_triggered_by"):
                names = static_names(attribute.expression)
                items = tuple([Value(text, location or attribute.location) for text, location in names])
                result[name] = Value(items, attribute.location)
            else:
                result[name] = content[name]
        return result
