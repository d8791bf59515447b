"""Kleene's three-valued logic, proven for every combination, and the guarantee that it gives."""

from itertools import product

import pytest
from engine import FACTS, FAIL, NOT_SET, PASS, UNKNOWN, condition, inventory, outcome, resource, verdict
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model.finding import Verdict
from scanner.policy.checks import compile_condition
from scanner.policy.world import World

ALL = (FAIL, UNKNOWN, PASS)
TESTS = {
    PASS: "{path: yes_, op: equals, value: 1}",
    FAIL: "{path: yes_, op: equals, value: 2}",
    UNKNOWN: "{path: unset, op: equals, value: 1}",
}
ATTRIBUTES = {"yes_": 1, "unset": NOT_SET}
ELEMENTS = {PASS: {"ok": 1}, FAIL: {"ok": 2}, UNKNOWN: {"ok": NOT_SET}}
SATISFY = "{path: ok, op: equals, value: 1}"


def least(verdicts):
    """`fail` below `unknown` below `pass`."""
    return min(verdicts, key=ALL.index)


@pytest.mark.parametrize("verdicts", [*product(ALL, repeat=2), *product(ALL, repeat=3)])
def test_all_of_is_the_least(verdicts):
    items = ", ".join(TESTS[item] for item in verdicts)
    assert verdict(f"[{items}]", ATTRIBUTES) is least(verdicts)
    assert verdict(f"{{all_of: [{items}]}}", ATTRIBUTES) is least(verdicts)


@pytest.mark.parametrize("verdicts", [*product(ALL, repeat=2), *product(ALL, repeat=3)])
def test_any_of_is_the_greatest(verdicts):
    items = ", ".join(TESTS[item] for item in verdicts)
    assert verdict(f"{{any_of: [{items}]}}", ATTRIBUTES) is max(verdicts, key=ALL.index)


@pytest.mark.parametrize(("inner", "expected"), [(PASS, FAIL), (FAIL, PASS), (UNKNOWN, UNKNOWN)])
def test_not(inner, expected):
    assert verdict(f"{{not: {TESTS[inner]}}}", ATTRIBUTES) is expected
    assert verdict(f"{{not: [{TESTS[inner]}, {TESTS[PASS]}]}}", ATTRIBUTES) is expected


@pytest.mark.parametrize(("guard", "item"), list(product(ALL, repeat=2)))
def test_when_is_an_implication(guard, item):
    opposite = {PASS: FAIL, FAIL: PASS, UNKNOWN: UNKNOWN}[guard]
    expected = max((opposite, item), key=ALL.index)
    assert verdict(f"{{any_of: [{TESTS[item]}], when: {TESTS[guard]}}}", ATTRIBUTES) is expected


@pytest.mark.parametrize("elements", [(), *product(ALL, repeat=1), *product(ALL, repeat=2), *product(ALL, repeat=3)])
def test_some_and_every(elements):
    attributes = {"rules": [ELEMENTS[element] for element in elements]}
    assert verdict(f"{{some: rules, satisfy: {SATISFY}}}", attributes) is max(elements, key=ALL.index, default=FAIL)
    assert verdict(f"{{every: rules, satisfy: {SATISFY}}}", attributes) is min(elements, key=ALL.index, default=PASS)


@pytest.mark.parametrize(("chosen", "element"), list(product(ALL, repeat=2)))
def test_every_where_is_an_implication(chosen, element):
    attributes = {"rules": [{**ELEMENTS[element], "kind": {PASS: "a", FAIL: "b", UNKNOWN: NOT_SET}[chosen]}]}
    opposite = {PASS: FAIL, FAIL: PASS, UNKNOWN: UNKNOWN}[chosen]
    test = f"{{every: rules, where: {{path: kind, op: equals, value: a}}, satisfy: {SATISFY}}}"
    assert verdict(test, attributes) is max((opposite, element), key=ALL.index)


