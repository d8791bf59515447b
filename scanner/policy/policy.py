"""Policies, and their checked form as JSON data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scanner.model.rule import Rule, Severity, Text
from scanner.policy.conditions import Condition, dump, load
from scanner.policy.params import Param


@dataclass(slots=True, frozen=True)
class PolicyCheck:
    """One entry of `checks`: which resources it is about, and what must hold for them.

    `companion` is the text of a small resource that makes it hold where none of its kind refers to the one under test:
    HCL in which `${self}` stands for a reference to that one and `${label}` for its name.
    """

    types: tuple[str, ...]
    where: Condition
    assertion: Condition
    companion: str | None = None


@dataclass(slots=True, frozen=True)
class Policy:
    """A reusable rule. `file` and `line` say where it is written."""

    id: str
    title: Text
    severity: Severity
    category: str
    description: Text
    remediation: Text
    params: dict[str, Param]
    checks: tuple[PolicyCheck, ...]
    default_profile: bool
    related: tuple[str, ...]
    references: tuple[str, ...]
    file: str

    @property
    def types(self) -> tuple[str, ...]:
        """Every resource type that one of the checks is about."""
        return tuple(dict.fromkeys(type_ for check in self.checks for type_ in check.types))

    def defaults(self) -> dict[str, Any]:
        """The parameters that need not be given."""
        return {name: param.default for name, param in self.params.items() if param.has_default}

    def rule(self) -> Rule:
        """What reports say about it."""
        return Rule(
            self.id, self.title, self.severity, self.category, self.description, self.remediation, self.id,
            related=self.related,
        )  # fmt: skip


def dump_policy(policy: Policy) -> dict[str, Any]:
    """The checked policy as JSON data."""
    return {
        "id": policy.id,
        "texts": [[text.en, text.ko] for text in (policy.title, policy.description, policy.remediation)],
        "severity": policy.severity.value,
        "category": policy.category,
        "params": [dump_param(param) for param in policy.params.values()],
        "checks": [
            [list(check.types), dump(check.where), dump(check.assertion), check.companion] for check in policy.checks
        ],
        "default_profile": policy.default_profile,
        "related": list(policy.related),
        "references": list(policy.references),
        "file": policy.file,
    }


def load_policy(data: dict[str, Any]) -> Policy:
    """The policy that `dump_policy` wrote."""
    title, description, remediation = (Text(*pair) for pair in data["texts"])
    return Policy(
        data["id"],
        title,
        Severity(data["severity"]),
        data["category"],
        description,
        remediation,
        {item[0]: load_param(item) for item in data["params"]},
        tuple(
            PolicyCheck(tuple(types), load(where), load(check), companion)
            for types, where, check, companion in data["checks"]
        ),
        data["default_profile"],
        tuple(data["related"]),
        tuple(data["references"]),
        data["file"],
    )


def dump_param(param: Param) -> list[Any]:
    """A declaration as JSON data."""
    return [param.name, param.type, param.description, param.has_default, param.default, param.minimum, param.maximum,
            list(param.enum), param.items]  # fmt: skip


def load_param(data: list[Any]) -> Param:
    """The declaration that `dump_param` wrote."""
    name, type_, description, has_default, default, minimum, maximum, enum, items = data
    return Param(name, type_, description, has_default, default, minimum, maximum, tuple(enum), items)
