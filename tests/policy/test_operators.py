"""Every operator, on every sort of value: known, absent, null, unknown, of another type."""

import pytest
from engine import FAIL, NOT_SET, PASS, UNKNOWN, FakeFacts, refers, value, verdict

from scanner.model.value import Reason, SetItems, Unknown, Value

ABSENT = object()


def named(actual: object) -> object:
    """What a case's name says: the same in every process, as parallel test runs need it."""
    return "nothing" if actual is ABSENT else actual


CASES = [
    # op and value in YAML, actual value, verdict
    ("op: equals, value: 7", 7, PASS),
    ("op: equals, value: 7", 6, FAIL),
    ("op: equals, value: 7", "7", PASS),
    ("op: equals, value: 7", 7.5, FAIL),
    ("op: equals, value: 0.5", 0.5, PASS),
    ("op: equals, value: '7'", 7, PASS),
    ("op: equals, value: true", True, PASS),
    ("op: equals, value: true", "true", PASS),
    ("op: equals, value: true", "1", PASS),
    ("op: equals, value: false", "0", PASS),
    ("op: equals, value: true", False, FAIL),
    ("op: equals, value: 'true'", True, PASS),
    ("op: equals, value: true", 1, UNKNOWN),
    ("op: equals, value: 7", "seven", UNKNOWN),
    ("op: equals, value: 7", {"a": 1}, UNKNOWN),
    ("op: equals, value: abc", "abc", PASS),
    ("op: equals, value: abc", "ABC", FAIL),
    ("op: equals, value: ''", "", PASS),
    ("op: equals, value: 7", ABSENT, FAIL),
    ("op: equals, value: 7", None, FAIL),
    ("op: equals, value: 7", NOT_SET, UNKNOWN),
    ("op: equals, value: [1, 2]", [1, 2], PASS),
    ("op: equals, value: [1, 2]", [2, 1], FAIL),
    ("op: equals, value: [1, 2]", [1, NOT_SET], UNKNOWN),
    ("op: equals, value: [1, 2]", [3, NOT_SET], FAIL),
    ("op: equals, value: [1, 2]", [1, 2, NOT_SET], FAIL),
    ("op: equals, value: {a: 1}", {"a": 1, "b": None}, PASS),
    ("op: equals, value: {a: 1}", {"a": 1, "b": 2}, FAIL),
    ("op: equals, value: {a: true}", {"a": "true"}, PASS),
    ("op: equals, value: a", ["a", "a"], PASS),
    ("op: equals, value: a", ["a", "b"], FAIL),
    ("op: equals, value: a, match: any", ["a", "b"], PASS),
    ("op: equals, value: a, match: any", ["c", "b"], FAIL),
    ("op: equals, value: a, match: any", ["c", NOT_SET], UNKNOWN),
    ("op: equals, value: a, match: any", ["a", NOT_SET], PASS),
    ("op: equals, value: a", ["b", NOT_SET], FAIL),
    ("op: equals, value: a", ["a", NOT_SET], UNKNOWN),
    ("op: equals, value: a", [], FAIL),
    ("op: in, value: [1, 5, 10]", 5, PASS),
    ("op: in, value: [1, 5, 10]", "5", PASS),
    ("op: in, value: [1, 5, 10]", 6, FAIL),
    ("op: in, value: [1, 5, 10]", ABSENT, FAIL),
    ("op: in, value: [1, 5, 10]", NOT_SET, UNKNOWN),
    ("op: in, value: [1, 5, 10]", "five", UNKNOWN),
    ("op: in, value: [a, 1]", 1, PASS),
    ("op: in, value: [a, b]", ["a", "b"], PASS),
    ("op: in, value: [a, b]", ["a", "c"], FAIL),
    ("op: gt, value: 7", 8, PASS),
    ("op: gt, value: 7", 7, FAIL),
    ("op: gte, value: 7", 7, PASS),
    ("op: gte, value: 7", "30", PASS),
    ("op: gte, value: 7", 6.9, FAIL),
    ("op: lt, value: 7", 7, FAIL),
    ("op: lt, value: 7", -1, PASS),
    ("op: lte, value: 7", 7, PASS),
    ("op: lte, value: 7", 8, FAIL),
    ("op: gte, value: 7", ABSENT, FAIL),
    ("op: gte, value: 7", NOT_SET, UNKNOWN),
    ("op: gte, value: 7", True, UNKNOWN),
    ("op: gte, value: 7", "many", UNKNOWN),
    ("op: gte, value: 7", "NaN", UNKNOWN),
    ("op: matches, value: '^db-'", "db-main", PASS),
    ("op: matches, value: '^db-'", "main-db-", FAIL),
    ("op: matches, value: '^db-'", "DB-main", FAIL),
    ("op: matches, as: case_insensitive, value: '^db-'", "DB-main", PASS),
    ("op: matches, value: '^1'", 10, PASS),
    ("op: matches, value: x", ABSENT, FAIL),
    ("op: matches, value: x", NOT_SET, UNKNOWN),
    ("op: matches, value: x", {"a": "x"}, UNKNOWN),
    ("op: equals, value: x", {"a": "x"}, UNKNOWN),
    ("op: equals, value: [[x]]", [[NOT_SET]], UNKNOWN),
    ("op: equals, value: {a: [x]}", {"a": None}, FAIL),
    ("op: gte, value: 7", [[1]], FAIL),
    ("op: exists", "x", PASS),
    ("op: exists", False, PASS),
    ("op: exists", 0, PASS),
    ("op: exists", "", FAIL),
    ("op: exists", [], FAIL),
    ("op: exists", {}, FAIL),
    ("op: exists", None, FAIL),
    ("op: exists", ABSENT, FAIL),
    ("op: exists", [NOT_SET], PASS),
    ("op: exists", NOT_SET, UNKNOWN),
    ("op: exists", refers("aws_kms_key.main"), PASS),
    ("op: exists", refers("data.aws_kms_key.main", reason=Reason.DATA_SOURCE), PASS),
    ("op: exists", refers("data.terraform_remote_state.x", "outputs", Reason.DATA_SOURCE), UNKNOWN),
    ("op: exists", refers("aws_kms_key.main", reason=Reason.UNSET_VARIABLE), UNKNOWN),
    ("op: absent", "x", FAIL),
    ("op: absent", ABSENT, PASS),
    ("op: absent", None, PASS),
    ("op: absent", "", PASS),
    ("op: absent", NOT_SET, UNKNOWN),
    ("op: absent", refers("aws_kms_key.main"), FAIL),
    ("op: contains, value: b", ["a", "b"], PASS),
    ("op: contains, value: c", ["a", "b"], FAIL),
    ("op: contains, value: c", ["a", NOT_SET], UNKNOWN),
    ("op: contains, value: a", ["a", NOT_SET], PASS),
    ("op: contains, value: bc", "abcd", PASS),
    ("op: contains, value: x", "abcd", FAIL),
    ("op: contains, value: 1", ["1", 2], PASS),
    ("op: contains, value: a", '["a", "b"]', PASS),
    ("op: contains, value: a", ABSENT, FAIL),
    ("op: contains, value: a", NOT_SET, UNKNOWN),
    ("op: contains, as: case_insensitive, value: BC", "abcd", PASS),
    ("op: contains_all, value: [a, b]", ["b", "c", "a"], PASS),
    ("op: contains_all, value: [a, b]", ["a", "c"], FAIL),
    ("op: contains_all, value: [a, b]", ["a", NOT_SET], UNKNOWN),
    ("op: contains_all, value: [a]", "a", PASS),
    ("op: contains_all, value: [a]", ABSENT, FAIL),
    ("op: exactly, value: [a, b]", ["b", "a", "b"], PASS),
    ("op: exactly, value: [a, b]", ["a", "b", "c"], FAIL),
    ("op: exactly, value: [a, b]", ["a"], FAIL),
    ("op: exactly, value: [a, b]", ["a", NOT_SET], UNKNOWN),
    ("op: exactly, value: [a, b]", ["c", NOT_SET], FAIL),
    ("op: exactly, value: [a]", "a", PASS),
    ("op: subset, value: [a, b]", ["a"], PASS),
    ("op: subset, value: [a, b]", ["a", "c"], FAIL),
    ("op: subset, value: [a, b]", ["a", NOT_SET], UNKNOWN),
    ("op: subset, value: [a, b]", ["c", NOT_SET], FAIL),
    ("op: subset, value: [a, b]", ABSENT, FAIL),
    ("op: within, value: 10.0.0.0/8", "10.1.0.0/16", PASS),
    ("op: within, value: 10.0.0.0/8", "10.0.0.0/8", PASS),
    ("op: within, value: 10.0.0.0/8", "0.0.0.0/0", FAIL),
    ("op: within, value: 10.0.0.0/8", "fd00::/8", FAIL),
    ("op: within, value: [10.0.0.0/8, 192.168.0.0/16]", ["10.1.0.0/16", "192.168.1.0/24"], PASS),
    ("op: within, value: [10.0.0.0/8, 192.168.0.0/16]", ["10.1.0.0/16", "172.16.0.0/16"], FAIL),
    ("op: within, value: 10.0.0.0/8", ["10.1.0.0/16", NOT_SET], UNKNOWN),
    ("op: within, value: 10.0.0.0/8", "everywhere", UNKNOWN),
    ("op: within, value: 10.0.0.0/8", [], FAIL),
    ("op: disjoint, value: 10.0.0.0/8", "11.0.0.0/8", PASS),
    ("op: disjoint, value: 10.0.0.0/8", "0.0.0.0/0", FAIL),
    ("op: disjoint, value: 10.0.0.0/8", NOT_SET, UNKNOWN),
    ("op: overlaps, value: 10.0.0.0/8", "10.255.0.0/16", PASS),
    ("op: overlaps, value: 10.0.0.0/8", "11.0.0.0/8", FAIL),
]


