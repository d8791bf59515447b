"""What the readers of all clouds share: values into numbers and peers, references into names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias, TypeGuard

from scanner.model.inventory import Inventory
from scanner.model.resource import Resource
from scanner.model.value import ABSENT, Raw, Reason, Reference, Unknown, Value
from scanner.network.intervals import Intervals
from scanner.network.peers import ANY, Kind, Name, Peers, any_of, cidr
from scanner.network.services import ANY_PROTOCOL, Direction, all_services, icmp, is_icmp, ports, protocol_number

Read: TypeAlias = "tuple[Peers, Unknown | None]"
_KEY: Final = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]')
_NOTHING: Final = Value(ABSENT)
_IDENTIFYING: Final = ("", "id", "arn", "name", "security_group_id", "network_acl_id", "prefix_list_id")
_SETTLED: Final = (Reason.COMPUTED, Reason.DATA_SOURCE)


def bare(address: str) -> str:
    """An address without instance keys."""
    return _KEY.sub("", address) if "[" in address else address


def resource_type(address: str) -> str:
    """The type in a resource address; `data.` types keep the prefix."""
    names = bare(address).split(".")
    while len(names) > 2 and names[0] == "module":
        names = names[2:]
    return ".".join(names[:2]) if names[0] == "data" else names[0]


def item(parent: Value, key: str) -> Value:
    """A field of an object, reached through it: with its hops, and at its place where it has none of its own."""
    raw = parent.raw
    if type(raw) is Unknown:
        return Value(raw, parent.location, parent.hops, parent.refs)
    found = raw.get(key) if type(raw) is dict or isinstance(raw, Mapping) else None
    if found is None:
        return Value(ABSENT, parent.location) if parent.location else _NOTHING
    if parent.hops or found.location is None:
        return found.with_(location=parent.location, hops=parent.hops)
    return found


def items(value: Value) -> list[Value]:
    """The elements of a list or set; nothing where it is absent; a value that is no list (or unknown) stays alone."""
    raw = value.raw
    if raw is ABSENT or raw is None:
        return []
    if is_list(raw):
        if value.hops:
            return [element.with_(location=value.location, hops=value.hops) for element in raw]
        return [element if element.location else element.with_(location=value.location) for element in raw]
    return [value]


def is_list(raw: Raw) -> TypeGuard[Sequence[Value]]:
    """Whether the data of a value is a list or set."""
    return type(raw) is tuple or (isinstance(raw, Sequence) and not isinstance(raw, str))


def text(value: Value) -> str | None:
    """A known scalar as text, None for everything else."""
    raw = value.raw
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return str(raw) if isinstance(raw, int | Decimal) else None


def number(value: Value) -> int | None:
    """A known whole number, also written as text."""
    raw = value.raw
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int):
        return raw
    if isinstance(raw, str) and re.fullmatch(r"\s*-?\d+\s*", raw):
        return int(raw)
    return None


def truth(value: Value) -> bool | None:
    """A known boolean, also written as text; absent is false."""
    if value.is_absent:
        return False
    found = text(value)
    return {"true": True, "false": False}.get(found) if found else None


def why(*values: Value) -> Unknown | None:
    """The reason of the first unknown value."""
    for value in values:
        if isinstance(value.raw, Unknown):
            return value.raw
    return None


def unreadable(value: Value, what: str) -> Unknown:
    """The reason for a value that is known but makes no sense as what it should be."""
    return why(value) or Unknown(Reason.ERROR, f"{text(value) or 'the value'} is no {what}")


def unset(value: Value) -> bool:
    """Whether nothing is written: absent, or in a plan only known to the provider."""
    return value.is_absent or (
        isinstance(value.raw, Unknown) and value.raw.reason is Reason.COMPUTED and not value.refs and not value.hops
    )


def services_of(
    direction: Direction, protocol: Value, first: Value, last: Value, kind: tuple[Value, Value] | None = None
) -> tuple[Intervals, Unknown | None]:
    """The services of a rule as AWS writes it: `from_port` and `to_port` are type and code for ICMP.

    `kind` are ICMP type and code where a rule has attributes of their own for them.
    """
    name = text(protocol)
    if name is None:
        return all_services(direction), unreadable(protocol, "protocol")
    found = protocol_number(name)
    if found is None:
        return all_services(direction), unreadable(protocol, "protocol")
    if found == ANY_PROTOCOL:
        return all_services(direction), None
    low, high = kind if kind and is_icmp(found) else (first, last)
    reason = why(low, high)
    ends = (number(low), number(high))
    if is_icmp(found):
        type_, code = (-1 if end is None else end for end in ends)
        return icmp(direction, found, type_, code), reason
    if reason is None and (None in ends):
        reason = None if low.is_absent and high.is_absent else unreadable(high if ends[1] is None else low, "port")
    start = 0 if ends[0] is None else ends[0]
    end = 65535 if ends[1] is None else ends[1]
    return ports(direction, found, start, end), reason


def address_peer(value: Value) -> Read:
    """The peers of a network in CIDR notation; any address where it is not known."""
    written = text(value)
    peers = cidr(written) if written else None
    return (peers, None) if peers else (Peers(ANY.addresses), unreadable(value, "network"))


@dataclass
class Index:
    """Finds resources by what refers to them: by address (with or without instance key), or by an id or name."""

    inventory: Inventory
    types: tuple[str, ...]
    identities: tuple[str, ...]
    _by_address: dict[tuple[str, str], list[Resource]] = field(default_factory=dict)
    _by_text: dict[str, list[Resource]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for type_ in self.types:
            for resource in self.inventory.of_type(type_):
                self._by_address.setdefault((resource.root, bare(resource.address)), []).append(resource)
                for name in dict.fromkeys(self._names(resource)):
                    self._by_text.setdefault(name, []).append(resource)

    def _names(self, resource: Resource) -> Iterator[str]:
        for key in self.identities:
            found = text(item(resource.attributes, key))
            if found:
                yield found
        yield from resource.identity.values()

    def resources(self) -> Iterator[Resource]:
        """All resources of these types."""
        return (resource for type_ in self.types for resource in self.inventory.of_type(type_))

    def find(self, value: Value, root: str) -> list[Resource] | None:
        """The resources that a value refers to; none where it certainly refers to something else.

        None where nobody can tell: the value is unknown and its references do not settle what it is.
        """
        targets = [
            ref
            for ref in value.refs
            if ref.attribute.rpartition(".")[2] in _IDENTIFYING and resource_type(ref.address) in self.types
        ]
        written = text(value)
        if targets and (written is not None or settled(value)):
            found = [resource for ref in targets for resource in self.at(ref, root)]
            return list(dict.fromkeys(found)) if found else None
        if written is not None:
            return self._by_text.get(written, [])
        return [] if self.foreign(value) else None

    def foreign(self, value: Value) -> bool:
        """Whether a value is the id of something that the provider makes on its own, such as a cluster's group."""
        if not settled(value) or len(value.refs) != 1:
            return False
        ref = value.refs[0]
        return ref.attribute.endswith("security_group_id") and not resource_type(ref.address).startswith("data.")

    def at(self, ref: Reference, root: str) -> list[Resource]:
        """The resources at an address; every instance where it names none."""
        candidates = self._by_address.get((root, bare(ref.address)), [])
        exact = [resource for resource in candidates if resource.address == ref.address]
        if exact:
            return exact
        # A key that no instance has points at something that does not exist; no key means all of them.
        return candidates if ref.address == bare(ref.address) or len(candidates) == 1 else []


