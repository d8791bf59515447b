"""A service of a Compose file with every short form written out.

Source: Compose specification, chapter "services". What a service leaves out stays absent; facts know the defaults.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from typing import Final

from scanner.model.secrets import announces_secret, has_credentials
from scanner.model.value import ABSENT, Hop, Reason, Unknown, Value, fields_of, unknown
from scanner.model.words import Words
from scanner.sources.compose.values import elements, fields, names, pairs, placed

EnvFile = Callable[[str], "Mapping[str, Value] | None"]
"""The variables of a file, by its path as written; None where the file is not there."""

_PORT: Final = re.compile(
    r"(?:(?P<host>\[[^\]]+\]|[^:\[\]]*):)??(?:(?P<published>\d+(?:-\d+)?)?:)?(?P<target>\d+(?:-\d+)?)(?:/(?P<protocol>\w+))?\Z"
)
_MODES: Final = frozenset({"ro", "rw", "z", "Z", "cached", "delegated", "consistent", "nocopy"})


class OpenVariables(dict[str, Value]):
    """Variables of which some may come from a file that is not there: any other name is unknown."""

    def __init__(self, known: Mapping[str, Value], missing: Unknown) -> None:
        super().__init__(known)
        self._missing = missing

    def get(self, key: str, default: Value | None = None) -> Value | None:  # type: ignore[override] # one value type
        """The value of a name; unknown where nothing tells."""
        return self[key] if key in self else default or Value(self._missing)


def normalised(name: str, service: Value, env_file: EnvFile) -> Value:
    """The service as an object with `name` and long forms only; a field that is not understood stays as written."""
    raw = dict(fields_of(service))
    raw["name"] = Value(name, service.location)
    for key, rewrite in _REWRITES.items():
        if key in raw and not raw[key].is_unknown and not raw[key].is_absent:
            raw[key] = rewrite(raw[key])
    environment = _environment(raw, service, env_file)
    if environment is not None:
        raw["environment"] = environment
    return placed(raw, service)


def _environment(raw: Mapping[str, Value], service: Value, env_file: EnvFile) -> Value | None:
    """What the container gets: the variables of its files, a later file winning, and its own over all of them."""
    merged: dict[str, Value] = {}
    missing: Unknown | None = None
    for item in elements(raw.get("env_file")):
        path = fields_of(item).get("path")
        found = env_file(path.raw) if path is not None and isinstance(path.raw, str) else None
        if path is not None and found is not None:
            merged.update({key: _through(value, f"env_file {path.raw}", item) for key, value in found.items()})
        elif path is not None:
            detail = Words(
                f"{path.raw} is not there; it may set more variables", f"{path.raw} 파일이 없어 다른 변수를 알 수 없음"
            )
            missing = Unknown(Reason.UNREADABLE, detail)
    own = raw.get("environment")
    if own is None and not merged and missing is None:
        return None
    if own is not None and own.is_unknown:
        return own
    for key, value in pairs(own).items():
        merged[key] = _variable(key, value)
    here = own or raw["env_file"]
    return placed(OpenVariables(merged, missing) if missing else merged, here if own else service)


def _through(value: Value, what: str, item: Value) -> Value:
    return value.with_(hops=(Hop(what, item.location),))


def _variable(name: str, value: Value) -> Value:
    """One variable: text as the container sees it; without a value, what the shell of the host gives."""
    if value.raw is None or value.raw is ABSENT:
        detail = Words(f"{name} has the value that the host gives it", f"{name} 값은 호스트가 정함")
        return unknown(Reason.UNSET_VARIABLE, detail, location=value.location)
    text = value.raw if isinstance(value.raw, str) else value.shape or ""
    sensitive = value.sensitive or announces_secret(name) or has_credentials(text)
    return Value(value.raw, value.location, value.hops, value.refs, sensitive, None, value.shape)


def _ports(value: Value) -> Value:
    return placed(tuple(_port(item) for item in elements(value)), value)


def _port(item: Value) -> Value:
    if isinstance(item.raw, Mapping) or item.is_unknown:
        return item
    match = _PORT.match(str(item.raw))
    if match is None:
        return placed(Unknown(Reason.UNSUPPORTED, f"{item.raw} is no port mapping"), item)
    host = match["host"]
    return fields(
        item,
        target=_number(match["target"]),
        published=_number(match["published"]),
        host_ip=host.strip("[]") if host else None,
        protocol=match["protocol"] or "tcp",
    )


def _number(text: str | None) -> int | str | None:
    return int(text) if text is not None and text.isdigit() else text


def _volumes(value: Value) -> Value:
    return placed(tuple(_volume(item) for item in elements(value)), value)


def _volume(item: Value) -> Value:
    if not isinstance(item.raw, str):
        return item
    parts = item.raw.split(":")
    options = parts.pop().split(",") if len(parts) > 1 and set(parts[-1].split(",")) <= _MODES else []
    source, target = (parts[0], ":".join(parts[1:])) if len(parts) > 1 else (None, parts[0])
    kind = "bind" if source and source[0] in "./~$" else "volume"
    return fields(item, type=kind, source=source, target=target, read_only="ro" in options)


def _env_files(value: Value) -> Value:
    return placed(
        tuple(fields(item, path=item.raw, required=True) if isinstance(item.raw, str) else item
              for item in ([value] if isinstance(value.raw, Mapping) else elements(value))),
        value,
    )  # fmt: skip


def _healthcheck(value: Value) -> Value:
    """`test` as one command line; `disable` where it is switched off in either way."""
    raw = dict(fields_of(value))
    test = raw.get("test")
    if test is None or test.is_unknown or isinstance(test.raw, str):
        return value
    words = [item.raw for item in elements(test) if isinstance(item.raw, str)]
    if words[:1] == ["NONE"]:
        raw["disable"] = placed(True, test)
        del raw["test"]
    elif len(words) == len(list(elements(test))):
        raw["test"] = placed(words[1] if words[:1] == ["CMD-SHELL"] and len(words) > 1 else _command(words), test)
    return placed(raw, value)


def _command(words: list[str]) -> str:
    return shlex.join(words[1:] if words[:1] == ["CMD"] else words)


def _depends_on(value: Value) -> Value:
    if isinstance(value.raw, Mapping):
        return value
    started = {
        item.raw: fields(item, condition="service_started") for item in elements(value) if isinstance(item.raw, str)
    }
    return placed(started, value)


def _build(value: Value) -> Value:
    return fields(value, context=value.raw) if isinstance(value.raw, str) else value


_REWRITES: Final[Mapping[str, Callable[[Value], Value]]] = {
    "ports": _ports,
    "volumes": _volumes,
    "env_file": _env_files,
    "healthcheck": _healthcheck,
    "depends_on": _depends_on,
    "build": _build,
    "labels": lambda value: placed(pairs(value), value),
    "networks": lambda value: placed(names(value), value),
    "sysctls": lambda value: placed(pairs(value), value),
    "extra_hosts": lambda value: placed(tuple(elements(value)), value) if not fields_of(value) else value,
}