@pytest.mark.parametrize(("test", "actual", "expected"), CASES, ids=[f"{c[0]} on {named(c[1])}" for c in CASES])
def test_operator(test, actual, expected):
    attributes = {} if actual is ABSENT else {"a": actual}
    assert verdict(f"{{path: a, {test}}}", attributes) is expected


TYPED = [
    # as, op, expected, actual, verdict
    ("string", "equals", "'1'", 1, PASS),
    ("number", "gte", "'1.5'", "1.50", PASS),
    ("boolean", "equals", "'true'", True, PASS),
    ("version", "gte", "'16.1'", "16.1", PASS),
    ("version", "gte", "'16.1'", "16.10", PASS),
    ("version", "gte", "'16.2'", "16.10", PASS),
    ("version", "gte", "'16.1'", "15.9", FAIL),
    ("version", "gte", "'16.1'", "17", PASS),
    ("version", "gte", "'16.1'", "16", UNKNOWN),
    ("version", "gte", "'16.0'", "16", PASS),
    ("version", "lt", "'7.0'", "6.x", PASS),
    ("version", "equals", "'1.29'", "v1.29.0", PASS),
    ("version", "equals", "'1.29'", "1.29.3", FAIL),
    ("version", "gte", "'2.0'", "2.0-rc1", FAIL),
    ("version", "gt", "2.0-rc1", "2.0-rc2", PASS),
    ("version", "gte", "'8.0'", "8.0.mysql_aurora.3.04.0", PASS),
    ("version", "gte", "'1.0'", "latest", UNKNOWN),
    ("version", "in", "['1.30', '1.31']", "1.31", PASS),
    ("quantity", "gte", "512Mi", "1Gi", PASS),
    ("quantity", "gte", "1Gi", "1000M", FAIL),
    ("quantity", "equals", "500m", "0.5", PASS),
    ("quantity", "lte", "'2'", "1500m", PASS),
    ("quantity", "equals", "1e3", "1k", PASS),
    ("quantity", "gte", "1Gi", "big", UNKNOWN),
    ("duration", "lte", "30s", "1m", FAIL),
    ("duration", "gte", "1h", "PT1H30M", PASS),
    ("duration", "equals", "1h30m", "90 minutes", PASS),
    ("duration", "lte", "1d", "rate(12 hours)", PASS),
    ("duration", "gte", "'60'", 60, PASS),
    ("duration", "equals", "1w", "P7D", PASS),
    ("duration", "gte", "1s", "soon", UNKNOWN),
    ("duration", "gte", "1s", "rate()", UNKNOWN),
    ("cidr", "equals", "10.0.1.0/24", "10.0.1.5/24", PASS),
    ("cidr", "equals", "10.0.1.0/24", "10.0.1.0/25", FAIL),
    ("cidr", "contains", "0.0.0.0/0", ["10.0.0.0/8", "0.0.0.0/0"], PASS),
    ("ports", "equals", "443", "443", PASS),
    ("ports", "exactly", "['80', '443']", [443, "80"], PASS),
    ("ports", "exactly", "['80-82']", ["80", "81-82"], PASS),
    ("ports", "contains", "'443'", ["1-1024"], PASS),
    ("ports", "contains_all", "['22', '443']", ["443"], FAIL),
    ("ports", "subset", "['80', '443']", ["443"], PASS),
    ("ports", "subset", "['443']", ["*"], FAIL),
    ("ports", "subset", "['443']", ["443", NOT_SET], UNKNOWN),
    ("ports", "equals", "443", "https", UNKNOWN),
    ("ports", "equals", "443", "9-1", UNKNOWN),
    ("ports", "equals", "443", "70000", UNKNOWN),
    ("region", "equals", "ap-northeast-2", "ap-northeast-2a", PASS),
    ("region", "equals", "ap-northeast-2", "arn:aws:s3:ap-northeast-2:1:x", PASS),
    ("region", "equals", "koreacentral", "Korea Central", PASS),
    ("region", "in", "[us-east-1, us-gov-west-1]", "us-gov-west-1b", PASS),
    ("region", "equals", "ap-northeast-2", "arn:aws:s3:::bucket", UNKNOWN),
    ("region", "equals", "ap-northeast-2", " ", UNKNOWN),
    ("percent", "gte", "80", "85%", PASS),
    ("percent", "lte", "50%", 60, FAIL),
    ("percent", "gte", "80", "most", UNKNOWN),
    ("image", "equals", "nginx", "docker.io/library/nginx:1.27", PASS),
    ("image", "equals", "'nginx:1.27'", "nginx:1.26", FAIL),
    ("image", "equals", "team/app", "registry.example/team/app:1", FAIL),
    ("image", "equals", "registry.example/team/app", "registry.example/team/app@sha256:0", PASS),
    ("image", "equals", "nginx", "two words", UNKNOWN),
    ("case_insensitive", "equals", "Enabled", "ENABLED", PASS),
    ("case_insensitive", "in", "[Yep, Nope]", "yep", PASS),
    ("json", "equals", "{a: [1, 2]}", '{"a": [1, 2]}', PASS),
    ("json", "equals", "{a: [1, 2]}", '{"a": [2, 1]}', FAIL),
    ("json", "equals", "{a: 1}", {"a": NOT_SET}, UNKNOWN),
]


