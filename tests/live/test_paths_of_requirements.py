"""What live requirements ask of an account is read from it, or known to be unread: never silently absent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from scanner.facts import load_facts
from scanner.model.finding import Kind
from scanner.policy import conditions
from scanner.policy.baseline import Baseline, Requirement, load_baseline
from scanner.policy.conditions import Call, Condition, Count, Distinct, Every, ReferencedBy, References, Some, children
from scanner.policy.library import Library
from scanner.policy.needs import conditions_of
from scanner.sources.aws.unread import unread as unread_of_aws
from scanner.sources.azure.unread import unread as unread_of_azure
from tools import aws_unread, azure_unread

BASELINES = sorted(path.stem for path in (Path(__file__).parents[2] / "baselines").glob("*.yaml"))
EVERYWHERE = frozenset({"id", "arn", "region", "provider", "name", "location", "tags", "resource_group_name"})


@cache
def baseline(name: str) -> Baseline:
    return load_baseline(name, Library.load(None, load_facts()), load_facts())


@cache
def read() -> dict[str, set[str]]:
    """The attributes that the sources deliver, by type."""
    found: dict[str, set[str]] = {}
    for made in aws_unread.every_map():
        found.setdefault(made.type, set()).update(made.attributes, made.unread)
    for other in azure_unread.every_map():
        found.setdefault(other.type, set()).update(other.attributes)
    return found


def asked(condition: Condition, types: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The paths that a condition asks for, with the types that have them."""
    match condition:
        case conditions.Test(path) | Some(path) | Every(path):
            yield types, path
        case Call(_, dict(arguments)) if isinstance(path := arguments.get("path"), str):
            yield types, path
        case References(pick) | ReferencedBy(pick) | Count(pick) | Distinct(pick):
            inner = getattr(pick, "types", types)
            for child in children(condition):
                yield from asked(child, inner)
        case _ if hasattr(condition, "item") or hasattr(condition, "items"):
            for child in children(condition):
                yield from asked(child, types)


def types_of(of: Baseline, requirement: Requirement) -> tuple[str, ...]:
    chosen = requirement.selection.types if requirement.selection else ()
    return (*(type_ for name in requirement.components for type_ in of.components[name].types), *chosen)


def names_of(path: str) -> set[str]:
    return {re.split(r"[.\[]", part)[0] for part in path.split("|")}


@pytest.mark.parametrize("name", BASELINES)
def test_every_path_is_read_or_known_to_be_unread(name: str) -> None:
    live = [item for item in baseline(name).requirements if item.kind is Kind.LIVE]
    silent: set[tuple[str, str, str]] = set()
    seen = 0
    for requirement in live:
        paths = [
            found
            for condition in conditions_of(baseline(name), requirement)
            for found in asked(condition, types_of(baseline(name), requirement))
        ]
        for types, path in paths:
            known = [type_ for type_ in types if type_ in read()]
            seen += len(known)
            told = {type_ for type_ in known if names_of(path) & (EVERYWHERE | read()[type_])}
            told |= {type_ for type_ in known if names_of(path) & (unread_of_aws(type_) | unread_of_azure(type_))}
            silent |= {(requirement.id, type_, path) for type_ in set(known) - told}
    assert silent - ON_OTHER_TYPES == set()
    assert seen > 10


ON_OTHER_TYPES = {
    ("TRIPGEN-SEC-001", "azurerm_storage_account", "data_encryption.type"),
    ("TRIPGEN-SEC-001", "azurerm_postgresql_flexible_server", "encryption.services.blob.enabled"),
}
"""What one of the types has, and a condition asks only of that one."""
