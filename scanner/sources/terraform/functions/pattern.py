"""Functions with regular expressions, in Go's dialect (RE2).

The patterns come from scanned files: RE2 takes linear time for any of them, Python's own engine does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from scanner.model.value import Raw, Value
from scanner.sources.terraform.functions.base import Function, FunctionError, Scope, pure, text
from scanner.sources.terraform.functions.string import bounded
from scanner.sources.terraform.kinds import STRING, ListItems

_PLACEHOLDER = re.compile(r"\$(?:(\$)|\{(\w+)\}|(\w+))")


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    import re2  # type: ignore[import-untyped]  # ships no types; imported late, few configurations use patterns

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options=options)
    except re2.error as error:
        raise FunctionError(f"invalid regular expression {pattern!r}") from error


def _matches(pattern: Any, subject: str) -> Iterator[Any]:
    """All matches but the empty ones that follow another match at once."""
    end = -1
    for match in pattern.finditer(subject):
        if match.end() > match.start() or match.start() != end:
            yield match
        end = match.end()


def _captures(pattern: Any, match: Any) -> Value:
    """The whole match, or a tuple of the groups, or an object of the named groups."""
    names = {index: name for name, index in pattern.groupindex.items()}
    groups = [Value(None if group is None else text(group)) for group in match.groups()]
    if names:
        return Value({name: groups[index - 1] for index, name in sorted(names.items())})
    return Value(tuple(groups)) if groups else Value(text(match.group()))


def _checked(pattern: str) -> Any:
    compiled = _compiled(pattern)
    if compiled.groupindex and len(compiled.groupindex) != compiled.groups:
        raise FunctionError("named and unnamed groups cannot be mixed")
    return compiled


def _regex(pattern: str, subject: str) -> Raw:
    compiled = _checked(pattern)
    match = compiled.search(subject)
    if match is None:
        raise FunctionError("the pattern does not match")
    return _captures(compiled, match).raw


def _regexall(pattern: str, subject: str) -> Raw:
    compiled = _checked(pattern)
    return ListItems(_captures(compiled, match) for match in _matches(compiled, subject))


def _replace(_scope: Scope, arguments: list[Value]) -> Raw:
    subject, wanted, replacement = (str(argument.raw) for argument in arguments)
    if len(wanted) > 1 and wanted[0] == wanted[-1] == "/":
        return _replaced_pattern(subject, _compiled(wanted[1:-1]), replacement)
    bounded(len(subject) + (subject.count(wanted) + 1) * len(replacement))
    return subject.replace(wanted, replacement)


def _replaced_pattern(subject: str, pattern: Any, replacement: str) -> str:
    result: list[str] = []
    length = end = 0
    for match in _matches(pattern, subject):
        result += (subject[end : match.start()], _expanded(replacement, match))
        length += len(result[-1])
        bounded(length)
        end = match.end()
    return "".join((*result, subject[end:]))


def _expanded(replacement: str, match: Any) -> str:
    """Go's `$1`, `${1}`, `$name` and `$$`; groups that do not exist are empty."""

    def group(placeholder: re.Match[str]) -> str:
        dollar, braced, plain = placeholder.groups()
        if dollar:
            return "$"
        name = braced or plain
        if name.isdigit():
            return match.group(int(name)) or "" if int(name) <= match.re.groups else ""
        return match.group(name) or "" if name in match.re.groupindex else ""

    return _PLACEHOLDER.sub(group, replacement)


FUNCTIONS = (
    Function("regex", pure(_regex), (STRING, STRING)),
    Function("regexall", pure(_regexall), (STRING, STRING)),
    Function("replace", _replace, (STRING, STRING, STRING)),
)
