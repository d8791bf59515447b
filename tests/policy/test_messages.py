# ruff: noqa: E501 (tables read better with one case on a line)
"""What findings say, in both languages."""

import pytest
from engine import FACTS, HEADER, LINE, NOT_SET, FakeFacts, condition, inventory, refers, resource, value

from scanner.model.korean import with_particle
from scanner.model.location import Location
from scanner.model.value import MASK, Hop, Value
from scanner.policy.checks import compile_condition
from scanner.policy.messages import message, shown
from scanner.policy.reporting import attribute_place
from scanner.policy.world import World


def said(text, attributes, *others, facts=FACTS):
    tested = resource("other_thing", "tested", attributes)
    world = World(inventory(tested, *others), facts)
    return message(world, world.decide(compile_condition(condition(text)), tested))


KEY = resource("test_key", "k", {"rotation": False, "arn": "arn:k"})
SAID = [
    ("{path: retention_period, op: gte, value: 7}", {"retention_period": 6},
     "retention_period is 6, expected at least 7", "retention_period는 6인데 7 이상이어야 함"),
    ("{path: multi_az, op: equals, value: true}", {"multi_az": False},
     "multi_az is false, expected true", "multi_az는 false인데 true여야 함"),
    ("{path: kind, op: equals, value: gp3}", {"kind": "gp2"},
     'kind is "gp2", expected "gp3"', 'kind는 "gp2"인데 "gp3"이어야 함'),
    ("{path: kind, op: equals, value: gp2}", {"kind": "gp3"},
     'kind is "gp3", expected "gp2"', 'kind는 "gp3"인데 "gp2"여야 함'),
    ("{path: retention_period, op: gte, value: 7}", {},
     "retention_period is not set, expected at least 7", "retention_period가 지정되지 않았는데 7 이상이어야 함"),
    ("{path: bucket, op: in, value: [a, b]}", {"bucket": "c"},
     'bucket is "c", expected one of ["a", "b"]', 'bucket은 "c"인데 ["a", "b"] 중 하나여야 함'),
    ("{path: size, op: gt, value: 1}", {"size": 1}, "size is 1, expected more than 1", "size는 1인데 1 초과여야 함"),
    ("{path: size, op: lt, value: 1}", {"size": 1}, "size is 1, expected less than 1", "size는 1인데 1 미만이어야 함"),
    ("{path: size, op: lte, value: 1}", {"size": 2}, "size is 2, expected at most 1", "size는 2인데 1 이하여야 함"),
    ("{path: name, op: matches, value: '^a'}", {"name": "b"},
     'name is "b", expected a match of "^a"', 'name은 "b"인데 패턴 "^a"에 맞아야 함'),
    ("{path: key, op: exists}", {}, "key is not set", "key 미지정"),
    ("{path: key, op: absent}", {"key": "x"}, 'key is "x", expected no value', 'key는 "x"인데 값이 없어야 함'),
    ("{path: zones, op: contains, value: a}", {"zones": ["b"]},
     'zones is ["b"], expected it to contain "a"', 'zones는 ["b"]인데 "a" 포함 필요'),
    ("{path: zones, op: contains_all, value: [a]}", {"zones": ["b"]},
     'zones is ["b"], expected it to contain all of ["a"]', 'zones는 ["b"]인데 ["a"] 모두 포함 필요'),
    ("{path: zones, op: exactly, value: [a]}", {"zones": ["b"]},
     'zones is ["b"], expected exactly ["a"]', 'zones는 ["b"]인데 정확히 ["a"]여야 함'),
    ("{path: zones, op: subset, value: [a]}", {"zones": ["b"]},
     'zones is ["b"], expected nothing outside ["a"]', 'zones는 ["b"]인데 ["a"] 안의 값만 허용'),
    ("{path: cidr, op: within, value: 10.0.0.0/8}", {"cidr": "0.0.0.0/0"},
     'cidr is "0.0.0.0/0", expected a block within "10.0.0.0/8"', 'cidr는 "0.0.0.0/0"인데 "10.0.0.0/8" 범위 안이어야 함'),
    ("{path: cidr, op: disjoint, value: 10.0.0.0/8}", {"cidr": "0.0.0.0/0"},
     'cidr is "0.0.0.0/0", expected no overlap with "10.0.0.0/8"',
     'cidr는 "0.0.0.0/0"인데 "10.0.0.0/8" 범위와 겹치지 않아야 함'),
    ("{not: {path: public, op: equals, value: true}}", {"public": True},
     "public is true, expected anything but true", "public은 true인데 true 이외의 값이어야 함"),
    ("{not: {path: port, op: in, value: [22]}}", {"port": 22},
     "port is 22, expected none of [22]", "port는 22인데 [22] 이외의 값이어야 함"),
    ("[{path: a, op: equals, value: 1}, {path: b, op: equals, value: 1}]", {"a": 2, "b": 3},
     "a is 2, expected 1; b is 3, expected 1", "a는 2인데 1이어야 함; b는 3인데 1이어야 함"),
    ("{any_of: [{path: a, op: equals, value: 1}, {path: b, op: equals, value: 1}]}", {"b": 3},
     "b is 3, expected 1; nor does an alternative hold: a is not set, expected 1",
     "b는 3인데 1이어야 함; 다른 조건도 충족하지 않음: a가 지정되지 않았는데 1이어야 함"),
    ("{some: rules, satisfy: {path: port, op: equals, value: 443}}", {"rules": [{"port": 80}]},
     "rules[0].port is 80, expected 443", "rules[0].port는 80인데 443이어야 함"),
    ("{some: rules, satisfy: {path: port, op: equals, value: 443}}", {"rules": [{"port": 80}, {"port": 22}]},
     "none of the 2 elements of rules fits: rules[0].port is 80, expected 443; rules[1].port is 22, expected 443",
     "rules 항목 2개 중 맞는 것이 없음: rules[0].port는 80인데 443이어야 함; rules[1].port는 22인데 443이어야 함"),
    ("{some: rules, satisfy: {path: port, op: equals, value: 443}}", {}, "rules has no element", "rules 항목이 없음"),
    ("{references: {resource: test_key, through: kms_key_id}}", {"kms_key_id": "x"},
     "kms_key_id refers to no test_key", "kms_key_id 값이 test_key를 참조하지 않음"),
    ("{references: {resource: test_key, through: kms_key_id, where: {path: rotation, op: equals, value: true}}}",
     {"kms_key_id": "arn:k"},
     "kms_key_id refers to no test_key that fits (test_key.k: rotation is false, expected true)",
     "kms_key_id 값이 조건에 맞는 test_key를 참조하지 않음 (test_key.k: rotation은 false인데 true여야 함)"),
    ("{not: {references: {resource: test_key, through: kms_key_id}}}", {"kms_key_id": "arn:k"},
     "kms_key_id refers to test_key.k, which it must not", "kms_key_id 값이 test_key.k를 참조하면 안 됨"),
    ("{referenced_by: {resource: test_backup, through: source_arn}}", {},
     "no test_backup refers to it", "이 리소스를 참조하는 test_backup이 없음"),
    ("{referenced_by: {resource: test_key, through: description}, op: gte, value: 2}", {},
     "no test_key refers to it", "이 리소스를 참조하는 test_key가 없음"),
    ("{not: {count: {resource: test_key}, op: gte, value: 1}}", {},
     "there are 1 test_key, expected less than 1", "test_key가 1개인데 1개 미만이어야 함"),
    ("{count: {resource: test_backup}, op: gte, value: 2}", {},
     "there is no test_backup, expected at least 2", "test_backup이 없는데 2개 이상이어야 함"),
    ("{distinct: {path: zones}, op: gte, value: 2}", {"zones": ["a", "a"]},
     "zones has 1 different values, expected at least 2", "zones 값의 종류가 1개인데 2개 이상이어야 함"),
    ("{path: a, op: gte, value: 1}", {"a": NOT_SET},
     "a cannot be decided: var.x has no value", "a 판정 불가: var.x has no value"),
    ("{path: a, op: gte, value: 1}", {"a": "x"},
     "a cannot be decided: cannot compare: the text 'x' is no number", "a 판정 불가: 비교할 수 없음: 'x' 값은 숫자가 아님"),
    ("{path: a, op: equals, value: 1}", {"a": 1}, "as required", "요건 충족"),
    ("{not: {every: rules, satisfy: {path: port, op: exists}}}", {},
     "what is required does not hold", "요건을 충족하지 않음"),
    ("{path: a, op: equals, value: 1}", {"a": refers("aws_lb.main", "dns_name")},
     "a cannot be decided: aws_lb.main.dns_name is not known", "a 판정 불가: aws_lb.main.dns_name is not known"),
    ("{path: a, op: absent}", {"a": refers("aws_lb.main", "dns_name")},
     "a is aws_lb.main.dns_name, expected no value", "a는 aws_lb.main.dns_name인데 값이 없어야 함"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "attributes", "english", "korean"), SAID, ids=[case[2] for case in SAID])
