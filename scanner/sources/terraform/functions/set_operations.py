"""Functions on sets: union, intersection, difference and product."""

from __future__ import annotations

from itertools import product
from math import prod

from scanner.model.value import SetItems, Value
from scanner.sources.terraform.functions.base import (
    Function,
    FunctionError,
    Implementation,
    Scope,
    first_unknown,
    sequence_of,
    unknown_from,
)
from scanner.sources.terraform.kinds import ANY, ListItems, ListType, SetType, type_of
from scanner.sources.terraform.sets import fingerprint
from scanner.sources.terraform.types import convert, make_set
from scanner.sources.terraform.unification import unify_types

_MOST_ITEMS = 100_000


def _sets(arguments: list[Value]) -> list[Value]:
    """The sets with elements of one type. Raises FunctionError where there is no such type."""
    common = unify_types([type_of(argument) for argument in arguments if argument.raw])
    if common is None:
        raise FunctionError("the sets must have compatible elements")
    return [convert(argument, common) if argument.raw else argument for argument in arguments]


def _union(_scope: Scope, arguments: list[Value]) -> Value:
    if any(argument.is_unknown for argument in arguments):
        return unknown_from(arguments)
    items = [item for each in _sets(arguments) for item in sequence_of(each)]
    return Value(make_set(items), sensitive=any(argument.sensitive for argument in arguments))


def _filtered(keep_common: bool) -> Implementation:
    def implementation(_scope: Scope, arguments: list[Value]) -> Value:
        if first_unknown(arguments):
            return unknown_from(arguments)
        first, *others = _sets(arguments)
        kept = list(sequence_of(first))
        for other in others:
            present = set(map(fingerprint, sequence_of(other)))
            kept = [item for item in kept if (fingerprint(item) in present) is keep_common]
        return Value(SetItems(kept), sensitive=any(argument.sensitive for argument in arguments))

    return implementation


def _setproduct(_scope: Scope, arguments: list[Value]) -> Value:
    if len(arguments) < 2:
        raise FunctionError("at least two arguments are required")
    ordered = not any(isinstance(argument.raw, SetItems) for argument in arguments)
    if any(argument.is_unknown for argument in arguments) or (not ordered and first_unknown(arguments)):
        return unknown_from(arguments)
    columns = [sequence_of(convert(argument, ListType(ANY))) for argument in arguments]
    if prod(map(len, columns)) > _MOST_ITEMS:
        raise FunctionError(f"more than {_MOST_ITEMS} combinations")
    rows = [Value(tuple(row)) for row in product(*columns)]
    secret = any(argument.sensitive for argument in arguments)
    return Value(ListItems(rows) if ordered else make_set(rows), sensitive=secret)


FUNCTIONS = (
    Function("setintersection", _filtered(True), (SetType(ANY),), rest=SetType(ANY), handles_unknown=True),
    Function("setproduct", _setproduct, rest=ANY, handles_unknown=True, secrets_stay=True),
    Function("setsubtract", _filtered(False), (SetType(ANY), SetType(ANY)), handles_unknown=True),
    Function("setunion", _union, (SetType(ANY),), rest=SetType(ANY), handles_unknown=True),
)