@pytest.mark.parametrize(
    ("as_", "op", "expected", "actual", "wanted"), TYPED, ids=[f"{c[0]} {c[1]} {c[2]} on {named(c[3])}" for c in TYPED]
)
def test_typed_comparison(as_, op, expected, actual, wanted):
    assert verdict(f"{{path: a, op: {op}, as: {as_}, value: {expected}}}", {"a": actual}) is wanted


def test_a_mismatch_names_both_types():
    from engine import outcome

    evidence = outcome("{path: a, op: gte, value: 7}", {"a": [{"b": 1}]}).evidence[0]
    assert evidence.unknown.detail == "cannot compare: an object is no number"


def test_a_set_compares_like_a_list():
    actual = Value(SetItems([value("b"), value("a")]))
    assert verdict("{path: a, op: exactly, value: [a, b]}", {"a": actual}) is PASS


def test_an_absent_value_falls_back_to_the_default_of_the_provider():
    facts = FakeFacts(defaults={("other_thing", "days"): 0, ("other_thing", "storage.kind"): "gp3"})
    assert verdict("{path: days, op: gte, value: 1}", {}, facts=facts) is FAIL
    assert verdict("{path: days, op: equals, value: 0}", {}, facts=facts) is PASS
    assert verdict("{path: days, op: equals, value: 0}", {"days": None}, facts=facts) is PASS
    assert verdict("{path: days, op: exists}", {}, facts=facts) is PASS
    assert verdict("{path: days, op: absent}", {}, facts=facts) is FAIL
    assert verdict("{path: 'storage[0].kind', op: equals, value: gp3}", {"storage": [{}]}, facts=facts) is PASS
    assert verdict("{path: days, op: equals, value: 0}", {"days": NOT_SET}, facts=facts) is UNKNOWN


