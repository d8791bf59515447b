"""Attribute paths and resource types of rules, checked against the provider schemas."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scanner.model.path import Having, Name, Path, parse_path
from scanner.model.resource_type import Attribute, Block, Facts
from scanner.policy.yaml_nodes import Node, nearest

_REFERENCE = re.compile(r"\$\{[A-Za-z_][\w\-]*\}")
_META = frozenset({"lifecycle", "depends_on", "provider", "timeouts", "count", "for_each"})
_OPEN = re.compile(r"string|dynamic|any|map\(|.*object\(|.*map\(|.*\[")
"""Attribute types below which the schema says nothing: JSON texts, maps, objects."""


class PathChecker:
    """Says where a rule names a type or an attribute that the provider does not have.

    open    whether the rule is about a running system, which shows more than the provider's schema knows
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.open = False

    def check_type(self, node: Node, type_: str) -> None:
        """Raises DefinitionError for an unknown type of a provider whose types are known."""
        if self.open or self._facts.schema(type_) is not None:
            return
        known = self._facts.types(type_)
        if known:
            raise node.error(f"there is no resource type {type_}", nearest(type_, known))

    def check(self, node: Node, text: str, types: Iterable[str], prefix: str) -> None:
        """Raises DefinitionError where no type in scope has the attribute, or the path cannot be read."""
        try:
            parse_path(_REFERENCE.sub("_", text))
        except ValueError as error:
            raise node.error(str(error)) from error
        if prefix == "*" or self.open:
            return
        types = tuple(types)
        schemas = [(type_, self._facts.schema(type_)) for type_ in types]
        if not types or any(schema is None for _, schema in schemas):
            return
        for part in _REFERENCE.sub("_", text).split("|"):
            path = parse_path(f"{prefix}.{part.strip()}" if prefix else part.strip())[0]
            problems = [(type_, _walk(schema, path)) for type_, schema in schemas if schema is not None]
            if all(problem is not None for _, problem in problems):
                type_, problem = problems[0]
                assert problem is not None
                known, name = problem
                raise node.error(f"{type_} has no {name}", nearest(name.rsplit(".", 1)[-1], known))


def _walk(schema: Block, path: Path) -> tuple[list[str], str] | None:
    """The names that are known where the path leaves the schema, and the unknown one; None if it stays inside."""
    here: Block | Attribute = schema
    walked: list[str] = []
    for step in path:
        if isinstance(step, Having):
            problem = _walk_field(here, step, walked)
            if problem is not None:
                return problem
        if not isinstance(step, Name):
            continue
        if isinstance(here, Attribute):
            return None if _OPEN.match(here.type) else ([], ".".join([*walked, step.key]))
        if step.key in _META and not walked:
            return None
        if step.key == "_":
            return None
        found = here.attributes.get(step.key) or here.blocks.get(step.key)
        walked.append(step.key)
        if found is None:
            return [*here.attributes, *here.blocks], ".".join(walked)
        here = found
    return None


def _walk_field(here: Block | Attribute, step: Having, walked: list[str]) -> tuple[list[str], str] | None:
    if isinstance(here, Attribute) or step.field == "_":
        return None
    problem = _walk(here, parse_path(step.field)[0])
    return (problem[0], ".".join([*walked, problem[1]])) if problem else None
