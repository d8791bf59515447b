"""Variables in Dockerfile instructions: `$NAME`, `${NAME}`, `${NAME:-word}`, quotes and escapes.

Source of the rules: Dockerfile reference, section "Environment replacement".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scanner.model.location import Location
from scanner.model.value import GAP, Hop, Reason, Unknown, Value, merge_refs, shape_of, unknown

_NAME = re.compile(r"[A-Za-z_]\w*|[0-9]")
_MODIFIER = re.compile(r":?[-+?]")
_MAX_TEXT = 100_000
_MAX_DEPTH = 20
"""Variables may be made of variables, and stand-ins of stand-ins; beyond this the value is unknown."""


@dataclass(slots=True, frozen=True)
class Scope:
    """The variables that an instruction sees, with the place of each definition; `missing` answers for all others."""

    variables: Mapping[str, tuple[Value, Location]]
    missing: Callable[[str], Value]
    escape: str = "\\"


def expand(text: str, scope: Scope, location: Location) -> Value:
    """The text with its variables replaced and its quotes removed, placed at `location`.

    A text that is one variable and nothing else is that variable's value at the place where that is written.
    """
    pieces = _Reader(text, scope).read()
    if len(pieces) == 1 and isinstance(pieces[0], Value):
        return pieces[0].with_(location=location)
    return _join(pieces, location)


def _join(pieces: list[str | Value], location: Location | None) -> Value:
    values = [piece if isinstance(piece, Value) else Value(piece) for piece in pieces]
    hops = tuple(dict.fromkeys(hop for value in values for hop in value.hops))
    refs = merge_refs((), (ref for value in values for ref in value.refs))
    sensitive = any(value.sensitive for value in values)
    undecided = next((value for value in values if value.is_unknown), None)
    if undecided is not None:
        shape = "".join(shape_of(value) or GAP for value in values)[:_MAX_TEXT]
        return Value(undecided.raw, location, hops, refs, sensitive, None, shape)
    text = "".join(str(value.raw) for value in values)
    if len(text) > _MAX_TEXT:
        return unknown(Reason.UNSUPPORTED, f"the text is longer than {_MAX_TEXT} characters", location=location)
    return Value(text, location, hops, refs, sensitive)


class _Reader:
    """Walks over one word or sentence."""

    def __init__(self, text: str, scope: Scope, depth: int = 0) -> None:
        self._depth = depth
        self._text = text
        self._scope = scope
        self._at = 0
        self._pieces: list[str | Value] = []

    def read(self) -> list[str | Value]:
        """The literal and the variable parts."""
        quote = ""
        while self._at < len(self._text):
            character = self._text[self._at]
            self._at += 1
            if quote == "'":
                quote = "" if character == "'" else self._literal(character, quote)
            elif character == self._scope.escape and self._at < len(self._text):
                self._escaped(quote)
            elif character == quote:
                quote = ""
            elif not quote and character in "'\"":
                quote = character
            elif character == "$":
                self._variable()
            else:
                self._literal(character, quote)
        return self._pieces

    def _literal(self, text: str, quote: str) -> str:
        if self._pieces and isinstance(self._pieces[-1], str):
            self._pieces[-1] += text
        else:
            self._pieces.append(text)
        return quote

    def _escaped(self, quote: str) -> None:
        following = self._text[self._at]
        self._at += 1
        kept = quote == '"' and following not in f'"${self._scope.escape}'
        self._literal(f"{self._scope.escape}{following}" if kept else following, quote)

    def _variable(self) -> None:
        braced = self._text[self._at : self._at + 1] == "{"
        match = _NAME.match(self._text, self._at + braced)
        if match is None:
            self._literal("$", "")
            return
        self._at = match.end()
        found = self._value(match[0])
        self._pieces.append(self._modified(match[0], found) if braced else found or self._scope.missing(match[0]))

    def _value(self, name: str) -> Value | None:
        known = self._scope.variables.get(name)
        if known is None:
            return None
        value, place = known
        return value.with_(hops=(Hop(f"${name}", place),))

    def _modified(self, name: str, found: Value | None) -> Value:
        """The value of `${NAME…}`; the reader stands behind the name."""
        end = self._closing()
        rest = self._text[self._at : end]
        self._at = end + 1
        if not rest:
            return found or self._scope.missing(name)
        match = _MODIFIER.match(rest)
        if match is None:
            return unknown(Reason.UNSUPPORTED, f"${{{name}{rest}}} takes a part of a variable")
        return self._alternative(name, found, match[0], rest[match.end() :])

    def _alternative(self, name: str, found: Value | None, modifier: str, word: str) -> Value:
        value = found or self._scope.missing(name)
        if self._depth >= _MAX_DEPTH:
            return unknown(Reason.UNSUPPORTED, f"${{{name}}} is nested too deeply")
        other = _join(_Reader(word, self._scope, self._depth + 1).read(), None)
        if isinstance(value.raw, Unknown):
            # An ARG that nobody sets takes the word that stands in for it, as it would take its own default.
            return other if value.raw.reason is Reason.UNSET_VARIABLE and modifier.endswith("-") else value
        is_set = found is not None if ":" not in modifier else value.raw != ""
        if modifier.endswith("+"):
            return other if is_set else Value("")
        return value if is_set else other

    def _closing(self) -> int:
        depth = 1
        for at in range(self._at, len(self._text)):
            depth += {"{": 1, "}": -1}.get(self._text[at], 0)
            if depth == 0:
                return at
        return len(self._text)
