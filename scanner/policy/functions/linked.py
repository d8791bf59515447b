"""Links between resources as policy functions follow them: in both directions, with what may be linked besides."""

from __future__ import annotations

from dataclasses import dataclass, field

from scanner.model.path import Found, lookup
from scanner.model.resource import Resource
from scanner.model.value import Reason, Unknown, Value
from scanner.model.words import Words
from scanner.policy.links import Mention, bare, mentions, same_address, settled
from scanner.policy.world import World, hidden_by


@dataclass(slots=True)
class Doubt:
    """Something that may be linked: why it is not known, and the value that would tell."""

    unknown: Unknown
    value: Value | None = None


@dataclass(slots=True)
class Linked:
    """The resources at the other end of a link, each with the value that refers to it, and what may be linked too."""

    certain: list[tuple[Resource, Value]] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    outside: list[Mention] = field(default_factory=list)


def referring(world: World, types: tuple[str, ...], through: str, target: Resource) -> Linked:
    """The resources of some types whose attribute refers to `target`."""
    linked = Linked()
    certain, possible = world.backlinks(types, through).to(target)
    linked.certain = [(source, _first(source, through)) for source in certain if source.undecided is None]
    linked.doubts = [
        Doubt(source.undecided.raw, source.undecided)
        for source in certain
        if source.undecided is not None and isinstance(source.undecided.raw, Unknown)
    ]
    for source, mention in possible.values():
        if source.root == target.root:
            linked.doubts.append(Doubt(mention.opaque or UNSURE, mention.value))
    notification = world.hidden(types)
    if notification is not None:
        linked.doubts.append(Doubt(hidden_by(notification)))
    return linked


def referred(world: World, source: Resource, through: str, types: tuple[str, ...]) -> Linked:
    """The resources of some types that an attribute of `source` refers to; `outside` are texts and other references."""
    return reached(world, source, lookup(source.attributes, through), types)


def reached(world: World, source: Resource, found: list[Found], types: tuple[str, ...]) -> Linked:
    """The same for values that are at hand; `source` is the resource that they belong to."""
    linked = Linked()
    for mention in mentions(found):
        hits = _targets(world, source, mention, types)
        if hits and settled(mention):
            linked.certain += [(resource, mention.value) for resource, sure in hits if sure]
            linked.doubts += [Doubt(UNSURE, mention.value) for _, sure in hits if not sure]
        elif mention.opaque is not None:
            linked.doubts.append(Doubt(mention.opaque, mention.value))
        elif not hits:
            linked.outside.append(mention)
    return linked


def _targets(world: World, source: Resource, mention: Mention, types: tuple[str, ...]) -> list[tuple[Resource, bool]]:
    """The resources that a value names, and whether it certainly does."""
    hits = {
        id(resource): (resource, ref.certain)
        for ref in mention.refs
        for resource in world.at(source.root if ref.root is None else ref.root, bare(ref.address))
        if resource.type in types and same_address(ref.address, resource.address)
    }
    if not hits and mention.text:
        hits = {id(resource): (resource, True) for resource in world.named(types, mention.text)}
    return list(hits.values())


def _first(resource: Resource, through: str) -> Value:
    return lookup(resource.attributes, through)[0].value


UNSURE = Unknown(Reason.UNSUPPORTED, Words("it may refer to another resource", "다른 리소스를 참조할 수 있음"))
