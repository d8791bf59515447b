"""Type conversion functions, and those that mark values as secret."""

from __future__ import annotations

from scanner.model.value import Raw, Value
from scanner.sources.terraform.functions.base import Function, Implementation, Scope
from scanner.sources.terraform.kinds import ANY, BOOL, NUMBER, STRING, ListType, MapType, SetType


def _same(_scope: Scope, arguments: list[Value]) -> Value:
    return arguments[0]


def _marked(sensitive: bool) -> Implementation:
    def implementation(_scope: Scope, arguments: list[Value]) -> Value:
        value = arguments[0]
        return Value(value.raw, value.location, value.hops, value.refs, sensitive, value.decoded, value.shape)

    return implementation


def _issensitive(_scope: Scope, arguments: list[Value]) -> Value:
    value = arguments[0]
    raw: Raw = value.raw if value.is_unknown and not value.sensitive else value.sensitive
    return Value(raw, None, value.hops, value.refs)


FUNCTIONS = (
    Function("ephemeralasnull", _same, (ANY,), nulls=True, handles_unknown=True, secrets_stay=True),
    Function("issensitive", _issensitive, (ANY,), nulls=True, handles_unknown=True, secrets_stay=True),
    Function("nonsensitive", _marked(False), (ANY,), nulls=True, handles_unknown=True, secrets_stay=True),
    Function("sensitive", _marked(True), (ANY,), nulls=True, handles_unknown=True, secrets_stay=True),
    *(
        Function(name, _same, (type_,), nulls=True, handles_unknown=True, secrets_stay=True)
        for name, type_ in (
            ("tobool", BOOL),
            ("tolist", ListType(ANY)),
            ("tomap", MapType(ANY)),
            ("tonumber", NUMBER),
            ("toset", SetType(ANY)),
            ("tostring", STRING),
        )
    ),
)
