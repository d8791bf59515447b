"""A baseline read from YAML and checked: names, sections, policies and their arguments, attribute paths."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from scanner.model.finding import Enforce, Kind
from scanner.model.location import Location
from scanner.model.resource_type import Facts
from scanner.model.rule import Severity, Text
from scanner.policy.baseline import Baseline, Document, Requirement, Selection
from scanner.policy.conditions import Condition
from scanner.policy.functions import set_level
from scanner.policy.library import Library
from scanner.policy.measures import check_days, read_metrics
from scanner.policy.params import Param
from scanner.policy.parse import Reader
from scanner.policy.paths import PathChecker
from scanner.policy.policy import Policy
from scanner.policy.read_components import ComponentReader, list_of
from scanner.policy.read_policy import CATEGORIES, check_arguments, read_param, read_select, read_text
from scanner.policy.yaml_nodes import Node, nearest, read_yaml

_KEYS = ("baseline", "document", "scope", "stage", "stages", "inputs", "components", "requirements")
_REQUIREMENT = ("id", "section", "title", "severity", "category", "component", "components", "select", "expect",
                "policy", "with", "assert", "attest", "metric", "remediation", "why", "enforce", "basis", "stage",
                "replaces", "kind")  # fmt: skip
_DECIDERS = ("policy", "assert", "attest", "metric")
_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)+\Z")


def read_baseline(text: str, file: str, library: Library, facts: Facts) -> Baseline:
    """Reads and checks one baseline file. Raises DefinitionError with file, line, column and key."""
    node = read_yaml(text, file)
    items = node.mapping(_KEYS, ["baseline", "document", "requirements"])
    id_ = items["baseline"].text()
    if id_ != PurePath(file).stem:
        raise items["baseline"].error(f"must equal the file name, {PurePath(file).stem}")
    return _Reading(items, library, facts).baseline(id_, file)


class _Reading:
    """One baseline while it is read."""

    def __init__(self, items: dict[str, Node], library: Library, facts: Facts) -> None:
        self.items = items
        self.library = library
        self.stages = tuple(items["stages"].texts()) if "stages" in items else ()
        self.inputs = _inputs(items.get("inputs"))
        self.types: dict[str, tuple[str, ...]] = {}
        self.reader = Reader(self.inputs, PathChecker(facts), self.types)

    def baseline(self, id_: str, file: str) -> Baseline:
        """Everything in the file."""
        components = ComponentReader(self.reader, self.types).read(self.items.get("components"))
        requirements = self._requirements(self.items["requirements"])
        for name in self.inputs:
            if name not in self.reader.used:
                raise self.items["inputs"].key_error(name, "is not used by any requirement")
        return Baseline(
            id_,
            _document(self.items["document"]),
            _scope(self.items.get("scope")),
            self._stage(self.items.get("stage")),
            self.stages,
            self.inputs,
            components,
            requirements,
            file,
            self.library,
        )

    def _stage(self, node: Node | None) -> str | None:
        return node.choice(self.stages) if node else None

    def _requirements(self, node: Node) -> tuple[Requirement, ...]:
        requirements: dict[str, Requirement] = {}
        for item in node.items():
            requirement = self._requirement(item)
            if requirement.id in requirements:
                first = requirements[requirement.id].location
                raise item.key_error("id", f"{requirement.id} is already the id in line {first.line}")
            requirements[requirement.id] = requirement
        for item in node.items():
            for part in list_of(item.mapping().get("replaces")):
                part.choice(requirements)
        return tuple(requirements.values())

    def _requirement(self, node: Node) -> Requirement:
        items = node.mapping(_REQUIREMENT, ["id", "section", "title", "severity", "category"])
        id_ = items["id"].text()
        if not _ID.match(id_):
            raise items["id"].error("must be capital words joined by hyphens, such as SHOP-RDS-001")
        kind = _kind(node, items)
        self.reader.paths.open = kind is Kind.LIVE
        components, selection = self._bound(node, items)
        policy = self._policy(items.get("policy"))
        if "metric" in items:
            self.reader.references_to_names(items["metric"], items["metric"].plain())
        types = self._types(components, selection)
        assertion = self._assertion(items, types, components, selection)
        self._arguments(node, items, policy, types)
        stage = self._stage(items.get("stage"))
        if "replaces" in items and stage is None:
            raise node.key_error("replaces", "needs a stage, from which on it replaces the other")
        return Requirement(
            id_,
            items["section"].text(),
            read_text(items["title"]),
            Severity(items["severity"].choice(list(Severity))),
            items["category"].choice(CATEGORIES),
            kind,
            Enforce(items["enforce"].choice(list(Enforce))) if "enforce" in items else Enforce.REQUIRED,
            items["basis"].choice(("stated", "derived")) if "basis" in items else "stated",
            stage,
            tuple(items["replaces"].texts()) if "replaces" in items else (),
            components,
            selection,
            _expects_some(node, items),
            policy.id if policy else None,
            _given(items.get("with")),
            assertion,
            _optional_text(items.get("why")),
            _optional_text(items.get("remediation")),
            Location(node.file, node.line, node.column),
            tuple(read_metrics(items["metric"], self.types)) if "metric" in items else (),
            _max_age(items["attest"]) if "attest" in items else None,
        )

    def _bound(self, node: Node, items: Mapping[str, Node]) -> tuple[tuple[str, ...], Selection | None]:
        named = [key for key in ("component", "components", "select") if key in items]
        if len(named) > 1:
            raise node.key_error(named[1], f"cannot stand beside {named[0]}")
        if "select" in items:
            return (), Selection(*read_select(items["select"], self.reader))
        if "component" in items:
            return (items["component"].choice(self.types),), None
        return tuple(part.choice(self.types) for part in list_of(items.get("components"))), None

    def _policy(self, node: Node | None) -> Policy | None:
        if node is None:
            return None
        id_ = node.text()
        if id_ not in self.library.ids():
            raise node.error(f"there is no policy {id_}", nearest(id_, self.library.ids()))
        return self.library.policy(id_)

    def _types(self, components: tuple[str, ...], selection: Selection | None) -> tuple[str, ...]:
        if selection is not None:
            return selection.types
        return tuple(dict.fromkeys(type_ for name in components for type_ in self.types[name]))

    def _assertion(
        self,
        items: Mapping[str, Node],
        types: tuple[str, ...],
        components: tuple[str, ...],
        selection: Selection | None,
    ) -> Condition | None:
        node = items.get("assert")
        if node is None:
            return None
        condition = self.reader.condition(node, types)
        if not components and selection is None and not set_level(condition):
            raise node.error(
                "without component or select only count, distinct and functions over sets can be tested",
                "name the component, or select resources by type",
            )
        return condition

    def _arguments(self, node: Node, items: Mapping[str, Node], policy: Policy | None, types: tuple[str, ...]) -> None:
        if policy is None:
            if "with" in items:
                raise node.key_error("with", "is for a policy")
            return
        check_arguments(items.get("with"), items["policy"], policy.params)
        for name, item in items["with"].mapping().items() if "with" in items else ():
            self.reader.references_to_names(item, item.plain())
            if policy.params[name].type == "flows":
                self._flow_names(item)
        if types and not set(types) & set(policy.types):
            raise items["policy"].error(f"{policy.id} is about {', '.join(policy.types)}, not about {', '.join(types)}")

    def _flow_names(self, node: Node) -> None:
        """Peers and groups of flows are components, or something else that makes sense without them."""
        from scanner.network.documented import stands_alone

        for flow in node.items() if isinstance(node.data, list) else ():
            items = flow.mapping()
            for part in list_of(items.get("peer")):
                if isinstance(part.data, str) and "${" not in part.data and not stands_alone(part.data):
                    part.choice(self.types)
            for part in list_of(items.get("group")):
                part.choice(self.types)


def _inputs(node: Node | None) -> dict[str, Param]:
    if node is None:
        return {}
    return {name: read_param(name, item, described_in_both=True) for name, item in node.mapping().items()}


def _document(node: Node) -> Document:
    items = node.mapping(["title", "original_title", "version", "date"], ["title"])
    return Document(*(_words(items.get(key)) for key in ("title", "original_title", "version", "date")))


def _words(node: Node | None) -> str:
    return node.text() if node else ""


def _scope(node: Node | None) -> dict[str, Any]:
    if node is None:
        return {}
    return {key: item.plain() for key, item in node.mapping(["cloud", "regions", "environment"]).items()}


def _kind(node: Node, items: Mapping[str, Node]) -> Kind:
    """Exactly one thing decides, and it fits the kind."""
    deciders = [key for key in _DECIDERS if key in items]
    if len(deciders) != 1:
        found = " and ".join(deciders) or "none of them"
        raise node.error(f"must have exactly one of {', '.join(_DECIDERS)}; it has {found}")
    natural = {"attest": Kind.ATTEST, "metric": Kind.METRIC}.get(deciders[0], Kind.STATIC)
    kind = Kind(items["kind"].choice(list(Kind))) if "kind" in items else natural
    if kind is not natural and not (natural is Kind.STATIC and kind is Kind.LIVE):
        raise items["kind"].error(f"{deciders[0]} makes it {natural.value}")
    return kind


def _max_age(node: Node) -> int | None:
    items = node.mapping(["max_age_days"])
    if "max_age_days" not in items:
        return None
    return check_days(items["max_age_days"])


def _expects_some(node: Node, items: Mapping[str, Node]) -> bool:
    if "expect" not in items:
        return False
    items["expect"].choice(("some",))
    if "select" not in items:
        raise node.key_error("expect", "is for select")
    return True


def _given(node: Node | None) -> dict[str, Any]:
    return {key: item.plain() for key, item in node.mapping().items()} if node else {}


def _optional_text(node: Node | None) -> Text | None:
    return read_text(node) if node else None
