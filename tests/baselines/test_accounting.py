"""Every statement of the five documents is accounted for, and every policy has a use and a meaning of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.facts import load_facts
from scanner.model.trace import Handling
from scanner.policy.baseline import Baseline, baseline_names, load_baseline
from scanner.policy.conditions import dump
from scanner.policy.document import load_record
from scanner.policy.library import Library
from scanner.policy.lint import lint
from scanner.policy.params import fill_condition
from scanner.policy.policy import Policy
from scanner.policy.tracing import trace

# What people found in the documents: one line for each obligation (with how it can be seen), for each contradiction,
# and the number of passages that oblige to nothing.
CATALOGUE = Path(__file__).parent / "catalogue_ids.txt"
FACTS = load_facts()
LIBRARY = Library.load(None, FACTS)
BASELINES = {name: load_baseline(name, LIBRARY, FACTS) for name in baseline_names()}


def lines(baseline: str) -> Iterator[list[str]]:
    for line in CATALOGUE.read_text("utf-8").splitlines():
        if line.startswith(f"{baseline} "):
            yield line.split()[1:]


def obligations(baseline: str) -> dict[str, str]:
    return {words[0]: words[1] for words in lines(baseline) if len(words) == 3}


@pytest.fixture(params=BASELINES)
def baseline(request: pytest.FixtureRequest) -> Baseline:
    return BASELINES[request.param]


def test_there_is_a_baseline_for_each_document():
    assert set(BASELINES) == {line.split()[0] for line in CATALOGUE.read_text("utf-8").splitlines() if line[0] != "#"}


def test_no_obligation_is_missing_and_none_is_extra(baseline):
    found = {requirement.id: requirement.kind.value for requirement in baseline.requirements}
    assert found == obligations(baseline.id)


def test_every_statement_is_handled_in_one_way(baseline):
    record = load_record(baseline)
    assert record is not None
    counts = trace(baseline, record).counts
    kinds = Counter(obligations(baseline.id).values())
    assert counts == {
        Handling.CHECKED: kinds["static"],
        Handling.ACCOUNT: kinds["live"],
        Handling.MEASURED: kinds["metric"],
        Handling.ATTESTED: kinds["attest"],
        Handling.EXCLUDED: len(record.excluded),
    }
    (passages,) = [int(words[1]) for words in lines(baseline.id) if words[0] == "exclusions"]
    assert len(record.excluded) >= passages


def test_every_contradiction_is_recorded_with_its_decision(baseline):
    record = load_record(baseline)
    assert record is not None
    wanted = {words[0] for words in lines(baseline.id) if words[1] == "contradiction"}
    assert {item.id for item in record.contradictions} == wanted


def test_every_cited_section_is_in_the_record_with_its_digest(baseline):
    record = load_record(baseline)
    assert record is not None
    assert [section.key for section in record.sections.values() if not section.digest] == []
    assert [problem for problem in lint(baseline, record) if problem.decided_by is None] == []


def test_severities_are_those_that_were_found(baseline):
    wanted = {words[0]: words[2] for words in lines(baseline.id) if len(words) == 3}
    found = {requirement.id: requirement.severity.value for requirement in baseline.requirements}
    assert {id_: (found[id_], severity) for id_, severity in wanted.items() if found.get(id_) != severity} == {}


def test_every_policy_is_used():
    used = {requirement.policy for baseline in BASELINES.values() for requirement in baseline.requirements}
    idle = [policy.id for policy in LIBRARY.policies() if not policy.default_profile and policy.id not in used]
    assert idle == []


def test_no_two_policies_mean_the_same():
    meanings: dict[frozenset[str], list[str]] = {}
    for policy in LIBRARY.policies():
        meanings.setdefault(frozenset(meaning(policy)), []).append(policy.id)
    assert [ids for ids in meanings.values() if len(ids) > 1] == []


def test_the_default_profile_says_nothing_twice():
    said: dict[str, set[str]] = {}
    for policy in LIBRARY.policies():
        for check in meaning(policy) if policy.default_profile else ():
            said.setdefault(check, set()).add(policy.id)
    assert [ids for ids in said.values() if len(ids) > 1] == []


def meaning(policy: Policy) -> Iterator[str]:
    """What it checks, one text for each resource type and check."""
    scope = {name: f"<{name}>" for name in policy.params} | policy.defaults()
    for check in policy.checks:
        where, condition = (dump(fill_condition(item, scope)) for item in (check.where, check.assertion))
        for type_ in check.types:
            yield repr((type_, where, condition))
