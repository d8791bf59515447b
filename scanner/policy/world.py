"""What conditions are decided in: the inventory, the facts, the bound components, and what was worked out already."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, TypeVar

from scanner.model.inventory import Inventory, Notification
from scanner.model.path import Found, lookup
from scanner.model.resource import Origin, Resource
from scanner.model.resource_type import Default, Facts
from scanner.model.value import Reason, Unknown, Value, from_plain
from scanner.model.words import Words
from scanner.policy.evidence import Outcome
from scanner.policy.links import Backlinks, attribute_values, by_bare_address, by_identity, mentions

_Kept = TypeVar("_Kept")
_INDEX = re.compile(r"\[[^\]]*\]")
_MOST_OUTCOMES = 100_000
"""So many outcomes are remembered at once: more than any code has, few enough for an organisation's accounts."""


@dataclass(slots=True)
class Members:
    """The resources of a component: certain ones, possible ones, and why more may exist."""

    certain: list[Resource]
    possible: list[Resource] = field(default_factory=list)
    hidden: Unknown | None = None


class Components(Protocol):
    """Answers which resources a component of the baseline stands for (scanner.policy.bind)."""

    def knows(self, name: str) -> bool:
        """Whether the baseline has a component of that name."""

    def members(self, name: str) -> Members:
        """The resources bound to a component; none where the code has none."""


@dataclass(slots=True)
class Subject:
    """Where a condition is decided: paths start at `root`, which lies at `prefix` of `resource`.

    `tested` is the resource under test, which `value: {path: …}` speaks of; None for conditions over sets.
    """

    world: World
    resource: Resource | None
    root: Value
    prefix: str
    tested: Resource | None


Check: TypeAlias = Callable[[Subject], Outcome]


class World:
    """One evaluation's inventory and facts, with indexes that are built when they are first needed.

    `everything` also has what belongs to other environments, for the few rules that compare them.
    """

    def __init__(
        self,
        inventory: Inventory,
        facts: Facts,
        components: Components | None = None,
        everything: Inventory | None = None,
    ) -> None:
        self.inventory = inventory
        self.everything = everything or inventory
        self.facts = facts
        self.components = components
        self._defaults: dict[tuple[str, str], tuple[Value, Default] | None] = {}
        self._computed: dict[tuple[str, str], bool] = {}
        self._backlinks: dict[tuple[tuple[str, ...], str | None], Backlinks] = {}
        self._identities: dict[tuple[str, ...], dict[str, list[Resource]]] = {}
        self._addresses: dict[tuple[str, str], list[Resource]] | None = None
        self._outcomes: dict[tuple[int, int], tuple[Check, Outcome]] = {}
        self._kept: dict[Callable[[Inventory], Any], Any] = {}

    def subject(self, resource: Resource, tested: Resource | None) -> Subject:
        """A resource as the place where a condition is decided."""
        return Subject(self, resource, resource.attributes, "", tested)

    def decide(self, check: Check, resource: Resource) -> Outcome:
        """The outcome of a condition on a resource under test, worked out once."""
        key = (id(check), id(resource))
        known = self._outcomes.get(key)
        if known is None:
            if len(self._outcomes) >= _MOST_OUTCOMES:
                self._outcomes.clear()
            known = (check, check(self.subject(resource, resource)))
            self._outcomes[key] = known
        return known[1]

    def forget(self) -> None:
        """Drops the outcomes that `decide` remembers: after a rule whose conditions no other one shares."""
        self._outcomes.clear()

    def kept(self, made: Callable[[Inventory], _Kept]) -> _Kept:
        """What a class makes of the inventory, made once."""
        if made not in self._kept:
            self._kept[made] = made(self.inventory)
        found: _Kept = self._kept[made]
        return found

    def default(self, resource: Resource | None, path: str) -> tuple[Value, Default] | None:
        """The provider's default for a path of a resource (indexes and selections are ignored)."""
        if resource is None:
            return None
        key = (resource.type, path)
        if key not in self._defaults:
            self._defaults[key] = _readable(self.facts.default(resource.type, _INDEX.sub("", path)))
        return self._defaults[key] or _readable(self.facts.default(resource.type, path, resource.attributes))

    def computed(self, resource: Resource | None, path: str) -> Unknown | None:
        """Why an absent attribute is not absent after all: in code, what only the provider sets is not known."""
        if resource is None or resource.origin not in (Origin.TERRAFORM, Origin.PLAN):
            return None
        key = (resource.type, path)
        if key not in self._computed:
            self._computed[key] = self._only_computed(resource.type, _INDEX.sub("", path))
        if not self._computed[key]:
            return None
        return Unknown(
            Reason.COMPUTED, Words(f"{path} is set by the provider when it applies", f"{path} 값은 적용 시점에 정해짐")
        )

    def _only_computed(self, type_: str, path: str) -> bool:
        schema = self.facts.schema(type_)
        for name in path.split("."):
            if schema is None:
                return False
            attribute = schema.attributes.get(name)
            if attribute is not None:
                return attribute.computed and not attribute.optional and not attribute.required
            schema = schema.blocks.get(name)
        return False

    def sensitive(self, resource: Resource | None, path: str | None) -> bool:
        """Whether the provider calls the attribute sensitive."""
        if resource is None or not path:
            return False
        return self.facts.sensitive(resource.type, _INDEX.sub("", path))

    def hidden(self, types: tuple[str, ...]) -> Notification | None:
        """Why resources of one of these types may be missing from the inventory."""
        for type_ in types:
            notification = self.inventory.may_hide(type_)
            if notification is not None:
                return notification
        return None

    def of_types(self, types: tuple[str, ...]) -> list[Resource]:
        """All resources of some types."""
        if len(types) == 1:
            return self.inventory.of_type(types[0])
        return [resource for type_ in types for resource in self.inventory.of_type(type_)]

    def at(self, root: str, bare_address: str) -> list[Resource]:
        """The resources at an address without instance keys."""
        if self._addresses is None:
            self._addresses = by_bare_address(self.inventory)
        return self._addresses.get((root, bare_address), [])

    def named(self, types: tuple[str, ...], text: str) -> list[Resource]:
        """The resources of some types that `text` names."""
        if types not in self._identities:
            self._identities[types] = by_identity(self.of_types(types))
        return self._identities[types].get(text, [])

    def backlinks(self, types: tuple[str, ...], through: str | None) -> Backlinks:
        """Who refers to whom, for resources of some types through one attribute (None: any)."""
        key = (types, through)
        if key not in self._backlinks:
            links = Backlinks()
            for resource in self.of_types(types):
                for mention in mentions(linking_values(resource.attributes, through)):
                    links.add(resource, mention)
            self._backlinks[key] = links
        return self._backlinks[key]


def _readable(default: Default | None) -> tuple[Value, Default] | None:
    return None if default is None else (from_plain(default.value), default)


def linking_values(root: Value, through: str | None) -> list[Found]:
    """The values that may link: those at a path, or those of every attribute."""
    return attribute_values(root) if through is None else lookup(root, through)


def hidden_by(notification: Notification) -> Unknown:
    """The reason that stands for what could not be read."""
    where = f" ({notification.location})" if notification.location else ""
    what = f"{notification.what}{where}"
    return Unknown(Reason.UNREADABLE, Words(f"something could not be read: {what}", f"읽지 못한 것이 있음: {what}"))
