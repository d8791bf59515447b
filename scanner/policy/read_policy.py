"""A policy read from YAML and checked: names, parameters, attribute paths, examples."""

from __future__ import annotations

import re
from pathlib import PurePath

from scanner.model.resource_type import Facts
from scanner.model.rule import Severity, Text
from scanner.policy.conditions import NOTHING, Condition
from scanner.policy.params import TYPES as PARAM_TYPES
from scanner.policy.params import Param, names_in
from scanner.policy.parse import Reader
from scanner.policy.paths import PathChecker
from scanner.policy.policy import Policy, PolicyCheck
from scanner.policy.yaml_nodes import Node, nearest, read_yaml

CATEGORIES = (
    "availability", "encryption", "network", "exposure", "backup", "waf", "tls", "logging", "monitoring", "secrets",
    "identity", "scaling", "deployment", "container", "performance", "cost", "process", "dns", "recovery",
)  # fmt: skip
_KEYS = ("id", "title", "severity", "category", "description", "remediation", "params", "default_profile", "checks",
         "related", "references", "examples")  # fmt: skip
_REQUIRED = ("id", "title", "severity", "category", "description", "remediation", "checks", "examples")
EXAMPLE_FILES = {
    "terraform": "main.tf",
    "kubernetes": "manifest.yaml",
    "ecs": "task.json",
    "compose": "compose.yaml",
    "dockerfile": "Dockerfile",
    "workflow": ".github/workflows/deploy.yml",
    "prometheus": "prometheus.yml",
    "alertmanager": "alertmanager.yml",
    "env_file": ".env",
}
"""The keys of an example that hold source text, with the names of the files that the text is read from."""
_COMPANION = re.compile(r'resource "(\w+)" "\$\{label\}" \{\n')
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


def read_policy(text: str, file: str, facts: Facts) -> Policy:
    """Reads and checks one policy file. Raises DefinitionError with file, line, column and key."""
    node = read_yaml(text, file)
    items = node.mapping(_KEYS, _REQUIRED)
    id_ = items["id"].text()
    if not _ID.match(id_):
        raise items["id"].error("must be lower-case words joined by hyphens")
    if PurePath(file).stem != id_:
        raise items["id"].error(f"must equal the file name, {PurePath(file).stem}")
    params = read_params(items["params"]) if "params" in items else {}
    reader = Reader(params, PathChecker(facts))
    checks = tuple(_read_check(check, reader) for check in items["checks"].items())
    if not checks:
        raise items["checks"].error("must have at least one item")
    for name in params:
        if name not in reader.used:
            raise items["params"].key_error(name, "is not used by any check")
    default_profile = items["default_profile"].boolean() if "default_profile" in items else True
    missing = [name for name, param in params.items() if not param.has_default]
    if default_profile and missing:
        raise items["params"].key_error(missing[0], "has no default", "give one, or set default_profile: false")
    check_examples(items["examples"], params)
    return Policy(
        id_,
        read_text(items["title"]),
        Severity(items["severity"].choice(list(Severity))),
        items["category"].choice(CATEGORIES),
        read_text(items["description"]),
        read_text(items["remediation"]),
        params,
        checks,
        default_profile,
        tuple(items["related"].texts()) if "related" in items else (),
        tuple(items["references"].texts()) if "references" in items else (),
        file,
    )


def _read_check(node: Node, reader: Reader) -> PolicyCheck:
    items = node.mapping(["select", "assert", "companion"], ["select", "assert"])
    types, where = read_select(items["select"], reader)
    companion = _read_companion(items["companion"], reader) if "companion" in items else None
    return PolicyCheck(types, where, reader.condition(items["assert"], types), companion)


def _read_companion(node: Node, reader: Reader) -> str:
    """The text of a resource to add; it must be of a known type, carry the name of the other one and refer to it."""
    text = node.text()
    header = _COMPANION.match(text)
    if header is None or "${self}" not in text:
        raise node.error('must be resource "TYPE" "${label}" {…} that refers to ${self}')
    reader.paths.check_type(node, header[1])
    for name in sorted(names_in(text) - {"self", "label"}):
        if name not in reader.names:
            raise node.error(f"there is no parameter {name}", nearest(name, reader.names))
        reader.used.add(name)
    return text


def read_select(node: Node, reader: Reader) -> tuple[tuple[str, ...], Condition]:
    """`{type: …, where: …}`."""
    items = node.mapping(["type", "where"], ["type"])
    types = reader.types(items["type"])
    return types, reader.condition(items["where"], types) if "where" in items else NOTHING


def read_text(node: Node) -> Text:
    """`{en: …, ko: …}`."""
    items = node.mapping(["en", "ko"], ["en", "ko"])
    return Text(items["en"].text().strip(), items["ko"].text().strip())


def read_params(node: Node) -> dict[str, Param]:
    """The declarations of parameters."""
    return {name: read_param(name, item) for name, item in node.mapping().items()}


def read_param(name: str, node: Node, *, described_in_both: bool = False) -> Param:
    """One declaration; a default must itself fit."""
    items = node.mapping(["type", "description", "default", "minimum", "maximum", "enum", "items"],
                         ["type", "description"])  # fmt: skip
    if described_in_both:
        read_text(items["description"])
    else:
        items["description"].text()
    element = items.get("items")
    param = Param(
        name,
        items["type"].choice(PARAM_TYPES),
        "" if described_in_both else items["description"].text(),
        "default" in items,
        items["default"].plain() if "default" in items else None,
        _bound(items.get("minimum")),
        _bound(items.get("maximum")),
        tuple(item.plain() for item in items["enum"].items()) if "enum" in items else (),
        element.mapping(["type"], ["type"])["type"].choice(PARAM_TYPES) if element else None,
    )
    if element and param.type != "list":
        raise node.key_error("items", "is for lists only")
    if "default" in items:
        problem = param.problem(param.default)
        if problem:
            raise items["default"].error(problem)
    return param


def _bound(node: Node | None) -> float | None:
    if node is None:
        return None
    if isinstance(node.data, bool) or not isinstance(node.data, int | float):
        raise node.error("must be a number")
    return node.data


def check_examples(node: Node, params: dict[str, Param]) -> None:
    """Raises DefinitionError for an example that is not of the right shape."""
    names: set[str] = set()
    for example in node.items():
        items = example.mapping(["name", "expect", "params", "only", *EXAMPLE_FILES], ["name", "expect"])
        name = items["name"].text()
        if name in names:
            raise items["name"].error("another example has the same name")
        names.add(name)
        items["expect"].choice(("pass", "fail", "unknown", "not_applicable"))
        texts = [items[key] for key in EXAMPLE_FILES if key in items]
        if not texts:
            raise example.error(f"one of {', '.join(EXAMPLE_FILES)} is missing")
        for text in texts:
            text.text()
        if "only" in items:
            items["only"].text()
        check_arguments(items.get("params"), example, params)


def check_arguments(node: Node | None, owner: Node, params: dict[str, Param]) -> None:
    """Raises DefinitionError for arguments that do not fit the parameters, or that are missing."""
    given = node.mapping(params) if node else {}
    for name, item in given.items():
        problem = params[name].problem(item.plain())
        if problem and not _refers(item):
            raise item.error(problem)
    for name, param in params.items():
        if not param.has_default and name not in given:
            raise owner.error(f"the parameter {name} is not given and has no default")


def _refers(node: Node) -> bool:
    return isinstance(node.data, str) and re.search(r"(?<!\$)\$\{", node.data) is not None