@pytest.mark.parametrize("quantifier", ["some", "every"])
def test_an_unknown_list_is_undecided(quantifier):
    assert verdict(f"{{{quantifier}: rules, satisfy: {SATISFY}}}", {"rules": NOT_SET}) is UNKNOWN


def test_a_single_object_counts_as_a_list_of_one():
    policy = '{"Statement": {"Effect": "Allow"}}'
    test = "{every: policy.Statement, satisfy: {path: Effect, op: equals, value: Allow}}"
    assert verdict(test, {"policy": policy}) is PASS
    assert verdict(test, {"policy": policy.replace("Allow", "Deny")}) is FAIL


def test_values_inside_elements_may_speak_of_the_resource():
    test = "{every: rules, satisfy: {path: ok, op: equals, value: {path: wanted}}}"
    assert verdict(test, {"rules": [{"ok": 1}, {"ok": 1}], "wanted": 1}) is PASS
    assert verdict(test, {"rules": [{"ok": 1}, {"ok": 1}], "wanted": 2}) is FAIL


def test_evidence_of_every_failing_assertion_is_kept_the_first_first():
    found = outcome("[{path: a, op: equals, value: 1}, {path: b, op: equals, value: 1}]", {"a": 2, "b": 3})
    assert [item.path for item in found.evidence] == ["a", "b"]
    assert [item.actual.raw for item in found.evidence] == [2, 3]


def test_evidence_of_an_unknown_outcome_is_what_is_unknown():
    found = outcome("[{path: a, op: equals, value: 1}, {path: b, op: equals, value: 1}]", {"a": 1, "b": NOT_SET})
    assert [(item.path, item.unknown.detail) for item in found.evidence] == [("b", "var.x has no value")]


def test_of_alternatives_the_one_that_is_written_is_shown():
    text = "{any_of: [{path: absent_, op: equals, value: 1}, {path: b, op: equals, value: 1}]}"
    found = outcome(text, {"b": 3})
    assert found.evidence[0].path == "b"
    assert [part.path for part in found.evidence[0].parts] == ["absent_", "b"]


def test_a_condition_of_a_group_is_not_shown_before_a_plain_alternative():
    group = "{all_of: [{path: family, op: equals, value: new}, {path: force, op: absent}]}"
    found = outcome(f"{{any_of: [{{path: force, op: equals, value: 1}}, {group}]}}", {"family": "old"})
    assert found.evidence[0].path == "force"


# Replacing anything that is known by something unknown may make a verdict unknown, but never change it otherwise.