def settled(value: Value) -> bool:
    """Whether an unknown value's references say what it is (a choice that depends on an unset variable does not)."""
    raw = value.raw
    return not isinstance(raw, Unknown) or raw.reason in _SETTLED


def name_of(kind: Kind, resource: Resource) -> Name:
    """The name by which flows speak of a resource of this inventory."""
    return Name(kind, resource.address, resource.root)


def linked_peer(index: Index, kind: Kind, value: Value, root: str) -> Read:
    """The peers of a value that refers to a group or prefix list; any of that kind where it cannot be told."""
    found = index.find(value, root)
    if found:
        names = frozenset(name_of(kind, resource) for resource in found)
        return Peers(names=names), None if len(found) == 1 else _ambiguous(value, found)
    written = text(value)
    if found is not None and written is not None:
        return Peers(names=frozenset([Name(kind, written)])), None
    if found is not None:
        ref = value.refs[0]
        return Peers(names=frozenset([Name(kind, f"{ref.address}.{ref.attribute}", root)])), None
    return any_of(kind), unreadable(value, kind.value)


def _ambiguous(value: Value, found: Sequence[Resource]) -> Unknown | None:
    """Why it is not known which of several groups is meant; a reference without key means every instance."""
    if len({bare(resource.address) for resource in found}) == 1:
        return None
    return Unknown(Reason.COMPUTED, f"which of {len(found)} resources is meant is not known: {value.refs[0].address}")


Reader: TypeAlias = Callable[[Value], Read]


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer as it is written: its attribute path, its value, and what that was read as."""

    path: str
    value: Value
    peers: Peers
    unknown: Unknown | None = None


def each_peer(parent: Value, key: str, reader: Reader) -> Iterator[Peer]:
    """Every peer written in an attribute, a list or a single value."""
    source = item(parent, key)
    if source.raw is ABSENT:
        return
    listed = is_list(source.raw)
    for at, element in enumerate(items(source)):
        if not element.is_absent:
            yield Peer(f"{key}[{at}]" if listed else key, element, *reader(element))


def first_of(*reasons: Unknown | None) -> Unknown | None:
    """The first reason that there is."""
    return next((reason for reason in reasons if reason is not None), None)


def undecided(resource: Resource) -> Unknown | None:
    """Why it is not known whether a resource exists."""
    return why(resource.undecided) if resource.undecided is not None else None


def hidden_by(inventory: Inventory, types: Iterable[str]) -> Unknown | None:
    """Why rules of these types may be missing from the inventory."""
    for type_ in types:
        notification = inventory.may_hide(type_)
        if notification is not None:
            return Unknown(Reason.UNREADABLE, notification.what)
    return None
