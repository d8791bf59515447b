"""Definitions taken out of a text, where that is exact."""

from __future__ import annotations

from scanner.fixes.change import Change
from scanner.fixes.definition import Definition
from scanner.fixes.files import SourceText
from scanner.fixes.hcl_tree import parsed
from scanner.fixes.literals import read_hcl, same
from scanner.fixes.obstacle import NoFix, Obstacle
from scanner.model.path import Name, parse_path
from scanner.model.resource_type import Facts
from scanner.model.value import plain
from scanner.policy.evidence import Evidence


def removal(source: SourceText, evidence: Evidence, facts: Facts) -> Change:
    """The line of an attribute of a resource that is written there, alone, as a literal. Raises NoFix."""
    assert evidence.location is not None
    if evidence.hops or evidence.actual is None or not _is_optional(evidence, facts):
        raise NoFix(Obstacle.DECISION)  # what others use as well
    definition = Definition.at(source, evidence.location)
    if definition.syntax != "hcl":
        raise NoFix(Obstacle.DECISION)
    if not same(read_hcl(definition.text), plain(evidence.actual, reveal=True)):
        raise NoFix(Obstacle.EXPRESSION)
    tree = parsed(source.text)
    node = tree.node_at(tree.byte(source.text, definition.start), ("attribute",))
    start, end = source.line_start(definition.start), source.line_end(definition.end)
    around = source.text[start : definition.start] + source.text[definition.end : end]
    if node is None or around.strip() or source.text[definition.start : definition.end].count("\n"):
        raise NoFix(Obstacle.DECISION)
    return Change(source.path, start, end, "")


def _is_optional(evidence: Evidence, facts: Facts) -> bool:
    schema = facts.schema(evidence.resource.type) if evidence.resource else None
    *outer, name = (step for step in parse_path(evidence.path or "")[0] if isinstance(step, Name))
    for step in outer:
        schema = schema.blocks.get(step.key) if schema else None
    attribute = schema.attributes.get(name.key) if schema else None
    return attribute is not None and attribute.optional
