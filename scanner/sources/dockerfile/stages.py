"""What the stages of a Dockerfile come to, instruction by instruction.

Source of the rules: Dockerfile reference (inheritance between stages, ENTRYPOINT and CMD, scope of ARG and ENV).
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from scanner.model.location import Location
from scanner.model.secrets import announces_secret, has_credentials
from scanner.model.value import Reason, Value, unknown
from scanner.model.words import Words
from scanner.sources.dockerfile.substitution import Scope, expand
from scanner.sources.dockerfile.syntax import Instruction

_SHELL: Final = ("/bin/sh", "-c")
_HEALTH: Final = ("interval", "timeout", "start-period", "start-interval", "retries")

Variables = dict[str, tuple[Value, Location]]


@dataclass(slots=True)
class Stage:
    """A stage: what its image has after all instructions so far; a stage that is built on it takes most of it over."""

    name: str
    index: int
    location: Location
    base: Value
    written: Value
    inherited: Stage | None = None
    platform: Value | None = None
    arguments: Variables = field(default_factory=dict)
    env: Variables = field(default_factory=dict)
    labels: dict[str, Value] = field(default_factory=dict)
    expose: list[Value] = field(default_factory=list)
    shell: tuple[str, ...] = _SHELL
    settings: dict[str, Value] = field(default_factory=dict)
    triggers: list[Instruction] = field(default_factory=list)
    commands: list[Value] = field(default_factory=list)
    entered: bool = False

    def __post_init__(self) -> None:
        """Takes over what the stage before has."""
        if self.inherited is not None:
            before = self.inherited
            self.arguments, self.env = dict(before.arguments), dict(before.env)
            self.labels, self.expose = dict(before.labels), list(before.expose)
            self.shell, self.settings = before.shell, dict(before.settings)

    def scope(self, escape: str) -> Scope:
        """The variables that an instruction sees now; ENV wins over ARG."""
        return Scope({**self.arguments, **self.env}, self._missing, escape)

    def _missing(self, name: str) -> Value:
        if self.base.raw == "scratch":
            return Value("")
        detail = Words(f"${name} may come from the base image", f"${name} 값은 기반 이미지에서 올 수 있음")
        return unknown(Reason.UNREADABLE, detail)

    def layers(self) -> list[Value]:
        """The instructions of the stage and, before them, of the local stages that it is built on."""
        stages: list[Stage] = []
        stage: Stage | None = self
        while stage is not None:
            stages.append(stage)
            stage = stage.inherited
        return [command for stage in reversed(stages) for command in stage.commands]

    def value(self) -> Value:
        """The stage as an object."""
        given = {"platform": self.platform} if self.platform is not None else {}
        if self.base.raw != "scratch":
            given["base"] = self.base
        if self.name:
            given["name"] = Value(self.name, self.location)
        known: dict[str, Value] = {
            "index": Value(self.index, self.location),
            "from": self.written,
            "env": Value({name: value for name, (value, _) in self.env.items()}, self.location),
            "labels": Value(dict(self.labels), self.location),
            "expose": Value(tuple(self.expose), self.location),
            "instructions": Value(tuple(self.commands), self.location),
            "layers": Value(tuple(self.layers()), self.location),
        }
        return Value({**given, **known, **self.settings}, self.location)


def apply(stage: Stage, instruction: Instruction, globals_: Variables, escape: str) -> None:
    """What an instruction changes in the image of a stage."""
    change = _CHANGES.get(instruction.keyword)
    if change is not None:
        change(stage, instruction, globals_, escape)


def declare(instruction: Instruction, variables: Variables, scope: Scope, fallback: Variables) -> None:
    """The names of an ARG, with their defaults; a name alone takes what stands before the first FROM."""
    for name, written, location in instruction.pairs:
        if written is not None:
            value = expand(written, scope, location)
        elif name in fallback:
            value = fallback[name][0]
        else:
            detail = Words(f"the build argument {name} has no default", f"빌드 인자 {name} 기본값 없음")
            value = unknown(Reason.UNSET_VARIABLE, detail, location=location)
        variables[name] = (hidden(name, value), location)


def hidden(name: str, value: Value) -> Value:
    """The value, kept out of reports where its name or itself looks like a credential."""
    text = value.raw if isinstance(value.raw, str) else ""
    return value.with_(sensitive=announces_secret(name) or has_credentials(text))


def _arg(stage: Stage, instruction: Instruction, globals_: Variables, escape: str) -> None:
    declare(instruction, stage.arguments, stage.scope(escape), globals_)


def _env(stage: Stage, instruction: Instruction, _globals: Variables, escape: str) -> None:
    # All assignments of one ENV see the variables as they were before it.
    scope = stage.scope(escape)
    for name, written, location in instruction.pairs:
        stage.env[name] = (hidden(name, expand(written or "", scope, location)), location)


def _label(stage: Stage, instruction: Instruction, _globals: Variables, escape: str) -> None:
    for name, written, location in instruction.pairs:
        stage.labels[str(expand(name, stage.scope(escape), location).raw)] = expand(
            written or "", stage.scope(escape), location
        )


def _expose(stage: Stage, instruction: Instruction, _globals: Variables, escape: str) -> None:
    """Ports as `3000/tcp`."""
    for word in instruction.words:
        value = expand(word, stage.scope(escape), instruction.location)
        if isinstance(value.raw, str):
            port, _, protocol = value.raw.partition("/")
            value = Value(f"{port}/{(protocol or 'tcp').lower()}", value.location, value.hops)
        stage.expose.append(value)


def _user(stage: Stage, instruction: Instruction, _globals: Variables, escape: str) -> None:
    stage.settings["user"] = expand(instruction.text, stage.scope(escape), instruction.location)


def _workdir(stage: Stage, instruction: Instruction, _globals: Variables, escape: str) -> None:
    value = expand(instruction.text, stage.scope(escape), instruction.location)
    before = stage.settings.get("workdir")
    if isinstance(value.raw, str) and not value.raw.startswith("/"):
        if before is not None and isinstance(before.raw, str):
            value = Value(posixpath.join(before.raw, value.raw), instruction.location, value.hops)
        elif stage.base.raw != "scratch":
            detail = "the working directory of the base image is not known"
            value = unknown(Reason.UNREADABLE, detail, location=instruction.location)
    stage.settings["workdir"] = value


def _shell(stage: Stage, instruction: Instruction, _globals: Variables, _escape: str) -> None:
    stage.shell = tuple(instruction.exec_form or _SHELL)


def _entrypoint(stage: Stage, instruction: Instruction, _globals: Variables, _escape: str) -> None:
    stage.settings["entrypoint"] = command(stage, instruction)
    # A command that came with the stage before belongs to the entry point that this one replaces.
    if not stage.entered:
        stage.settings.pop("cmd", None)


def _cmd(stage: Stage, instruction: Instruction, _globals: Variables, _escape: str) -> None:
    stage.settings["cmd"] = command(stage, instruction)
    stage.entered = True


def command(stage: Stage, instruction: Instruction) -> Value:
    """The arguments of a command; the shell form runs in the shell of the stage. Variables are left to that shell."""
    arguments = instruction.exec_form
    if arguments is None:
        arguments = [*stage.shell, instruction.text]
    place = instruction.location
    return Value(tuple(Value(argument, place) for argument in arguments), place)


def _healthcheck(stage: Stage, instruction: Instruction, _globals: Variables, _escape: str) -> None:
    """As Compose writes it: `test` is NONE (then it is `disabled`), CMD with arguments, or CMD-SHELL with a text."""
    place = instruction.location
    inner = instruction.inner
    if inner is None:
        words = ["NONE"]
    elif inner.exec_form is not None:
        words = ["CMD", *inner.exec_form]
    else:
        words = ["CMD-SHELL", inner.text]
    check: dict[str, Value] = {"test": Value(tuple(Value(word, place) for word in words), place)}
    if inner is None:
        check["disabled"] = Value(True, place)
    for name in _HEALTH:
        if name in instruction.flags:
            text = instruction.flags[name]
            check[name.replace("-", "_")] = Value(int(text) if text.isdecimal() else text, place)
    stage.settings["healthcheck"] = Value(check, place)


def _onbuild(stage: Stage, instruction: Instruction, _globals: Variables, _escape: str) -> None:
    if instruction.inner is not None:
        stage.triggers.append(instruction.inner)


_CHANGES: Final[dict[str, Callable[[Stage, Instruction, Variables, str], None]]] = {
    "ARG": _arg,
    "CMD": _cmd,
    "ENTRYPOINT": _entrypoint,
    "ENV": _env,
    "EXPOSE": _expose,
    "HEALTHCHECK": _healthcheck,
    "LABEL": _label,
    "ONBUILD": _onbuild,
    "SHELL": _shell,
    "USER": _user,
    "WORKDIR": _workdir,
}