def test_message(text, attributes, english, korean):
    found = said(text, attributes, KEY)
    assert (found.en, found.ko) == (english, korean)


def test_a_default_of_the_provider_is_called_so():
    facts = FakeFacts(defaults={("other_thing", "days"): 0})
    found = said("{path: days, op: gte, value: 7}", {}, facts=facts)
    assert found.en == "days is not set and therefore 0 (provider default), expected at least 7"
    assert found.ko == "days 미지정으로 0(프로바이더 기본값)인데 7 이상이어야 함"


def test_long_values_are_cut():
    assert shown("x" * 500) == '"' + "x" * 118 + "…"
    assert shown({"a": [1, None, True]}) == "{a: [1, null, true]}"


@pytest.mark.parametrize(
    ("word", "topic"),
    [
        ("데이터베이스", "데이터베이스는"),
        ("값", "값은"),
        ("bucket", "bucket은"),
        ("identifier", "identifier는"),
        ("engine_version", "engine_version은"),
        ("backup_retention_period", "backup_retention_period는"),
        ("multi_az", "multi_az는"),
        ("name", "name은"),
        ("instance_type", "instance_type은"),
        ("port", "port는"),
        ("kms_key_id", "kms_key_id는"),
        ("acl", "acl은"),
        ("ip", "ip는"),
        ("backup", "backup은"),
        ("rules[0]", "rules[0]은"),
        ("rules[2]", "rules[2]는"),
        ('"Enabled"', '"Enabled"는'),
        ("v", "v는"),
        ("m", "m은"),
        ("...", "...는"),
    ],
)
def test_particles(word, topic):
    assert with_particle(word, "은") == topic


