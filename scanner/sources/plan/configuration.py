"""The code behind a plan: what its expressions refer to, followed through modules, variables and outputs.

A plan names the references of an expression, not what the expression does with them, and it has no local values. So
what is found are candidates, and whether they are all that there can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from scanner.sources.plan.addresses import Segment, inside, segments, written

_MOST_DEEP: Final = 40
_NO_RESOURCES: Final = frozenset({"count", "path", "terraform", "self", "resource"})

ModulePath = tuple[Segment, ...]


class Candidate(NamedTuple):
    """A resource that an expression refers to, by full address, and the first attribute (empty: the whole resource)."""

    address: str
    attribute: str


@dataclass(slots=True)
class Mentioned:
    """What an expression refers to; `complete` is False where local values or the like may hide more."""

    candidates: dict[Candidate, None] = field(default_factory=dict)
    complete: bool = True

    def add(self, other: Mentioned) -> None:
        """Takes what another expression mentions."""
        self.candidates.update(other.candidates)
        self.complete = self.complete and other.complete


class Configuration:
    """The `configuration` of a plan. Anything that is not shaped as expected counts as not there."""

    def __init__(self, data: Any) -> None:
        data = _object(data)
        self._root = _object(data.get("root_module"))
        self.providers = {str(key): _object(value) for key, value in _object(data.get("provider_config")).items()}
        self._blocks: dict[tuple[str, ...], dict[str, Mapping[str, Any]]] = {}
        self._known: dict[tuple[ModulePath, str], Mentioned] = {}

    def __bool__(self) -> bool:
        return bool(self._root)

    def block(self, path: ModulePath, address: str) -> Mapping[str, Any]:
        """The code of a resource by its address inside its module, without keys; empty where there is none."""
        names = tuple(name for name, _ in path)
        if names not in self._blocks:
            resources = _items(self._module(path).get("resources"))
            self._blocks[names] = {str(item.get("address")): item for item in resources}
        return self._blocks[names].get(address, {})

    def mentioned(self, expression: Any, path: ModulePath, block: Mapping[str, Any], depth: int = 0) -> Mentioned:
        """What an expression of a resource in a module refers to; `block` is the resource's code, for `each`."""
        found = Mentioned()
        for reference in _whole(references(expression)):
            found.add(self._reference(reference, path, block, depth))
        return found

    def _reference(self, text: str, path: ModulePath, block: Mapping[str, Any], depth: int) -> Mentioned:
        parts = segments(text)
        first = parts[0][0] if parts else ""
        if depth > _MOST_DEEP or first in ("", "local"):
            return Mentioned(complete=False)
        if first in _NO_RESOURCES or (first == "each" and len(parts) > 1 and parts[1][0] == "key"):
            return Mentioned()
        if first == "each":
            return self.mentioned(block.get("for_each_expression"), path, {}, depth + 1)
        if first in ("var", "module"):
            key = (path, text)
            if key not in self._known:
                follow = self._variable if first == "var" else self._output
                self._known[key] = Mentioned(complete=False)  # what refers to itself ends here
                self._known[key] = follow(parts, path, depth)
            return self._known[key]
        count = 3 if first == "data" else 2
        if len(parts) < count:
            return Mentioned(complete=False)
        attribute = parts[count][0] if len(parts) > count else ""
        return Mentioned({Candidate(written((*inside(path), *parts[:count])), attribute): None})

    def _variable(self, parts: tuple[Segment, ...], path: ModulePath, depth: int) -> Mentioned:
        """A variable's references are those of the argument in the call of its module; a root's has none."""
        if len(parts) < 2:
            return Mentioned(complete=False)
        if not path:
            return Mentioned()
        call = self._call(path)
        expression = _object(call.get("expressions")).get(parts[1][0])
        found = self.mentioned(expression, path[:-1], call, depth + 1)
        return _narrowed(found, parts[2][0] if len(parts) > 2 else "")

    def _output(self, parts: tuple[Segment, ...], path: ModulePath, depth: int) -> Mentioned:
        """An output's references are those of its expression, inside the module."""
        if len(parts) < 3:
            return Mentioned(complete=False)
        inner = (*path, parts[1])
        output = _object(_object(self._module(inner).get("outputs")).get(parts[2][0]))
        if not output:
            return Mentioned(complete=False)
        found = self.mentioned(output.get("expression"), inner, {}, depth + 1)
        return _narrowed(found, parts[3][0] if len(parts) > 3 else "")

    def _call(self, path: ModulePath) -> Mapping[str, Any]:
        return _object(_object(self._module(path[:-1]).get("module_calls")).get(path[-1][0]))

    def _module(self, path: ModulePath) -> Mapping[str, Any]:
        module = self._root
        for name, _ in path:
            module = _object(_object(_object(module.get("module_calls")).get(name)).get("module"))
        return module


def is_expression(data: Any) -> bool:
    """Whether it is an expression, not the expressions of a nested block by name."""
    return isinstance(data, dict) and not data.keys() - {"constant_value", "references"}


def references(expression: Any) -> Iterator[str]:
    """Every reference in an expression or in nested blocks of them."""
    if isinstance(expression, list):
        for item in expression:
            yield from references(item)
    elif is_expression(expression):
        found = expression.get("references")
        yield from (item for item in found or () if isinstance(item, str)) if isinstance(found, list) else ()
    elif isinstance(expression, dict):
        for item in expression.values():
            yield from references(item)


def _whole(found: Iterator[str]) -> list[str]:
    """The references without those that are only the beginning of another one (`a.b` beside `a.b.id`)."""
    texts = list(dict.fromkeys(found))
    return [text for text in texts if not any(other.startswith((f"{text}.", f"{text}[")) for other in texts)]


def _narrowed(found: Mentioned, attribute: str) -> Mentioned:
    """A part of what is mentioned: of a whole resource, its attribute."""
    if not attribute or len(found.candidates) != 1:
        return found
    only = next(iter(found.candidates))
    return found if only.attribute else Mentioned({Candidate(only.address, attribute): None}, found.complete)


def _object(data: Any) -> Mapping[str, Any]:
    return data if isinstance(data, dict) else {}


def _items(data: Any) -> list[Mapping[str, Any]]:
    return [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []
