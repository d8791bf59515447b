"""Variables in Compose and `.env` values: `$NAME`, `${NAME}`, `${NAME:-default}` and their kin.

Source: Compose specification, chapter "Interpolation". What the environment of the person who runs Compose would give
is not known here: such a value is unknown, and its `shape` keeps the text with the variable's name in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from scanner.model.location import Location
from scanner.model.value import Hop, Reason, Unknown, Value
from scanner.model.words import Words

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR: Final = re.compile(r":?[-?+]")
_MAX_DEPTH: Final = 10


def interpolate(value: Value, variables: Mapping[str, Value]) -> Value:
    """`value` with the variables in every text below it replaced; keys stay as they are."""
    raw = value.raw
    if isinstance(raw, str):
        return _text(value, raw, variables) if "$" in raw else value
    if isinstance(raw, Mapping):
        return _with_raw(value, {key: interpolate(item, variables) for key, item in raw.items()})
    if isinstance(raw, tuple | list):
        return _with_raw(value, tuple(interpolate(item, variables) for item in raw))
    return value


def _with_raw(value: Value, raw: Mapping[str, Value] | tuple[Value, ...]) -> Value:
    return Value(raw, value.location, value.hops, value.refs, value.sensitive)


def _text(value: Value, text: str, variables: Mapping[str, Value]) -> Value:
    expansion = _Expansion(variables, value.location)
    result = expansion.expand(text, 0)
    hops = value.hops + tuple(dict.fromkeys(expansion.hops))
    sensitive = value.sensitive or expansion.sensitive
    if expansion.unset is None:
        return Value(result, value.location, hops, value.refs, sensitive)
    name = expansion.unset
    detail = Words(
        f"the environment variable {name} is set where Compose runs", f"환경 변수 {name} 값은 Compose 실행 환경이 정함"
    )
    unknown = Unknown(Reason.UNSET_VARIABLE, detail)
    return Value(unknown, value.location, hops, value.refs, sensitive, None, result)


class _Expansion:
    """One text while its variables are replaced."""

    def __init__(self, variables: Mapping[str, Value], location: Location | None) -> None:
        self._variables = variables
        self._location = location
        self.hops: list[Hop] = []
        self.unset: str | None = None
        self.sensitive = False

    def expand(self, text: str, depth: int) -> str:
        """`text` with its variables replaced; those without a value stay as `${NAME}` and are remembered."""
        parts: list[str] = []
        position = 0
        while (at := text.find("$", position)) >= 0:
            parts.append(text[position:at])
            part, position = self._variable(text, at, depth)
            parts.append(part)
        parts.append(text[position:])
        return "".join(parts)

    def _variable(self, text: str, at: int, depth: int) -> tuple[str, int]:
        """What stands for the variable at `at`, and where the text goes on."""
        if text.startswith("$$", at):
            return "$", at + 2
        braced = text.startswith("${", at)
        name = _NAME.match(text, at + 2 if braced else at + 1)
        if name is None:
            return "$", at + 1
        if not braced:
            return self._value(name[0], None, "", depth), name.end()
        end = _closing(text, name.end())
        if end is None:
            return "$", at + 1
        operator = _OPERATOR.match(text, name.end(), end)
        argument = text[operator.end() : end] if operator else ""
        return self._value(name[0], operator[0] if operator else None, argument, depth), end + 1

    def _value(self, name: str, operator: str | None, argument: str, depth: int) -> str:
        known = self._variables.get(name)
        if known is not None and known.is_unknown:
            self.unset = self.unset or name
            return known.shape or f"${{{name}}}"
        given = known.raw if known is not None and isinstance(known.raw, str) else None
        present = given is not None and (bool(given) or not (operator or "").startswith(":"))
        if operator is not None and operator[-1] == "+":
            return self.expand(argument, depth + 1) if present and depth < _MAX_DEPTH else ""
        if present and given is not None and known is not None:
            self.hops.append(Hop(f"${name}", known.location))
            self.sensitive = self.sensitive or known.sensitive
            return given
        if operator is not None and operator[-1] == "-" and depth < _MAX_DEPTH:
            return self.expand(argument, depth + 1)
        self.unset = self.unset or name
        return f"${{{name}}}"


def _closing(text: str, start: int) -> int | None:
    """The position of the `}` that ends the variable whose inside goes on at `start`."""
    depth = 1
    for position in range(start, len(text)):
        if text[position] == "}":
            depth -= 1
            if depth == 0:
                return position
        elif text.startswith("${", position):
            depth += 1
    return None