@pytest.mark.parametrize(
    ("particle", "forms"),
    [("은", ("값은", "수는")), ("이", ("값이", "수가")), ("을", ("값을", "수를")), ("와", ("값과", "수와"))],
)
def test_every_particle(particle, forms):
    assert (with_particle("값", particle), with_particle("수", particle)) == forms


@pytest.fixture
def database_policy(files):
    return files.library().policies()


def finding(policies, attributes, facts=FACTS):
    from scanner.policy.evaluate import evaluate_policies

    return next(evaluate_policies(policies, inventory(resource("test_database", "db", attributes)), facts))


def test_the_chain_of_places_starts_at_the_attribute(database_policy):
    tfvars, call = Location("prod.tfvars", 6, 1, 6, 20), Location("main.tf", 30, 3, 30, 20)
    days = Value(3, tfvars, (Hop("var.days", call),))
    found = finding(database_policy, {"name": "x", "backup_days": days})
    assert found.location == tfvars
    assert found.provenance == (Hop("backup_days", None), Hop("var.days", call))


def test_an_attribute_that_is_written_in_place_is_its_own_chain(database_policy):
    found = finding(database_policy, {"name": "x", "backup_days": 3})
    assert found.provenance == (Hop("backup_days", LINE),)
    assert found.location == LINE


