"""Conditions read from YAML: every shape of the grammar, checked with the place of what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from scanner.model.path import parse_path
from scanner.model.value import Plain
from scanner.policy.conditions import (
    NOTHING,
    AllOf,
    AnyOf,
    Call,
    Condition,
    Count,
    Distinct,
    Every,
    Not,
    OfComponent,
    OfResource,
    Pick,
    ReferencedBy,
    References,
    Some,
    Test,
    When,
)
from scanner.policy.functions import FUNCTIONS
from scanner.policy.membership import MEMBERSHIP_OPS
from scanner.policy.operators import OPERATORS, Operator
from scanner.policy.params import Param, names_in
from scanner.policy.parse_values import check_as, check_literal, check_param
from scanner.policy.paths import PathChecker
from scanner.policy.typed import TYPES
from scanner.policy.yaml_nodes import Node, nearest

SHAPES = ("path", "any_of", "all_of", "not", "some", "every", "references", "referenced_by", "count", "distinct",
           "function")  # fmt: skip
_NUMBER_OPS = ("equals", "gt", "gte", "lt", "lte")
_TYPE_NAME = re.compile(r"[A-Za-z][\w./\-]*\Z")


@dataclass(slots=True)
class Reader:
    """Reads conditions of one file.

    names       the parameters or inputs that `${…}` may refer to, with their declarations
    paths       checks attribute paths against provider schemas
    components  the components of the baseline, None in a policy
    used        collects the names that were referred to
    """

    names: Mapping[str, Param]
    paths: PathChecker
    components: Mapping[str, tuple[str, ...]] | None = None
    used: set[str] = field(default_factory=set)

    def condition(
        self, node: Node, types: tuple[str, ...], prefix: str = "", tested: tuple[str, ...] = ()
    ) -> Condition:
        """A list of items that must all hold; a single item may stand without the list."""
        if isinstance(node.data, dict):
            return self.item(node, types, prefix, tested or types)
        items = node.items()
        if not items:
            raise node.error("must have at least one item")
        parsed = tuple(self.item(item, types, prefix, tested or types) for item in items)
        return parsed[0] if len(parsed) == 1 else AllOf(parsed)

    def item(self, node: Node, types: tuple[str, ...], prefix: str, tested: tuple[str, ...]) -> Condition:
        """One item: exactly one shape, with an optional `when`."""
        items = node.mapping()
        shapes = [key for key in items if key in SHAPES]
        if "distinct" in shapes or len(shapes) == 1:
            pass
        elif not shapes:
            unknown = next((key for key in items if key != "when"), "")
            hint = nearest(unknown, SHAPES) if unknown else f"one of {', '.join(SHAPES)}"
            raise (node.key_error(unknown, "unknown kind of condition", hint) if unknown
                   else node.error("says nothing to test", hint))  # fmt: skip
        else:
            raise node.error(f"says several things at once: {', '.join(shapes)}", "make them separate items")
        shape = shapes[0]
        scope = Scope(types, prefix, tested)
        parsed = _READERS[shape](self, node, scope)
        if "when" in items:
            when = self.condition(items["when"], types, prefix, tested)
            return When(when, parsed)
        return parsed

    def references_to_names(self, node: Node, data: object) -> set[str]:
        """The names that data refers to. Raises DefinitionError for one that is not declared."""
        names = names_in(data)
        for name in sorted(names):
            if name not in self.names:
                raise node.error(f"${{{name}}} is not declared", nearest(name, self.names))
        self.used |= names
        return names

    def path(self, node: Node, scope: Scope) -> str:
        """An attribute path of the types in scope."""
        text = node.text()
        self.references_to_names(node, text)
        self.paths.check(node, text, scope.types, scope.prefix)
        return text

    def pick(self, node: Node, tested: tuple[str, ...], extra: Iterable[str] = ()) -> Pick:
        """`{resource: …, where: …}`, or `component:` instead of `resource:` in a baseline."""
        items = node.mapping(["resource", "component", "where", *extra])
        component = None
        if "component" in items:
            if self.components is None or "resource" in items:
                raise node.key_error("component", "can only stand in a baseline, in place of resource")
            component = items["component"].choice(self.components)
            types = self.components[component]
        else:
            if "resource" not in items:
                raise node.error("resource is missing")
            types = self.types(items["resource"])
        where = self.condition(items["where"], types, "", tested) if "where" in items else NOTHING
        return Pick(() if component else types, where, component)

    def types(self, node: Node) -> tuple[str, ...]:
        """Resource types, one or a list."""
        nodes = node.data if isinstance(node.data, list) else [node]
        for item in nodes:
            if not _TYPE_NAME.match(item.text()):
                raise item.error(f"{item.data!r} is no resource type")
            self.paths.check_type(item, item.text())
        if not nodes:
            raise node.error("must name at least one resource type")
        return tuple(item.text() for item in nodes)


@dataclass(slots=True, frozen=True)
class Scope:
    """Where paths start: the types and the path inside them; `tested` are the types of the resource under test."""

    types: tuple[str, ...]
    prefix: str
    tested: tuple[str, ...]


def _test(reader: Reader, node: Node, scope: Scope) -> Condition:
    items = node.mapping(["path", "op", "value", "as", "match", "when"], ["op"])
    path = reader.path(items["path"], scope)
    op = items["op"].choice(OPERATORS)
    operator = OPERATORS[op]
    as_ = items["as"].choice(TYPES) if "as" in items else None
    match = items["match"].choice(("all", "any")) if "match" in items else "all"
    if operator.needs == "none":
        for key in ("value", "as"):
            if key in items:
                raise node.key_error(key, f"op {op} takes none")
        return Test(path, op, None, None, match)
    if "value" not in items:
        raise node.error(f"op {op} needs a value")
    check_as(items.get("as"), operator, as_)
    value = _value(reader, items["value"], operator, as_, scope)
    return Test(path, op, value, as_, match)


def _value(
    reader: Reader, node: Node, operator: Operator, as_: str | None, scope: Scope
) -> Plain | OfResource | OfComponent:
    components = _components(reader, node, operator, as_)
    if components is not None:
        return components
    if isinstance(node.data, dict) and list(node.data) == ["path"]:
        path = node.data["path"]
        reader.paths.check(path, path.text(), scope.tested, "")
        return OfResource(path.text())
    data = node.plain()
    names = reader.references_to_names(node, data)
    whole = isinstance(data, str) and data == f"${{{next(iter(names), '')}}}"
    if whole:
        check_param(node, reader.names[next(iter(names))], operator)
    elif not names:
        check_literal(node, data, operator, as_)
    elif operator.needs == "list" and not isinstance(data, list):
        raise node.error(f"op {operator.name} needs a list")
    return data


def _components(reader: Reader, node: Node, operator: Operator, as_: str | None) -> OfComponent | None:
    """`{component: NAME}` or a list of those, None for any other value."""
    nodes = node.data if isinstance(node.data, list) else [node]
    if not nodes or not all(isinstance(item.data, dict) and list(item.data) == ["component"] for item in nodes):
        return None
    if reader.components is None:
        raise node.error("components can only be named in a baseline")
    if operator.name not in MEMBERSHIP_OPS or as_ is not None:
        raise node.error(f"op {operator.name} cannot compare with a component", f"known: {', '.join(MEMBERSHIP_OPS)}")
    return OfComponent(tuple(item.mapping()["component"].choice(reader.components) for item in nodes))


def _group(key: str, cls: type[AllOf] | type[AnyOf]) -> Callable[[Reader, Node, Scope], Condition]:
    def read(reader: Reader, node: Node, scope: Scope) -> Condition:
        items = node.mapping([key, "when"])
        parts = items[key].items()
        if not parts:
            raise items[key].error("must have at least one item")
        return cls(tuple(_alternative(reader, part, scope) for part in parts))

    return read


def _alternative(reader: Reader, node: Node, scope: Scope) -> Condition:
    return reader.condition(node, scope.types, scope.prefix, scope.tested)


def _not(reader: Reader, node: Node, scope: Scope) -> Condition:
    items = node.mapping(["not", "when"])
    return Not(_alternative(reader, items["not"], scope))


def _some(reader: Reader, node: Node, scope: Scope) -> Condition:
    items = node.mapping(["some", "satisfy", "when"], ["satisfy"])
    path = reader.path(items["some"], scope)
    return Some(path, reader.condition(items["satisfy"], scope.types, _below(scope, path), scope.tested))


def _every(reader: Reader, node: Node, scope: Scope) -> Condition:
    items = node.mapping(["every", "where", "satisfy", "when"], ["satisfy"])
    path = reader.path(items["every"], scope)
    below = _below(scope, path)
    where = reader.condition(items["where"], scope.types, below, scope.tested) if "where" in items else NOTHING
    return Every(path, where, reader.condition(items["satisfy"], scope.types, below, scope.tested))


def _below(scope: Scope, path: str) -> str:
    """The prefix for paths relative to an element; alternatives are too many to follow, so checking ends there."""
    if len(parse_path(path.replace("${", "").replace("}", ""))) > 1 or scope.prefix == "*":
        return "*"
    return f"{scope.prefix}.{path}" if scope.prefix else path


def _references(reader: Reader, node: Node, scope: Scope) -> Condition:
    items = node.mapping(["references", "when"])
    inner = items["references"]
    through = _through(reader, inner, scope)
    return References(reader.pick(inner, scope.tested, ["through"]), through)


def _through(reader: Reader, node: Node, scope: Scope) -> str | None:
    items = node.mapping()
    return reader.path(items["through"], scope) if "through" in items else None


def _referenced_by(reader: Reader, node: Node, scope: Scope) -> Condition:
    items = node.mapping(["referenced_by", "op", "value", "when"])
    inner = items["referenced_by"]
    pick = reader.pick(inner, scope.tested, ["through"])
    types = pick.types or (reader.components or {})[pick.component or ""]
    through = _through(reader, inner, Scope(types, "", types))
    op, value = _number(reader, node, required=False)
    return ReferencedBy(pick, through, op, value)


def _count(reader: Reader, node: Node, scope: Scope) -> Condition:
    items = node.mapping(["count", "op", "value", "when"])
    pick = reader.pick(items["count"], scope.tested)
    return Count(pick, *_number(reader, node, required=False))


def _distinct(reader: Reader, node: Node, scope: Scope) -> Condition:
    items = node.mapping(["distinct", "op", "value", "when"])
    inner = items["distinct"]
    inner_items = inner.mapping(["resource", "component", "where", "path"], ["path"])
    if "resource" not in inner_items and "component" not in inner_items:
        if "where" in inner_items:
            raise inner.key_error("where", "needs resource")
        return Distinct(None, reader.path(inner_items["path"], scope), *_number(reader, node, required=True))
    pick = reader.pick(inner, scope.tested, ["path"])
    types = pick.types or (reader.components or {})[pick.component or ""]
    path = reader.path(inner_items["path"], Scope(types, "", types))
    return Distinct(pick, path, *_number(reader, node, required=True))


def _number(reader: Reader, node: Node, *, required: bool) -> tuple[str, Plain]:
    items = node.mapping()
    if not required and "op" not in items and "value" not in items:
        return "gte", 1
    for key in ("op", "value"):
        if key not in items:
            raise node.error(f"{key} is missing")
    op = items["op"].choice(_NUMBER_OPS)
    value = items["value"].plain()
    names = reader.references_to_names(items["value"], value)
    if names:
        param = reader.names[next(iter(names))]
        if value != f"${{{param.name}}}" or param.type not in ("integer", "number"):
            raise items["value"].error("must be a number or one parameter of type integer")
    elif isinstance(value, bool) or not isinstance(value, int):
        raise items["value"].error("must be a whole number")
    return op, value


def _function(reader: Reader, node: Node, scope: Scope) -> Condition:  # noqa: ARG001 (one signature for the table)
    items = node.mapping(["function", "with", "when"])
    function = FUNCTIONS[items["function"].choice(FUNCTIONS)]
    arguments = items.get("with")
    given = arguments.mapping([*function.arguments, *function.optional], function.arguments) if arguments else {}
    if arguments is None and function.arguments:
        raise node.error(f"function {function.name} needs with: {', '.join(function.arguments)}")
    data: dict[str, Plain] = {name: item.plain() for name, item in given.items()}
    for item in given.values():
        reader.references_to_names(item, item.plain())
    return Call(function.name, data)


_READERS: dict[str, Callable[[Reader, Node, Scope], Condition]] = {
    "path": _test,
    "any_of": _group("any_of", AnyOf),
    "all_of": _group("all_of", AllOf),
    "not": _not,
    "some": _some,
    "every": _every,
    "references": _references,
    "referenced_by": _referenced_by,
    "count": _count,
    "distinct": _distinct,
    "function": _function,
}
