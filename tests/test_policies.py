"""Every policy: its own examples come out as they say, and it has all the examples that it needs."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from scanner.examples import Example, examples_of, inventory_of, run_example
from scanner.facts import load_facts
from scanner.model.finding import Verdict
from scanner.model.inventory import Inventory
from scanner.model.path import decoded, lookup
from scanner.model.value import Value
from scanner.policy.conditions import (
    Call,
    Condition,
    Count,
    Every,
    ReferencedBy,
    References,
    Some,
    children,
)
from scanner.policy.conditions import Test as Assertion
from scanner.policy.library import Library
from scanner.policy.operators import elements_of

DIRECTORY = Path(__file__).parent.parent / "policies"
LIBRARY = Library.load([DIRECTORY], load_facts(), cache=False)
IDS = LIBRARY.ids()
HANGUL = re.compile("[가-힣]")


@cache
def examples(id_: str) -> list[Example]:
    return examples_of(LIBRARY, id_)


EXAMPLES = [example for id_ in IDS for example in examples(id_)]


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.id for example in EXAMPLES])
def test_example(example):
    result = run_example(LIBRARY.policy(example.policy), example, load_facts())
    assert result.ok, f"{example.file}:{example.line} {example.id}\n" + "\n".join(result.problems)


@pytest.mark.parametrize("id_", IDS)
def test_a_policy_has_a_passing_and_a_failing_example(id_):
    expected = {example.expect for example in examples(id_)}
    assert {Verdict.PASS, Verdict.FAIL} <= expected


@pytest.mark.parametrize("id_", IDS)
def test_a_policy_that_compares_has_an_example_that_is_unknown(id_):
    policy = LIBRARY.policy(id_)
    if any(_compares(check.assertion) for check in policy.checks):
        assert Verdict.UNKNOWN in {example.expect for example in examples(id_)}


@pytest.mark.parametrize("id_", IDS)
def test_a_policy_has_an_example_that_leaves_out_what_it_is_about(id_):
    checks = LIBRARY.policy(id_).checks
    for example in examples(id_):
        inventory = inventory_of(example)
        for check in checks:
            selected = [item for type_ in check.types for item in inventory.of_type(type_)]
            if any(_leaves_out(check.assertion, item.attributes, inventory) for item in selected):
                return
    pytest.fail("every example writes everything that the policy asks for")


@pytest.mark.parametrize("id_", IDS)
def test_every_failing_and_every_unknown_example_marks_its_lines(id_):
    for example in examples(id_):
        open_ = example.expect in (Verdict.FAIL, Verdict.UNKNOWN)
        commented = set(example.texts) != {"task.json"}
        assert bool(example.marked()) is (open_ and commented), example.name


@pytest.mark.parametrize("id_", IDS)
def test_a_policy_is_described_in_both_languages(id_):
    policy = LIBRARY.policy(id_)
    for text in (policy.title, policy.description, policy.remediation):
        assert HANGUL.search(text.ko)
        assert not HANGUL.search(text.en)


@pytest.mark.parametrize("id_", IDS)
def test_related_checks_and_references_are_well_formed(id_):
    policy = LIBRARY.policy(id_)
    assert all(re.fullmatch(r"CKV2?_[A-Z0-9]+_\d+", related) for related in policy.related)
    assert policy.references
    assert all(reference.startswith("https://") for reference in policy.references)


def test_a_policy_of_one_provider_lies_in_its_directory():
    for id_ in IDS:
        provider = LIBRARY.file(id_).relative_to(DIRECTORY).parts[0]
        providers = {_provider(type_) for type_ in LIBRARY.policy(id_).types}
        assert len(providers) > 1 or providers <= {provider}, id_


_DIRECTORIES = {"dockerfile": "docker", "compose": "docker", "env": "docker", "azurerm": "azure", "azuread": "azure"}


def _provider(type_: str) -> str:
    """Whose directory a policy on a type belongs in; `apps/v1/Deployment` is a kind of Kubernetes."""
    if "/" in type_:
        return "kubernetes"
    name = type_.removeprefix("data.").removeprefix("provider.").split("_")[0]
    return _DIRECTORIES.get(name, name)


def _compares(condition: Condition) -> bool:
    if isinstance(condition, Assertion):
        return condition.op not in ("exists", "absent")
    if isinstance(condition, Call):
        return True
    return any(_compares(child) for child in children(condition))


def _leaves_out(condition: Condition, root: Value, inventory: Inventory) -> bool:
    """Whether something that a condition asks for is not written at all."""
    match condition:
        case Assertion(path):
            return _absent(root, path)
        case Some(path, satisfy) | Every(path, _, satisfy):
            elements = [item for found in lookup(root, path) for item in elements_of(found.value)]
            return not elements or any(
                item.is_absent or _leaves_out(satisfy, decoded(item), inventory) for item in elements
            )
        case References(_, through):
            return through is None or _absent(root, through)
        case ReferencedBy(pick) | Count(pick):
            companions = [item for type_ in pick.types for item in inventory.of_type(type_)]
            return not companions or any(_leaves_out(pick.where, item.attributes, inventory) for item in companions)
        case Call():
            return True
    return any(_leaves_out(child, root, inventory) for child in children(condition))


def _absent(root: Value, path: str) -> bool:
    found = lookup(root, path)
    return not found or any(item.value.is_absent for item in found)