def test_an_empty_default_is_no_value():
    facts = FakeFacts(defaults={("other_thing", "key"): "", ("other_thing", "zones"): []})
    assert verdict("{path: key, op: exists}", {}, facts=facts) is FAIL
    assert verdict("{path: zones, op: absent}", {}, facts=facts) is PASS


def test_what_only_the_provider_sets_is_unknown_in_code():
    from engine import FACTS, condition, inventory, resource

    from scanner.model.resource import Origin
    from scanner.policy.checks import compile_condition
    from scanner.policy.world import World

    database = resource("test_database", attributes={"name": "db"})
    check = compile_condition(condition("{path: arn, op: exists}", ["test_database"]))
    assert World(inventory(database), FACTS).decide(check, database).verdict is UNKNOWN
    database.origin = Origin.AWS
    assert World(inventory(database), FACTS).decide(check, database).verdict is FAIL


def test_one_of_two_paths_that_is_written_counts():
    test = "{path: launch_type|capacity, op: equals, value: FARGATE}"
    assert verdict(test, {"launch_type": "FARGATE"}) is PASS
    assert verdict(test, {"capacity": "FARGATE"}) is PASS
    assert verdict(test, {"capacity": "EC2"}) is FAIL
    assert verdict(test, {}) is FAIL
    facts = FakeFacts(defaults={("other_thing", "launch_type"): "FARGATE"})
    assert verdict(test, {}, facts=facts) is PASS


