"""Typed parameters of policies and inputs of baselines, and filling them in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from scanner.model.value import Reason, Unknown
from scanner.model.words import Words
from scanner.policy.conditions import (
    AllOf,
    AnyOf,
    Call,
    Condition,
    Count,
    Distinct,
    Every,
    Not,
    OfComponent,
    OfResource,
    Pick,
    ReferencedBy,
    References,
    Some,
    Test,
    Undecidable,
    When,
)
from scanner.policy.wording import kind

TYPES = ("string", "integer", "number", "boolean", "list", "object", "flows")
_REFERENCE = re.compile(r"\$(\$\{)|\$\{([A-Za-z_][\w\-]*)\}")
_WHOLE = re.compile(r"\$\{([A-Za-z_][\w\-]*)\}\Z")

Scope = Mapping[str, Any]
"""Names and their values: JSON data, or an Unknown for an input that was not given."""


@dataclass(slots=True, frozen=True)
class Param:
    """A parameter or an input; `items` is the type of a list's elements.

    A default of null means that nothing is given. `flows` are lists of network flows (scanner.network.documented).
    """

    name: str
    type: str
    description: str
    has_default: bool = False
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    enum: tuple[Any, ...] = ()
    items: str | None = None

    def problem(self, value: object) -> str | None:
        """What is wrong with a value, None where it fits."""
        if isinstance(value, Unknown) or (value is None and self.has_default and self.default is None):
            return None
        if self.type == "flows":
            from scanner.network.documented import problem

            return problem(value)
        if not _IS[self.type](value):
            return f"must be {_ARTICLE[self.type]}, not {kind(value)}"
        if self.minimum is not None and isinstance(value, int | float) and value < self.minimum:
            return f"must be at least {self.minimum}"
        if self.maximum is not None and isinstance(value, int | float) and value > self.maximum:
            return f"must be at most {self.maximum}"
        if self.enum and value not in self.enum:
            return f"must be one of {', '.join(str(item) for item in self.enum)}"
        if self.items and isinstance(value, list):
            wrong = next((item for item in value if not isinstance(item, Unknown) and not _IS[self.items](item)), None)
            if wrong is not None:
                return f"its items must each be {_ARTICLE[self.items]}, not {kind(wrong)}"
        return None


_IS: dict[str, Callable[[object], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "list": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
_ARTICLE = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "list": "a list",
    "object": "a mapping",
}


def not_given(name: str, requirement: str | None = None) -> Unknown:
    """What stands for an input that has no value; its words say how to give it."""
    example = f"{requirement}.{name}" if requirement else name
    return Unknown(
        Reason.UNSET_VARIABLE,
        Words(
            f"the input {name} is not given (inputs: in asbuilt.yaml, or --input {example}=VALUE)",
            f"입력값 {name} 미지정(asbuilt.yaml의 inputs 또는 --input {example}=값)",
        ),
    )


def names_in(data: object) -> set[str]:
    """The names that `${name}` refers to anywhere in a text, in data, or in a condition."""
    if isinstance(data, str):
        return {match[2] for match in _REFERENCE.finditer(data) if match[2]}
    if isinstance(data, dict):
        return {name for key, item in data.items() for name in names_in(key) | names_in(item)}
    if isinstance(data, list | tuple):
        return {name for item in data for name in names_in(item)}
    if hasattr(data, "__dataclass_fields__"):
        return {name for key in data.__dataclass_fields__ for name in names_in(getattr(data, key))}
    return set()


def fill(data: Any, scope: Scope) -> Any:
    """Data with every `${name}` replaced; a text that is nothing but `${name}` becomes the value itself.

    A text with an unknown part is unknown. Raises KeyError for a name that the scope does not have.
    """
    if isinstance(data, str):
        return _fill_text(data, scope)
    if isinstance(data, list):
        return [fill(item, scope) for item in data]
    if isinstance(data, dict):
        return {key: fill(item, scope) for key, item in data.items()}
    return data


def _fill_text(text: str, scope: Scope) -> Any:
    if "${" not in text:
        return text
    whole = _WHOLE.match(text)
    if whole:
        return scope[whole[1]]
    for match in _REFERENCE.finditer(text):
        if match[2] and isinstance(scope[match[2]], Unknown):
            return scope[match[2]]
    return _REFERENCE.sub(lambda match: "${" if match[1] else _as_text(scope[match[2]]), text)


def fill_named(text: str, scope: Scope) -> str:
    """Text with the names of the scope filled in; other `${…}` stay, and so do names without a value."""
    known = {name: value for name, value in scope.items() if not isinstance(value, Unknown)}
    return _REFERENCE.sub(lambda match: _as_text(known[match[2]]) if match[2] in known else match[0], text)


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def fill_condition(condition: Condition, scope: Scope) -> Condition:
    """The condition with every `${name}` in its values and paths replaced.

    An assertion whose path depends on an unknown name becomes one whose value is unknown.
    """
    if not names_in(condition) and "$${" not in repr(condition):
        return condition
    return _fill(condition, scope)


def _fill(condition: Condition, scope: Scope) -> Condition:
    paths = {}
    for key in ("path", "through"):
        path = getattr(condition, key, None)
        if isinstance(path, str) and "${" in path:
            filled = _fill_text(path, scope)
            if isinstance(filled, Unknown):
                return Undecidable(filled)
            paths[key] = _as_text(filled)
    return _fill_values(replace(condition, **paths) if paths else condition, scope)  # type: ignore[arg-type]


def _fill_values(condition: Condition, scope: Scope) -> Condition:
    match condition:
        case Test(_, _, value):
            return replace(condition, value=_value(value, scope))
        case References(pick):
            return replace(condition, pick=_pick(pick, scope))
        case ReferencedBy(pick, _, _, value) | Count(pick, _, value):
            return replace(condition, pick=_pick(pick, scope), value=fill(value, scope))
        case Distinct(pick, _, _, value):
            return replace(condition, pick=pick and _pick(pick, scope), value=fill(value, scope))
        case Call(_, arguments):
            return replace(condition, arguments=fill(arguments, scope))
    return _fill_parts(condition, scope)


def _fill_parts(condition: Condition, scope: Scope) -> Condition:
    match condition:
        case AllOf(items) | AnyOf(items):
            return type(condition)(tuple(_fill(item, scope) for item in items))
        case Not(item):
            return Not(_fill(item, scope))
        case When(when, item):
            return When(_fill(when, scope), _fill(item, scope))
        case Some(_, satisfy):
            return replace(condition, satisfy=_fill(satisfy, scope))
        case Every(_, where, satisfy):
            return replace(condition, where=_fill(where, scope), satisfy=_fill(satisfy, scope))
    return condition


def _pick(pick: Pick, scope: Scope) -> Pick:
    return replace(pick, where=_fill(pick.where, scope))


def _value(value: Any, scope: Scope) -> Any:
    return value if isinstance(value, OfResource | OfComponent) else fill(value, scope)
