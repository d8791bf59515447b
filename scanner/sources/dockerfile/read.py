"""One Dockerfile as one resource: all instructions, every stage, and the final image."""

from __future__ import annotations

from typing import Final

from scanner.model.inventory import Level, Notification
from scanner.model.location import Location
from scanner.model.resource import Origin, Resource
from scanner.model.value import Reason, Value, unknown
from scanner.sources.dockerfile.stages import Stage, Variables, apply, declare, hidden
from scanner.sources.dockerfile.substitution import Scope, expand
from scanner.sources.dockerfile.syntax import Instruction, read_syntax

TYPE: Final = "dockerfile"
_PLATFORM: Final = ("BUILD", "TARGET")
_COPIES: Final = ("COPY", "ADD")
_MAX_TEXT: Final = 500_000
_MAX_INSTRUCTIONS: Final = 2_000
_TOO_LARGE: Final = f"a Dockerfile of more than {_MAX_TEXT} characters or {_MAX_INSTRUCTIONS} instructions is not read"


def read_dockerfile(text: str, path: str) -> tuple[Resource, list[Notification]]:
    """The file as one resource of type `dockerfile`; places that are no Dockerfile become error notifications.

    path          of the file
    instructions  {keyword, value, stage, form (exec or shell)}, and by keyword: `from`, `sources`, `destination`
                  (COPY, ADD), `variables` (ENV, ARG, LABEL: {name, value}), `flags`
    stages        {name, index, from (as written), base (the image below all local stages, unless it is scratch), user,
                  workdir, entrypoint, cmd, healthcheck {test, interval, …}, expose (`3000/tcp`), env, labels,
                  platform, instructions, layers (also the instructions of local stages below it)}
    final         the last stage

    A build argument without default, a variable that only the base image may set, and everything in a file with
    errors are unknown.
    """
    here = Location(path, 1)
    if len(text) > _MAX_TEXT:
        return _broken(path, [here]), [Notification(Level.ERROR, _TOO_LARGE, here, (TYPE,))]
    syntax = read_syntax(text, path)
    if syntax.errors:
        return _broken(path, syntax.errors), [_error(place) for place in syntax.errors]
    if len(syntax.instructions) > _MAX_INSTRUCTIONS:
        return _broken(path, [here]), [Notification(Level.ERROR, _TOO_LARGE, here, (TYPE,))]
    build = _Build(syntax.escape)
    for instruction in syntax.instructions:
        build.take(instruction)
    if not build.stages:
        return _broken(path, [here]), [Notification(Level.ERROR, "a Dockerfile without FROM", here, (TYPE,))]
    stages = tuple(stage.value() for stage in build.stages)
    attributes = {
        "path": Value(path, here),
        "instructions": Value(tuple(build.instructions), here),
        "stages": Value(stages, here),
        "final": stages[-1],
    }
    return _resource(path, attributes, build.stages[-1].location), []


def _resource(path: str, attributes: dict[str, Value], location: Location) -> Resource:
    return Resource(TYPE, path, Value(attributes, location), location, Origin.MANIFEST)


def _broken(path: str, errors: list[Location]) -> Resource:
    """What can be said of a file that could not be read whole: nothing but its name."""
    detail = "the Dockerfile cannot be read whole"
    nothing = unknown(Reason.UNREADABLE, detail, location=errors[0])
    attributes = {"path": Value(path, Location(path, 1)), "instructions": nothing, "stages": nothing, "final": nothing}
    return _resource(path, attributes, errors[0])


def _error(place: Location) -> Notification:
    return Notification(Level.ERROR, "this is no instruction of a Dockerfile", place, (TYPE,))


