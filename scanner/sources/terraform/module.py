"""Module instances: what the names in a module stand for, found out when somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from scanner.model.inventory import Level
from scanner.model.location import Location
from scanner.model.value import Hop, Reason, Reference, Unknown, Value
from scanner.model.words import Words
from scanner.sources.terraform.body import Attribute, Block, evaluate_attribute
from scanner.sources.terraform.body_object import BodyObject
from scanner.sources.terraform.code import ModuleCode
from scanner.sources.terraform.constraints import type_constraint
from scanner.sources.terraform.expand import Expansion, Instance, expand
from scanner.sources.terraform.names import static_names
from scanner.sources.terraform.nowhere import NOWHERE
from scanner.sources.terraform.parser import parse_template
from scanner.sources.terraform.resource_object import ResourceObject
from scanner.sources.terraform.root import Root
from scanner.sources.terraform.scope import MAX_ITERATIONS, EvaluationError, OpenObject, Scope, failed
from scanner.sources.terraform.types import ConversionError, Type, convert
from scanner.sources.terraform.variables import Given

MAX_DEPTH: Final = 40
_CALL_META: Final = frozenset({"source", "version", "providers", "count", "for_each", "depends_on"})


class ModuleObject(OpenObject):
    """The outputs of a module instance, as `module.name` sees them."""

    __slots__ = ("instance", "what")

    def __init__(self, instance: ModuleInstance, what: str) -> None:
        self.instance = instance
        self.what = what

    def __getitem__(self, name: str) -> Value:
        if name not in self.instance.code.outputs:
            raise KeyError(name)
        return self.attribute(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.instance.code.outputs)

    def __len__(self) -> int:
        return len(self.instance.code.outputs)

    def attribute(self, name: str) -> Value:
        """The value of an output. Raises EvaluationError where there is none of that name."""
        block = self.instance.code.outputs.get(name)
        if block is None:
            raise EvaluationError(f'{self.what} has no output "{name}"')
        value = self.instance.output(name)
        attribute = block.body.attributes.get("value")
        place = attribute.location if attribute is not None else block.location
        return value.with_(hops=(Hop(f"{self.what}.{name}", place),))


class ModuleInstance:
    """A module as called from one place, with one key.

    address     `module.data`, empty for the root module
    arguments   what the call gives to its variables
    providers   the provider configurations that it can use, by name and alias
    undecided   set where it is not known whether the instance exists
    names       the names of the calls that lead here
    """

    def __init__(
        self,
        root: Root,
        code: ModuleCode,
        address: str = "",
        arguments: Mapping[str, Given | tuple[Attribute, Scope]] | None = None,
        providers: Mapping[str, Value] | None = None,
        ancestors: Sequence[Path] = (),
        undecided: Value | None = None,
        names: tuple[str, ...] = (),
    ) -> None:
        self.shared = root
        self.code = code
        self.address = address
        self.arguments = arguments or {}
        self.ancestors = (*ancestors, code.directory)
        self.undecided = undecided
        self.names = names
        self.scope = Scope(self)
        self._values: dict[str, Value | None] = {}
        self._expansions: dict[tuple[str, str], Expansion] = {}
        self._children: dict[str, tuple[Expansion, list[ModuleInstance]] | None] = {}
        self.providers: dict[str, Value] = dict(providers or {})
        for key, block in code.providers.items():
            body = BodyObject(block.body, self.scope, self.full(f"provider.{key}"))
            self.providers[key] = Value(body, block.location)

    @property
    def root(self) -> Path:
        """The directory that file functions must not leave."""
        return self.shared.base

    @property
    def directory(self) -> Path:
        """Where relative paths of file functions start."""
        return self.shared.directory

    def full(self, address: str) -> str:
        """An address in this module as seen from the root module."""
        return f"{self.address}.{address}" if self.address else address

    def _once(self, what: str, evaluate: Callable[[], Value]) -> Value:
        """The value of a definition, evaluated at most once; a definition that needs itself is unknown."""
        if what in self._values:
            value = self._values[what]
            return value or Value(Unknown(Reason.ERROR, f"{self.full(what)} depends on itself"))
        self._values[what] = None
        try:
            value = evaluate()
        except RecursionError:
            value = Value(Unknown(Reason.ERROR, f"{self.full(what)} is nested too deeply"))
        self._values[what] = value
        return value

    def variable(self, name: str) -> Value:
        """`var.name`."""
        return self._once(f"var.{name}", lambda: self._variable(name))

    def _variable(self, name: str) -> Value:
        block = self.code.variables.get(name)
        if block is None:
            return Value(Unknown(Reason.ERROR, f"the variable {name} is not declared"))
        attributes = block.body.attributes
        type_, wrong = self._type(block)
        value, place = self._argument(name, type_)
        default = attributes.get("default")
        nullable = attributes.get("nullable")
        required = nullable is not None and evaluate_attribute(nullable, NOWHERE).raw is False
        if default is not None and (value is None or (required and value.raw is None)):
            value, place = evaluate_attribute(default, self.scope), default.location
        if value is None:
            place = block.location
            value = _unset(self.full(f"var.{name}"))
        if wrong is not None and not isinstance(value.raw, Unknown):
            value = failed(wrong, value.location)
        if type_ is not None:
            try:
                value = convert(value, type_)
            except ConversionError as error:
                value = failed(EvaluationError(f"var.{name}: {error}"), value.location)
        secret = attributes.get("sensitive")
        sensitive = secret is not None and evaluate_attribute(secret, NOWHERE).raw is True
        return value.with_(hops=(Hop(f"var.{name}", place),), sensitive=sensitive)

    def _type(self, block: Block) -> tuple[Type | None, EvaluationError | None]:
        attribute = block.body.attributes.get("type")
        if attribute is None:
            return None, None
        try:
            return self.shared.type_of(attribute, type_constraint), None
        except EvaluationError as error:
            return None, error

    def _argument(self, name: str, type_: Type | None) -> tuple[Value | None, Location | None]:
        argument = self.arguments.get(name)
        if argument is None:
            return None, None
        if isinstance(argument, Given):
            return argument.value(type_), argument.location
        attribute, scope = argument
        return evaluate_attribute(attribute, scope), attribute.location

    def local(self, name: str) -> Value:
        """`local.name`."""
        attribute = self.code.locals.get(name)
        if attribute is None:
            return Value(Unknown(Reason.ERROR, f"the local value {name} is not declared"))
        what = f"local.{name}"

        def evaluate() -> Value:
            return evaluate_attribute(attribute, self.scope).with_(hops=(Hop(what, attribute.location),))

        return self._once(what, evaluate)

    def output(self, name: str) -> Value:
        """The value of an output."""
        return self._once(f"output.{name}", lambda: self._output(self.code.outputs[name]))

    def _output(self, block: Block) -> Value:
        attributes = block.body.attributes
        if "value" not in attributes:
            return Value(Unknown(Reason.ERROR, f"the output {block.labels[0]} has no value"), block.location)
        value = evaluate_attribute(attributes["value"], self.scope)
        secret = attributes.get("sensitive")
        if secret is not None and evaluate_attribute(secret, NOWHERE).raw is True:
            value = value.with_(sensitive=True)
        return value

    def setting(self, root: str, name: str) -> Value:
        """`path.module`, `path.root`, `path.cwd`, `terraform.workspace`."""
        if root == "terraform" and name in ("workspace", "env"):
            return Value(self.shared.workspace)
        if root == "path" and name == "module":
            return Value(self.shared.path_of(self.code.directory))
        if root == "path" and name == "root":
            return Value(".")
        if root == "path" and name == "cwd":
            return Value(self.shared.directory.as_posix())
        return Value(Unknown(Reason.UNSUPPORTED, f"{root}.{name} is not known"))

    def expand_template(self, text: str, variables: Mapping[str, Value], name: str) -> Value:
        """The text of a template with only `variables` in scope. Raises EvaluationError."""
        return parse_template(text, Location(name, 1)).evaluate(Scope(self, variables, template=True))

    def spend(self, iterations: int) -> None:
        """Counts iterations of `for` in the whole root module. Raises EvaluationError where there are too many."""
        self.shared.iterations += iterations
        if self.shared.iterations > MAX_ITERATIONS:
            raise EvaluationError(f"more than {MAX_ITERATIONS} iterations")

    def expansion(self, type_: str, name: str) -> Expansion:
        """The instances of a resource."""
        key = (type_, name)
        found = self._expansions.get(key)
        if found is None:
            found = self._expansions[key] = expand(self.code.resources[key].body, self.scope)
        return found

    def instance(self, type_: str, name: str, instance: Instance) -> ResourceObject:
        """One instance of a resource."""
        scope = Scope(self, instance.names) if instance.names else self.scope
        address = self.full(f"{type_}.{name}{instance.suffix}")
        return ResourceObject(self.code.resources[type_, name], scope, address, type_, self)

    def resource(self, type_: str, name: str) -> Value:
        """`type.name`: an object, or a list or map of them."""
        what = f"{type_}.{name}"
        if (type_, name) not in self.code.resources:
            return Value(Unknown(Reason.ERROR, f"{self.full(what)} is not declared"))
        return self._once(what, lambda: self._resource(type_, name))

    def _resource(self, type_: str, name: str) -> Value:
        expansion = self.expansion(type_, name)
        block = self.code.resources[type_, name]
        whole = Reference(self.full(f"{type_}.{name}"))
        if expansion.undecided is not None:
            return Value(expansion.undecided.raw, None, expansion.undecided.hops, (whole,))
        items: dict[int | str | None, Value] = {}
        for instance in expansion.instances:
            body = self.instance(type_, name, instance)
            items[instance.key] = Value(body, block.location, (), (Reference(body.address),))
        return _collected(items, expansion, whole)

    def child(self, name: str) -> Value:
        """`module.name`: an object of outputs, or a list or map of them."""
        if name not in self.code.calls:
            return Value(Unknown(Reason.ERROR, f"the module {name} is not declared"))
        return self._once(f"module.{name}", lambda: self._child(name))

    def _child(self, name: str) -> Value:
        found = self.children(name)
        if found is None:
            full = self.full(f"module.{name}")
            return Value(Unknown(Reason.MODULE, Words(f"{full} is not available", f"{full} 모듈을 읽을 수 없음")))
        expansion, instances = found
        if expansion.undecided is not None:
            return Value(expansion.undecided.raw, None, expansion.undecided.hops)
        place = self.code.calls[name].location
        items: dict[int | str | None, Value] = {}
        for occurrence, instance in zip(expansion.instances, instances, strict=True):
            items[occurrence.key] = Value(ModuleObject(instance, f"module.{name}{occurrence.suffix}"), place)
        return _collected(items, expansion, None)

    def children(self, name: str) -> tuple[Expansion, list[ModuleInstance]] | None:
        """The instances of a called module, None where its code is not available."""
        if name not in self._children:
            self._children[name] = None
            self._children[name] = self._instances(name, self.code.calls[name])
        return self._children[name]

    def _instances(self, name: str, block: Block) -> tuple[Expansion, list[ModuleInstance]] | None:
        code = self.shared.called(self.names, self.code, name)
        if code is None:
            return None
        if code.directory in self.ancestors or len(self.ancestors) > MAX_DEPTH:
            self.shared.loader.note(Level.ERROR, "the module calls itself", block.location)
            return None
        expansion = expand(block.body, self.scope)
        instances: list[ModuleInstance] = []
        for occurrence in expansion.instances:
            scope = Scope(self, occurrence.names) if occurrence.names else self.scope
            arguments = {
                key: (attribute, scope) for key, attribute in block.body.attributes.items() if key not in _CALL_META
            }
            address = self.full(f"module.{name}{occurrence.suffix}")
            undecided = expansion.undecided or self.undecided
            providers = self._passed_providers(block)
            names = (*self.names, name)
            instances.append(
                ModuleInstance(self.shared, code, address, arguments, providers, self.ancestors, undecided, names)
            )
        return expansion, instances

    def _passed_providers(self, block: Block) -> dict[str, Value]:
        """The provider configurations of a called module: those it is given, else the ones without alias."""
        passed = {key: value for key, value in self.providers.items() if "." not in key}
        attribute = block.body.attributes.get("providers")
        items = getattr(attribute.expression, "items", ()) if attribute is not None else ()
        for key, item, _ in items:
            inner, outer = static_names(key), static_names(item)
            if inner and outer and outer[0][0] in self.providers:
                passed[inner[0][0]] = self.providers[outer[0][0]]
        return passed

    def provider(self, type_: str, name: str | None) -> Value | None:
        """The provider configuration for a resource type, or the one named."""
        return self.providers.get(name or type_.removeprefix("data.").split("_", 1)[0])


def _unset(name: str) -> Value:
    return Value(Unknown(Reason.UNSET_VARIABLE, Words(f"{name} has no value", f"{name} 값이 주어지지 않음")))


def _collected(items: dict[int | str | None, Value], expansion: Expansion, whole: Reference | None) -> Value:
    refs = (whole,) if whole is not None else ()
    if expansion.each is None:
        return items[None]
    if expansion.each is int:
        return Value(tuple(items.values()), None, (), refs)
    return Value({str(key): value for key, value in items.items()}, None, (), refs)