def test_an_absent_attribute_is_placed_at_the_header(database_policy):
    found = finding(database_policy, {"name": "x"})
    assert (found.location, found.actual) == (HEADER, None)


def test_a_default_names_its_source(database_policy):
    facts = FakeFacts(FACTS.schemas, {("test_database", "backup_days"): 0})
    found = finding(database_policy, {"name": "x"}, facts)
    assert (found.location, found.actual) == (HEADER, 0)
    assert found.provenance == (
        Hop("backup_days", HEADER),
        Hop("provider default: https://provider.example/docs", None),
    )


class Placed(dict):
    """An object that knows where its attributes are written."""

    def locate(self, name):
        return Location("body.tf", 7) if name in self else None


def test_the_attribute_itself_is_located_where_the_source_can_tell():
    inner = Value(Placed(size=value(1)))
    thing = resource("test_database", "db")
    thing.attributes = Value(Placed(storage=Value((inner,))))
    assert attribute_place(thing, "storage[0].size") == Location("body.tf", 7)
    assert attribute_place(thing, "gone.size") is None


def test_secrets_are_masked_in_every_field(files):
    secrets = FakeFacts(FACTS.schemas, secrets=[("test_database", "backup_days")])
    found = finding(files.library().policies(), {"name": "x", "backup_days": 3}, secrets)
    assert (found.expected, found.actual) == (MASK, MASK)
    assert found.message.en == f"backup_days is {MASK}, expected at least {MASK}"


def test_a_sensitive_value_is_masked(database_policy):
    found = finding(database_policy, {"name": "x", "backup_days": Value(3, LINE, sensitive=True)})
    assert (found.expected, found.actual) == (MASK, MASK)
    assert "3" not in found.message.en + found.message.ko


def test_what_makes_a_resource_one_too_many_is_said_without_a_wish():
    backup = resource("test_backup", "daily", {"source_arn": refers("other_thing.tested"), "days": 9})
    where = "{referenced_by: {resource: test_backup, through: source_arn, where: {path: days, op: gte, value: 9}}, op: equals, value: 0}"
    text = said(where, {}, backup)
    assert text.en == "1 test_backup that fits refer to it, expected 0 (test_backup.daily: days is 9)"
    assert (
        text.ko == "이 리소스를 참조하는 조건에 맞는 test_backup이 1개인데 0개여야 함 (test_backup.daily: days 값이 9)"
    )


def test_a_link_says_which_attribute_of_the_other_resource_decided(files):
    from definition_files import POLICY

    from scanner.policy.evaluate import evaluate_policies

    where = "{referenced_by: {resource: test_backup, through: source_arn, where: {path: days, op: gte, value: 9}}}"
    files.policy(POLICY.replace('value: "${min_days}"}]', 'value: "${min_days}"}, ' + where + "]"))
    database = resource("test_database", "db", {"name": "x", "backup_days": 7})
    backup = resource("test_backup", "b", {"source_arn": refers("test_database.db"), "days": 1})
    found = next(evaluate_policies(files.library().policies(), inventory(database, backup), FACTS))
    assert (found.path, found.expected, found.actual) == ("test_backup.b.days", 9, 1)
    assert found.resource.address == "test_database.db"


def test_alternatives_for_one_value_are_said_in_one_breath():
    text = said("{any_of: [{path: size, op: equals, value: 1}, {path: size, op: gte, value: 5}]}", {"size": 3})
    assert text.en == "size is 3, expected 1 or at least 5"
    assert text.ko == "size는 3인데 1이어야 함 또는 5 이상이어야 함"


def test_many_places_are_counted_instead_of_listed():
    text = said("{every: ports, satisfy: [{path: number, op: equals, value: 1}]}", {"ports": [{"number": 2}] * 5})
    assert text.en.count("number is 2") == 3
    assert text.en.endswith("; and 2 more")
    assert text.ko.endswith("; 외 2건")
