"""Counting resources and different values."""

import pytest
from engine import FAIL, HEADER, NOT_SET, PASS, UNKNOWN, outcome, refers, resource, verdict


def subnet(name, zone, tier="app", **options):
    return resource("aws_subnet", name, {"zone": zone, "tier": tier}, **options)


A, B = subnet("a", "a"), subnet("b", "b")
APP = "resource: aws_subnet, where: {path: tier, op: equals, value: app}"


@pytest.mark.parametrize(
    ("number", "others", "expected"),
    [
        ("op: gte, value: 2", [A, B], PASS),
        ("op: gte, value: 2", [A], FAIL),
        ("op: gte, value: 2", [A, subnet("c", "c", "data")], FAIL),
        ("op: gte, value: 2", [A, subnet("c", "c", NOT_SET)], UNKNOWN),
        ("op: gte, value: 1", [A, subnet("c", "c", NOT_SET)], PASS),
        ("op: gte, value: 2", [A, subnet("c", "c", undecided=True)], UNKNOWN),
        ("op: gte, value: 9", [A, subnet("c", "c", undecided=True)], UNKNOWN),
        ("op: gte, value: 9", [A, subnet("c", "c", NOT_SET)], FAIL),
        ("op: equals, value: 1", [A], PASS),
        ("op: equals, value: 1", [A, B], FAIL),
        ("op: equals, value: 0", [], PASS),
        ("op: equals, value: 1", [A, B, subnet("c", "c", NOT_SET)], FAIL),
        ("op: lte, value: 1", [A, B], FAIL),
        ("op: lte, value: 2", [A, B], PASS),
        ("op: lt, value: 3", [A, B, subnet("c", "c", NOT_SET)], UNKNOWN),
        ("op: gt, value: 1", [A, B], PASS),
    ],
)
def test_count(number, others, expected):
    assert verdict(f"{{count: {{{APP}}}, {number}}}", {}, *others) is expected


def test_count_without_a_number_means_at_least_one():
    assert verdict("{count: {resource: aws_subnet}}", {}, A) is PASS
    assert verdict("{count: {resource: aws_subnet}}", {}) is FAIL


def test_what_could_not_be_read_may_be_more():
    assert verdict(f"{{count: {{{APP}}}, op: gte, value: 2}}", {}, A, hidden=True) is UNKNOWN
    assert verdict(f"{{count: {{{APP}}}, op: gte, value: 1}}", {}, A, hidden=True) is PASS
    assert verdict(f"{{count: {{{APP}}}, op: lte, value: 1}}", {}, A, hidden=True) is UNKNOWN
    assert verdict(f"{{count: {{{APP}}}, op: lte, value: 1}}", {}, A, B, hidden=True) is FAIL


@pytest.mark.parametrize(
    ("number", "others", "expected"),
    [
        ("op: gte, value: 2", [A, B], PASS),
        ("op: gte, value: 2", [A, subnet("c", "a")], FAIL),
        ("op: gte, value: 2", [A, subnet("c", NOT_SET)], UNKNOWN),
        ("op: gte, value: 1", [subnet("c", NOT_SET)], UNKNOWN),
        ("op: gte, value: 1", [subnet("c", refers("aws_x.y", "zone"))], PASS),
        ("op: equals, value: 1", [A, subnet("c", "a")], PASS),
        ("op: equals, value: 1", [A, subnet("c", NOT_SET)], UNKNOWN),
        ("op: equals, value: 1", [A, B, subnet("c", NOT_SET)], FAIL),
        ("op: gte, value: 2", [A, subnet("c", "c", NOT_SET)], UNKNOWN),
        ("op: gte, value: 2", [A, subnet("c", None)], FAIL),
        ("op: gte, value: 3", [A, subnet("c", ["x", "y"])], PASS),
        ("op: lte, value: 2", [A, B, subnet("c", "c", undecided=True)], UNKNOWN),
    ],
)
def test_distinct(number, others, expected):
    assert verdict(f"{{distinct: {{{APP}, path: zone}}, {number}}}", {}, *others) is expected


@pytest.mark.parametrize(
    ("subnets", "expected"),
    [
        (["s-1", "s-2"], PASS),
        (["s-1", "s-1"], FAIL),
        ([refers("aws_subnet.a", "id"), refers("aws_subnet.b", "id")], PASS),
        ([refers("aws_subnet.a", "id"), refers("aws_subnet.a", "id")], FAIL),
        ([refers("aws_subnet.a", "id"), NOT_SET], UNKNOWN),
        (NOT_SET, UNKNOWN),
        (None, FAIL),
        ([], FAIL),
    ],
)
def test_distinct_values_of_one_resource(subnets, expected):
    assert verdict("{distinct: {path: subnet_ids}, op: gte, value: 2}", {"subnet_ids": subnets}) is expected


def test_defaults_and_what_the_provider_computes_count_as_values():
    from engine import FACTS, FakeFacts, condition, inventory

    from scanner.policy.checks import compile_condition
    from scanner.policy.world import World

    def decide(text, *resources, facts):
        tested = resource("test_database", "tested", {})
        check = compile_condition(condition(text, ["test_database"]))
        return World(inventory(tested, *resources), facts).decide(check, tested).verdict

    defaults = FakeFacts(FACTS.schemas, {("test_database", "engine_version"): "16"})
    versions = "{distinct: {resource: test_database, path: engine_version}, op: gte, value: 2}"
    older = resource("test_database", "older", {"engine_version": "15"})
    assert decide(versions, older, facts=defaults) is PASS
    assert decide(versions, older, facts=FACTS) is FAIL
    assert decide("{distinct: {path: arn}, op: equals, value: 0}", facts=FACTS) is UNKNOWN


def test_different_objects_are_different_values():
    rules = [{"port": 80}, {"port": 443}, {"port": 80}]
    assert verdict("{distinct: {path: 'rules[*]'}, op: equals, value: 2}", {"rules": rules}) is PASS


def test_what_could_not_be_read_may_have_further_values():
    test = f"{{distinct: {{{APP}, path: zone}}, op: lte, value: 1}}"
    assert verdict(test, {}, A) is PASS
    assert verdict(test, {}, A, hidden=True) is UNKNOWN


def test_a_condition_over_sets_may_compare_with_the_resource_under_test():
    test = "{count: {resource: aws_subnet, where: {path: zone, op: equals, value: {path: zone}}}, op: gte, value: 1}"
    assert verdict(test, {"zone": "a"}, A) is PASS
    assert verdict(test, {"zone": "z"}, A) is FAIL


def test_the_place_of_a_number_is_the_resource_under_test():
    assert outcome(f"{{count: {{{APP}}}, op: gte, value: 2}}", {}, A).evidence[0].location == HEADER
