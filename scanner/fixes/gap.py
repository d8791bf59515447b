"""Where something that is not written would have to be written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scanner.fixes.obstacle import NoFix, Obstacle
from scanner.model.location import Location
from scanner.model.path import Index, Name, decoded, parse_path
from scanner.model.resource import Resource
from scanner.model.resource_type import Block, Facts
from scanner.model.value import Plain, Value
from scanner.policy.reporting import Locating


@dataclass(slots=True, frozen=True)
class Gap:
    """What is missing: `names` below the block or object at `place`.

    body     whether the place is a block's header (else a definition whose value is an object)
    schema   that of the block, where one is known
    null     where the attribute is written after all, as null
    """

    place: Location
    names: tuple[str, ...]
    body: bool
    schema: Block | None
    null: Location | None = None


def gap(resource: Resource, path: str, facts: Facts) -> Gap:
    """The gap at a path of a resource, as concrete as evidence gives it. Raises NoFix."""
    here, place = resource.attributes, resource.location
    schema = facts.schema(resource.type)
    names: list[str] = []
    for step in parse_path(path)[0]:
        if names:
            if not isinstance(step, Name):
                raise NoFix(Obstacle.DECISION)
            names.append(step.key)
            continue
        child = _child(here, step)
        if isinstance(step, Name) and (child is None or child.is_absent or _empty(child)):
            names.append(step.key)
            if child is not None and child.location is not None and child.raw is None:
                return Gap(child.location, (step.key,), False, None, child.location)
            continue
        if child is None:
            raise NoFix(Obstacle.DECISION)
        if isinstance(step, Name):
            schema = schema.blocks.get(step.key) if schema else None
        here, place = child, child.location or place
    if not names or place is None:
        raise NoFix(Obstacle.DECISION)
    raw = here.raw
    body = isinstance(raw, Locating)
    if body and isinstance(raw, Locating) and raw.locate(names[0]) is not None:
        raise NoFix(Obstacle.EXPRESSION)
    return Gap(place, tuple(names), body, schema)


def _child(here: Value, step: object) -> Value | None:
    raw = decoded(here).raw
    if isinstance(step, Index) and isinstance(raw, Sequence) and not isinstance(raw, str):
        return raw[step.at] if -len(raw) <= step.at < len(raw) else None
    if not isinstance(step, Name):
        raise NoFix(Obstacle.DECISION)
    if isinstance(raw, Sequence) and not isinstance(raw, str) and len(raw) == 1:
        raw = decoded(raw[0]).raw
    if not isinstance(raw, Mapping):
        raise NoFix(Obstacle.EXPRESSION)
    return raw.get(step.key)


def _empty(value: Value) -> bool:
    return isinstance(value.raw, Sequence) and not value.raw and not isinstance(value.raw, str)


def is_block(schema: Block | None, name: str) -> bool:
    """Whether a name is a nested block that one may write without further decisions. Raises NoFix."""
    if schema is None:
        raise NoFix(Obstacle.DECISION)
    return name in schema.blocks


def check_writable(schema: Block | None, name: str, value: Plain) -> Plain:
    """The value as the schema wants it written. Raises NoFix where the attribute cannot be written."""
    attribute = schema.attributes.get(name) if schema else None
    if schema is None:
        return value
    if attribute is None or attribute.deprecated or not (attribute.optional or attribute.required):
        raise NoFix(Obstacle.DECISION)
    if attribute.type == "string" and not isinstance(value, str | list | dict):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if attribute.type.startswith(("list", "set")) and not isinstance(value, list):
        return [value]
    return value


def check_alone(schema: Block, name: str) -> None:
    """Raises NoFix where a block with nothing but `name` in it is not complete."""
    needed = {key for key, attribute in schema.attributes.items() if attribute.required}
    needed |= {key for key, block in schema.blocks.items() if block.min_items}
    if needed - {name}:
        raise NoFix(Obstacle.DECISION)
