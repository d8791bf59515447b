"""Operators, value types and values of assertions: whether they go together."""

from __future__ import annotations

import re

from scanner.model.value import Plain
from scanner.policy.operators import ALWAYS_CIDR, Operator, pattern
from scanner.policy.params import Param
from scanner.policy.structures import Mismatch, Undecided, literal
from scanner.policy.typed import TYPES, infer
from scanner.policy.yaml_nodes import Node


def check_as(node: Node | None, operator: Operator, as_: str | None) -> None:
    """Raises DefinitionError for a value type that the operator cannot use."""
    if node is None or as_ is None:
        return
    if operator.ordered and not TYPES[as_].ordered:
        ordered = ", ".join(name for name, row in TYPES.items() if row.ordered)
        raise node.error(f"{as_} has no order, which op {operator.name} needs", f"ordered are: {ordered}")
    if operator.name in ALWAYS_CIDR and as_ != "cidr":
        raise node.error(f"op {operator.name} compares address blocks")
    if operator.name == "matches" and as_ not in ("string", "case_insensitive", "template"):
        raise node.error("op matches compares text")


def check_param(node: Node, param: Param, operator: Operator) -> None:
    """Raises DefinitionError for a parameter of a type that the operator cannot use."""
    if operator.needs == "list" and param.type != "list":
        raise node.error(f"op {operator.name} needs a list, but {param.name} is declared as {param.type}")
    if operator.needs == "one" and param.type == "list" and operator.name not in (*ALWAYS_CIDR, "equals"):
        raise node.error(f"op {operator.name} needs one value, but {param.name} is declared as a list")


def check_literal(node: Node, data: Plain, operator: Operator, as_: str | None) -> None:
    """Raises DefinitionError for a value that cannot be read as what it is compared as."""
    if data is None:
        raise node.error("must not be empty", "op absent tests that nothing is written")
    if operator.needs == "list" and not isinstance(data, list):
        raise node.error(f"op {operator.name} needs a list")
    if operator.name == "matches":
        try:
            pattern(node.text())
        except re.error as error:
            raise node.error(f"is no regular expression: {error}") from error
        return
    expected = literal(data)
    kind = TYPES[as_] if as_ else infer(expected, operator.name)
    each = isinstance(data, list) and (operator.needs == "list" or operator.name in ALWAYS_CIDR) and not kind.whole
    try:
        for item in data if each and isinstance(data, list) else [data]:
            kind.read(literal(item))
    except Mismatch as error:
        hint = "say how to compare with `as`" if operator.ordered and as_ is None else None
        raise node.error(f"cannot be compared as {kind.name}: {error}", hint) from error
    except Undecided as error:
        raise node.error(str(error)) from error
