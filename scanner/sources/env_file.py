"""Files of environment variables (`.env`, `staging.env`), as Compose and dotenv read them."""

from __future__ import annotations

import io
from collections.abc import Iterator

from scanner.model.inventory import Level, Notification
from scanner.model.location import Location
from scanner.model.resource import Origin, Resource
from scanner.model.secrets import announces_secret, has_credentials
from scanner.model.value import Reason, Value, unknown
from scanner.model.words import Words

TYPE = "env_file"


def read_env_file(text: str, path: str) -> tuple[Resource, list[Notification]]:
    """The file as one resource with the attribute `variables`; lines that are no assignment become notifications.

    A variable that refers to another one of the file has its value; what the surrounding environment would give is
    unknown. Values whose name announces a secret, and URLs with a password, are sensitive.
    """
    from scanner.sources.compose.interpolation import interpolate  # a Compose file reads files of variables in turn

    variables: dict[str, Value] = {}
    notifications: list[Notification] = []
    for name, value, location in _bindings(text, path):
        if name is None:
            what = "this line is no NAME=VALUE; it is left out"
            notifications.append(Notification(Level.WARNING, what, location))
            continue
        if value is None:
            detail = Words(f"{name} has the value that the environment gives it", f"{name} 값은 실행 환경이 정함")
            variables[name] = unknown(Reason.UNSET_VARIABLE, detail, location=location)
            continue
        given = Value(value, location, sensitive=announces_secret(name) or has_credentials(value))
        variables[name] = interpolate(given, variables)
    here = Location(path, 1)
    attributes = Value({"path": Value(path, here), "variables": Value(variables, here)}, here)
    return Resource(TYPE, path, attributes, here, Origin.MANIFEST), notifications


def _bindings(text: str, path: str) -> Iterator[tuple[str | None, str | None, Location]]:
    """Name, value and place of every assignment; no name for a line that is none."""
    from dotenv.parser import parse_stream

    for binding in parse_stream(io.StringIO(text)):
        if binding.key is None and not binding.error:
            continue
        written = binding.original.string
        blank = len(written) - len(written.lstrip("\n"))
        lines = written.strip("\n").split("\n")
        first = binding.original.line + blank
        column = len(lines[0]) - len(lines[0].lstrip()) + 1
        end = Location(path, first, column, first + len(lines) - 1, len(lines[-1].rstrip()) + 1)
        yield None if binding.error else binding.key, binding.value, end