class _Build:
    """Goes through the instructions and keeps the stages so far."""

    def __init__(self, escape: str) -> None:
        self.stages: list[Stage] = []
        self.instructions: list[Value] = []
        self._escape = escape
        self._globals: Variables = {}

    def take(self, instruction: Instruction) -> None:
        """One instruction: a new stage, an argument before the first, or a change of the current stage."""
        if instruction.keyword == "FROM":
            self._begin(instruction)
        elif self.stages:
            self._keep(instruction)
            apply(self.stages[-1], instruction, self._globals, self._escape)
        else:
            self._keep(instruction)
            if instruction.keyword == "ARG":
                declare(instruction, self._globals, self._scope(), {})

    def _scope(self) -> Scope:
        return Scope(self._globals, _global, self._escape)

    def _begin(self, instruction: Instruction) -> None:
        written = expand(instruction.image, self._scope(), instruction.location)
        before = self._local(written)
        stage = Stage(
            instruction.alias.lower(),
            len(self.stages),
            instruction.location,
            before.base if before else written,
            written,
            before,
            self._flag(instruction, "platform", self._scope()),
        )
        self.stages.append(stage)
        self._keep(instruction)
        for trigger in before.triggers if before else ():
            apply(stage, trigger, self._globals, self._escape)

    def _local(self, written: Value) -> Stage | None:
        """The earlier stage of that name, if it is one; the last of several."""
        name = written.raw.lower() if isinstance(written.raw, str) else None
        return next((stage for stage in reversed(self.stages) if name and stage.name == name), None)

    def _flag(self, instruction: Instruction, name: str, scope: Scope) -> Value | None:
        text = instruction.flags.get(name)
        return None if text is None else expand(text, scope, instruction.location)

    def _keep(self, instruction: Instruction) -> None:
        """The instruction as an object, in the list of all and in that of its stage."""
        made = self._object(instruction)
        self.instructions.append(made)
        if self.stages:
            self.stages[-1].commands.append(made)

    def _object(self, instruction: Instruction) -> Value:
        place = instruction.location
        stage = self.stages[-1] if self.stages else None
        scope = self._scope() if stage is None or instruction.keyword == "FROM" else stage.scope(self._escape)
        fields: dict[str, Value] = {
            "keyword": Value(instruction.keyword, place),
            "value": _text(instruction, place),
            "form": Value("shell" if _command(instruction).exec_form is None else "exec", place),
        }
        if stage is not None:
            fields["stage"] = Value(stage.name or str(stage.index), place)
        if instruction.flags:
            flags = {name: expand(text, scope, place) for name, text in instruction.flags.items()}
            fields["flags"] = Value(flags, place)
        if instruction.keyword in _COPIES:
            fields.update(self._copy(instruction, scope))
        if instruction.pairs:
            pairs = (_pair(instruction, pair, scope) for pair in instruction.pairs)
            fields["variables"] = Value(tuple(pairs), place)
        return Value(fields, place)

    def _copy(self, instruction: Instruction, scope: Scope) -> dict[str, Value]:
        place = instruction.location
        words = [expand(word, scope, place) for word in instruction.words]
        fields = {"sources": Value(tuple(words[:-1]), place)}
        if words:
            fields["destination"] = words[-1]
        if "from" in instruction.flags:
            fields["from"] = expand(instruction.flags["from"], scope, place)
        return fields


def _command(instruction: Instruction) -> Instruction:
    return instruction.inner or instruction


def _text(instruction: Instruction, place: Location) -> Value:
    secret = any(hidden(name, Value(value)).sensitive for name, value, _ in instruction.pairs if value)
    return Value(instruction.text, place, sensitive=secret)


def _pair(instruction: Instruction, pair: tuple[str, str | None, Location], scope: Scope) -> Value:
    name, written, place = pair
    fields = {"name": Value(name, place)}
    if written is not None:
        value = expand(written, scope, place)
        fields["value"] = value if instruction.keyword == "LABEL" else hidden(name, value)
    return Value(fields, place)


def _global(name: str) -> Value:
    """A variable in FROM that no ARG declares: the platform's own, else a mistake."""
    if name.startswith(_PLATFORM):
        return unknown(Reason.UNSET_VARIABLE, f"${name} is the platform of the build")
    return unknown(Reason.UNSET_VARIABLE, f"no ARG before the first FROM declares {name}")