LEAVES = ("a", "b", "flag", "text")
assertions = st.one_of(
    st.builds(
        "{{path: '{}', op: {}, value: {}}}".format,
        st.sampled_from(["a", "b", "rules.n", "rules[*].n", "rules[0].n"]),
        st.sampled_from(["equals", "gte", "lt"]),
        st.integers(0, 3),
    ),
    st.builds(
        "{{path: '{}', op: {}, value: {}, match: {}}}".format,
        st.sampled_from(["list", "rules.n", "rules[*].n"]),
        st.sampled_from(["contains_all", "exactly", "subset", "in"]),
        st.lists(st.integers(0, 3), max_size=3),
        st.sampled_from(["all", "any"]),
    ),
    st.builds("{{path: {}, op: {}}}".format, st.sampled_from([*LEAVES, "list", "gone"]),
              st.sampled_from(["exists", "absent"])),
    st.builds("{{path: text, op: matches, value: {}}}".format, st.sampled_from(["x", "y"])),
    st.builds("{{path: a, op: {}, value: {{path: b}}}}".format, st.sampled_from(["equals", "gte"])),
)  # fmt: skip
conditions = st.recursive(
    assertions,
    lambda inner: st.one_of(
        st.builds("{{any_of: [{}, {}]}}".format, inner, inner),
        st.builds("{{all_of: [{}, {}]}}".format, inner, inner),
        st.builds("{{not: {}}}".format, inner),
        st.builds("{{any_of: [{}], when: {}}}".format, inner, inner),
        st.builds("{{some: rules, satisfy: {}}}".format, inner.map(lambda text: text.replace("path: a", "path: n"))),
        st.builds("{{every: rules, satisfy: {}}}".format, inner.map(lambda text: text.replace("path: a", "path: n"))),
        st.builds("{{count: {{resource: other, where: {}}}, op: {}, value: {}}}".format, inner,
                  st.sampled_from(["gte", "lte", "equals"]), st.integers(0, 2)),
        st.builds("{{referenced_by: {{resource: other, through: to, where: {}}}, op: {}, value: {}}}".format, inner,
                  st.sampled_from(["gte", "lte", "equals"]), st.integers(0, 2)),
        st.builds("{{distinct: {{resource: other, where: {}, path: b}}, op: {}, value: {}}}".format, inner,
                  st.sampled_from(["gte", "lte", "equals"]), st.integers(0, 2)),
    ),
    max_leaves=5,
)  # fmt: skip
numbers = st.integers(0, 3)
bodies = st.fixed_dictionaries(
    {
        "a": numbers | st.none(),
        "b": numbers | st.none(),
        "flag": st.booleans(),
        "text": st.sampled_from(["x", "y", "", None]),
        "list": st.lists(numbers, max_size=3) | st.none(),
        "rules": st.lists(st.fixed_dictionaries({"n": numbers | st.none()}), max_size=2),
    }
)
holes = st.sampled_from([*LEAVES, "list", "rules", "list.0", "rules.0", "rules.0.n"])


def with_hole(body, hole):
    """A copy of a body in which one leaf, or everything below a name, is unknown."""
    head, *rest = hole.split(".")
    if not rest:
        return {**body, head: NOT_SET}
    items = list(body[head] or ())
    if not items:
        return body
    items[0] = with_hole(items[0], rest[1]) if len(rest) > 1 else NOT_SET
    return {**body, head: items}


def decide(text, tested, others):
    name = {"name": "tested"}
    first = resource("thing", "tested", {**tested, **name})
    rest = [resource("other", f"o{at}", {**body, "to": "tested"}) for at, body in enumerate(others)]
    world = World(inventory(first, *rest), FACTS)
    return world.decide(compile_condition(condition(text)), first).verdict


@settings(max_examples=400, deadline=None)
@given(conditions, bodies, st.lists(bodies, max_size=2), holes, st.integers(0, 2))
def test_a_hole_never_changes_a_verdict_into_another_known_one(text, tested, others, hole, where):
    before = decide(text, tested, others)
    bodies_ = [tested, *others]
    at = where % len(bodies_)
    bodies_[at] = with_hole(bodies_[at], hole)
    after = decide(text, bodies_[0], bodies_[1:])
    assert after in (before, Verdict.UNKNOWN)


@settings(max_examples=100, deadline=None)
@given(conditions, bodies, st.lists(bodies, max_size=2), st.integers(0, 1))
def test_doubt_about_a_resource_never_changes_a_verdict_into_another_known_one(text, tested, others, at):
    before = decide(text, tested, others)
    first = resource("thing", "tested", {**tested, "name": "tested"})
    rest = [
        resource("other", f"o{index}", {**body, "to": "tested"}, undecided=index == at)
        for index, body in enumerate(others)
    ]
    world = World(inventory(first, *rest), FACTS)
    assert world.decide(compile_condition(condition(text)), first).verdict in (before, Verdict.UNKNOWN)


@pytest.mark.parametrize(("names", "wanted"), [(["a", "b"], PASS), (["a"], FAIL), ([], FAIL)])
def test_elements_that_are_lists_themselves(names, wanted):
    condition = "{some: rows, satisfy: {path: '*', op: equals, match: any, value: b}}"
    assert verdict(condition, {"rows": [["x"], names]}) is wanted
