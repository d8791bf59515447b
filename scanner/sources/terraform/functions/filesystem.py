"""Filesystem functions. Only regular files of bounded size inside the scanned directory are read."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from scanner.documents.edited import pending
from scanner.model.value import Raw, Reason, Unknown, Value
from scanner.sources.terraform.functions.base import Function, FunctionError, Scope, derive, pure, text, unknown_from
from scanner.sources.terraform.functions.encoding import encoded_bytes, utf8
from scanner.sources.terraform.functions.string import template_variables
from scanner.sources.terraform.kinds import ANY, STRING
from scanner.sources.terraform.types import make_set

_MOST_BYTES = 4_000_000
_MOST_FILES = 50_000


def _located(scope: Scope, name: str) -> Path | Unknown:
    """The path that a file name means, or why it is not looked at."""
    if name.startswith("~"):
        return Unknown(Reason.UNREADABLE, f"{name} depends on who runs Terraform")
    if "\0" in name:
        raise FunctionError("a file name must not contain NUL")
    path = scope.directory / name
    try:
        inside = path.resolve().is_relative_to(scope.root.resolve())
    except (OSError, RuntimeError) as error:
        raise FunctionError(f"cannot read {name}") from error
    return path if inside else Unknown(Reason.UNREADABLE, f"{name} is outside of the scanned directory")


def read_bytes(scope: Scope, name: str) -> bytes | Unknown:
    """The contents of a file. Raises FunctionError if there is none."""
    path = _located(scope, name)
    if isinstance(path, Unknown):
        return path
    if not path.is_file():
        raise FunctionError(f"there is no file {name}")
    try:
        data = pending(path)
        if data is None:
            with path.open("rb") as file:
                data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise FunctionError(f"cannot read {name}") from error
    return data if len(data) <= _MOST_BYTES else Unknown(Reason.UNREADABLE, f"{name} is too large")


def _file(scope: Scope, arguments: list[Value]) -> Raw:
    data = read_bytes(scope, str(arguments[0].raw))
    return data if isinstance(data, Unknown) else utf8(data)


def _filebase64(scope: Scope, arguments: list[Value]) -> Raw:
    data = read_bytes(scope, str(arguments[0].raw))
    return data if isinstance(data, Unknown) else encoded_bytes(data)


def _fileexists(scope: Scope, arguments: list[Value]) -> Raw:
    path = _located(scope, str(arguments[0].raw))
    if isinstance(path, Unknown):
        return path
    if path.exists() and not path.is_file():
        raise FunctionError(f"{arguments[0].raw} is no regular file")
    return path.is_file()


def _fileset(scope: Scope, arguments: list[Value]) -> Raw:
    name = str(arguments[0].raw)
    fixed, pattern = _split_pattern(posixpath.normpath(f"{name}/{arguments[1].raw}"))
    directory = _located(scope, fixed)
    if isinstance(directory, Unknown):
        return directory
    matcher = _glob(pattern)
    found: list[Value] = []
    for count, file in enumerate(_walk(directory)):
        if count > _MOST_FILES:
            return Unknown(Reason.UNREADABLE, f"{fixed} has too many files")
        if matcher.fullmatch(file) and (directory / file).is_file():
            found.append(Value(text(posixpath.relpath(f"{fixed}/{file}", name))))
    return make_set(found)


def _split_pattern(pattern: str) -> tuple[str, str]:
    """The directory in which a pattern searches, and what it searches for there."""
    parts = pattern.split("/")
    at = next((at for at, part in enumerate(parts) if re.search(r"[*?\[{\\]", part)), len(parts) - 1)
    return "/".join(parts[:at]) or ("/" if pattern.startswith("/") else "."), "/".join(parts[at:])


def _walk(directory: Path) -> Iterator[str]:
    for current, directories, files in os.walk(directory):
        directories.sort()
        for name in files:
            yield (Path(current) / name).relative_to(directory).as_posix()


def _glob(pattern: str) -> re.Pattern[str]:
    """A regular expression for a pattern with `*`, `**`, `?`, `[…]` and `{…,…}`."""
    try:
        return re.compile("".join(_glob_parts(pattern)))
    except re.error as error:
        raise FunctionError(f"invalid pattern {pattern!r}") from error


def _glob_parts(pattern: str) -> Iterator[str]:
    depth = 0
    for token in re.findall(r"\*\*/|(?<![^/])\*\*$|\*\*|\*|\?|\[[^\]]*\]|\\.|[{},]|[^*?\[{},\\]+|.", pattern):
        if token in "{}":
            depth += 1 if token == "{" else -1
            yield "(?:" if token == "{" else ")"
        elif token == "," and depth:
            yield "|"
        elif token[0] == "[" and len(token) > 1:
            yield token
        elif token[0] == "\\":
            yield re.escape(token[1:])
        else:
            yield {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(token) or re.escape(token)


def _templatefile(scope: Scope, arguments: list[Value]) -> Value:
    path, variables = arguments
    names = template_variables(scope, variables)
    if path.is_unknown or names is None:
        return unknown_from(arguments)
    data = read_bytes(scope, str(path.raw))
    if isinstance(data, Unknown):
        return derive(data, arguments)
    return scope.expand_template(utf8(data), names, str(path.raw)).with_(refs=path.refs)


def _abspath(scope: Scope, arguments: list[Value]) -> Raw:
    return posixpath.normpath((scope.directory.absolute() / str(arguments[0].raw)).as_posix())


def clean(path: str) -> str:
    """The shortest name of a path, as Go's filepath.Clean gives it."""
    cleaned = posixpath.normpath(path) if path else "."
    return "/" + cleaned.lstrip("/") if cleaned.startswith("//") else cleaned


def _basename(path: str) -> str:
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def _dirname(path: str) -> str:
    return clean(path[: path.rfind("/") + 1])


def _pathexpand(path: str) -> Raw:
    return Unknown(Reason.COMPUTED, "the home directory depends on who runs Terraform") if path[:1] == "~" else path


FUNCTIONS = (
    Function("abspath", _abspath, (STRING,)),
    Function("basename", pure(_basename), (STRING,)),
    Function("dirname", pure(_dirname), (STRING,)),
    Function("file", _file, (STRING,)),
    Function("filebase64", _filebase64, (STRING,)),
    Function("fileexists", _fileexists, (STRING,)),
    Function("fileset", _fileset, (STRING, STRING)),
    Function("pathexpand", pure(_pathexpand), (STRING,)),
    Function("templatefile", _templatefile, (STRING, ANY), handles_unknown=True),
)