def test_a_value_may_be_another_attribute_of_the_resource():
    test = "{path: a, op: equals, value: {path: b}}"
    assert verdict(test, {"a": 1, "b": 1}) is PASS
    assert verdict(test, {"a": 1, "b": 2}) is FAIL
    assert verdict(test, {"a": 1, "b": NOT_SET}) is UNKNOWN
    assert verdict(test, {}) is PASS
    assert verdict(test, {"a": 1}) is FAIL
    assert verdict("{path: a, op: gte, value: {path: b}}", {"a": 1}) is UNKNOWN
    assert verdict("{path: a, op: in, value: {path: 'b[*].c'}}", {"a": 1, "b": [{"c": 2}, {"c": 1}]}) is PASS
    assert verdict("{path: a, op: subset, value: {path: b}}", {"a": [1], "b": [1, 2]}) is PASS


def test_an_unknown_text_keeps_what_is_known_of_it():
    image = Value(Unknown(Reason.COMPUTED, "x"), shape="${aws_ecr_repository.app.repository_url}:1.4")
    assert verdict("{path: a, op: matches, as: template, value: ':1[.]4$'}", {"a": image}) is PASS
    assert verdict("{path: a, op: matches, value: ':1[.]4$'}", {"a": image}) is UNKNOWN


@pytest.mark.parametrize("match", ["all", "any"])
def test_no_element_at_all(match):
    expected = PASS if match == "all" else FAIL
    assert verdict(f"{{path: 'rules[*].port', op: equals, value: 1, match: {match}}}", {"rules": []}) is expected
    assert verdict(f"{{path: rules.port, op: equals, value: 1, match: {match}}}", {"rules": []}) is FAIL
