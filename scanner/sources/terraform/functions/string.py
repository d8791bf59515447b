"""String functions. Characters are grapheme clusters where Terraform counts them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scanner.model.value import Raw, Value
from scanner.sources.terraform.functions.base import (
    Function,
    FunctionError,
    Scope,
    pure,
    sequence_of,
    strings,
    unknown_from,
    whole,
)
from scanner.sources.terraform.functions.graphemes import graphemes
from scanner.sources.terraform.kinds import ANY, NUMBER, STRING, ListType

_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")
MOST_CHARACTERS = 4_000_000
_SPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"


def bounded(length: int) -> None:
    """Raises FunctionError for a result that only serves to exhaust memory."""
    if length > MOST_CHARACTERS:
        raise FunctionError(f"the result would be longer than {MOST_CHARACTERS} characters")


def _upper(text: str) -> str:
    """Letter by letter: unlike Python, Go leaves letters alone that have no single capital (ß)."""
    return "".join(upper if len(upper := letter.upper()) == 1 else letter for letter in text)


def _lower(text: str) -> str:
    return "".join(letter.lower()[0] for letter in text)


def _title(text: str) -> str:
    result: list[str] = []
    within = False
    for letter in text:
        capital = letter if within else letter.title()
        result.append(capital if len(capital) == 1 else letter)
        within = letter.isalnum() or letter == "_" if letter.isascii() else letter not in _SPACE
    return "".join(result)


def _join(_scope: Scope, arguments: list[Value]) -> Raw:
    separator, lists = arguments[0].raw, arguments[1:]
    if not lists:
        raise FunctionError("at least one list is required")
    items = [item.raw for each in lists for item in sequence_of(each)]
    if any(item is None for item in items):
        raise FunctionError("null cannot be joined")
    texts = [item for item in items if isinstance(item, str)]
    assert isinstance(separator, str)
    bounded(sum(map(len, texts)) + len(separator) * len(texts))
    return separator.join(texts)


def _split(separator: str, text: str) -> Raw:
    return strings(text.split(separator) if separator else text)


def _indent(_scope: Scope, arguments: list[Value]) -> Raw:
    spaces, text = whole(arguments[0], "the number of spaces"), arguments[1].raw
    assert isinstance(text, str)
    if spaces < 0:
        raise FunctionError("the number of spaces must not be negative")
    bounded(len(text) + text.count("\n") * spaces)
    return text.replace("\n", "\n" + " " * spaces)


def _substr(_scope: Scope, arguments: list[Value]) -> Raw:
    clusters = graphemes(str(arguments[0].raw))
    offset, length = whole(arguments[1], "the offset"), whole(arguments[2], "the length")
    if offset < 0:
        offset = max(offset + len(clusters), 0)
    elif length == 0:
        return ""
    # With an offset from the end, Terraform takes a length of zero for no limit.
    return "".join(clusters[offset : offset + length] if length > 0 else clusters[offset:])


def template_variables(scope: Scope, variables: Value) -> Mapping[str, Value] | None:
    """What a template can name; None where that is unknown. Raises FunctionError within another template."""
    if scope.template:
        raise FunctionError("cannot be called from a template")
    if variables.is_unknown:
        return None
    if not isinstance(variables.raw, Mapping):
        raise FunctionError("the variables must be a map or object")
    for name in variables.raw:
        if not _IDENTIFIER.fullmatch(name):
            raise FunctionError(f"{name!r} cannot be the name of a variable")
    return variables.raw


def _templatestring(scope: Scope, arguments: list[Value]) -> Value:
    template, variables = arguments
    names = template_variables(scope, variables)
    if template.is_unknown or names is None:
        return unknown_from(arguments)
    return scope.expand_template(str(template.raw), names, "template string").with_(refs=template.refs)


FUNCTIONS = (
    Function("chomp", pure(lambda text: text.rstrip("\r\n")), (STRING,)),
    Function("endswith", pure(str.endswith), (STRING, STRING)),
    Function("indent", _indent, (NUMBER, STRING)),
    Function("join", _join, (STRING,), rest=ListType(STRING)),
    Function("lower", pure(_lower), (STRING,)),
    Function("split", pure(_split), (STRING, STRING)),
    Function("startswith", pure(str.startswith), (STRING, STRING)),
    Function("strcontains", pure(lambda text, part: part in text), (STRING, STRING)),
    Function("strrev", pure(lambda text: "".join(reversed(graphemes(text)))), (STRING,)),
    Function("substr", _substr, (STRING, NUMBER, NUMBER)),
    Function("templatestring", _templatestring, (STRING, ANY), handles_unknown=True),
    Function("title", pure(_title), (STRING,)),
    Function("trim", pure(str.strip), (STRING, STRING)),
    Function("trimprefix", pure(str.removeprefix), (STRING, STRING)),
    Function("trimspace", pure(lambda text: text.strip(_SPACE)), (STRING,)),
    Function("trimsuffix", pure(str.removesuffix), (STRING, STRING)),
    Function("upper", pure(_upper), (STRING,)),
)
