"""References between resources, in both directions."""

import pytest
from engine import FAIL, HEADER, NOT_SET, PASS, UNKNOWN, inventory, outcome, refers, resource, value, verdict

from scanner.model.location import Location
from scanner.model.value import Reason, Reference, Unknown, Value
from scanner.policy.links import bare, same_address, type_of

KEY = resource("aws_kms_key", "main", {"rotation": True, "arn": "arn:aws:kms:1:key/1"})
USES_KEY = "{references: {resource: aws_kms_key, through: kms_key_id}}"
USES_ROTATED = (
    "{references: {resource: aws_kms_key, through: kms_key_id, where: {path: rotation, op: equals, value: true}}}"
)


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        (refers("aws_kms_key.main"), PASS),
        ("arn:aws:kms:1:key/1", PASS),
        ("arn:aws:kms:1:key/2", FAIL),
        (None, FAIL),
        (NOT_SET, UNKNOWN),
        (refers("aws_sns_topic.other"), FAIL),
        (refers("aws_kms_alias.a", "target_key_arn"), UNKNOWN),
        (refers("data.aws_ssm_parameter.key", "value", Reason.DATA_SOURCE), UNKNOWN),
        (refers("data.aws_kms_key.elsewhere", "arn", Reason.DATA_SOURCE), PASS),
        (refers("aws_kms_key.not_read"), PASS),
        (refers("aws_kms_key.main", reason=Reason.UNSET_VARIABLE), UNKNOWN),
        ([refers("aws_sns_topic.a"), refers("aws_kms_key.main")], PASS),
        ([refers("aws_sns_topic.a"), NOT_SET], UNKNOWN),
    ],
)
def test_references(attribute, expected):
    assert verdict(USES_KEY, {"kms_key_id": attribute}, KEY) is expected


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        (refers("aws_kms_key.main"), PASS),
        (refers("aws_kms_key.plain"), FAIL),
        (refers("aws_kms_key.unset"), UNKNOWN),
        (refers("aws_kms_key.perhaps"), UNKNOWN),
        (refers("data.aws_kms_key.elsewhere", "arn", Reason.DATA_SOURCE), UNKNOWN),
        (refers("aws_kms_key.not_read"), UNKNOWN),
    ],
)
def test_references_to_a_resource_that_meets_a_condition(attribute, expected):
    others = [
        KEY,
        resource("aws_kms_key", "plain", {"rotation": False}),
        resource("aws_kms_key", "unset", {"rotation": NOT_SET}),
        resource("aws_kms_key", "perhaps", {"rotation": True}, undecided=True),
    ]
    assert verdict(USES_ROTATED, {"kms_key_id": attribute}, *others) is expected


def test_without_through_any_attribute_but_tags_and_own_names_counts():
    test = "{references: {resource: aws_kms_key}}"
    assert verdict(test, {"storage": [{"key": refers("aws_kms_key.main")}]}, KEY) is PASS
    named = resource("aws_kms_key", "named", {"name": "main"})
    assert verdict(test, {"tags": {"Key": "main"}, "name": "main"}, named) is FAIL
    assert verdict(test, {"password": NOT_SET, "ami": NOT_SET}, KEY) is FAIL
    assert verdict(test, {"something": NOT_SET}, KEY) is UNKNOWN


def test_a_reference_belongs_to_its_root_module():
    elsewhere = resource("aws_kms_key", "main", root="other")
    assert verdict(USES_ROTATED, {"kms_key_id": refers("aws_kms_key.main")}, elsewhere) is UNKNOWN


@pytest.mark.parametrize(
    ("reference", "address", "same"),
    [
        ("aws_x.a", "aws_x.a", True),
        ("aws_x.a", "aws_x.a[0]", True),
        ('aws_x.a["k.1"]', "aws_x.a", True),
        ("aws_x.a[0]", "aws_x.a[1]", False),
        ('module.m["a"].aws_x.a', 'module.m["b"].aws_x.a', False),
        ("module.m.aws_x.a", "module.n.aws_x.a", False),
        ("aws_x.a", "module.m.aws_x.a", False),
    ],
)
def test_addresses_with_and_without_instance_keys(reference, address, same):
    assert same_address(reference, address) is same


def test_parts_of_an_address():
    assert bare('module.m["a.b"].aws_x.y[0]') == "module.m.aws_x.y"
    assert type_of('module.m["a"].module.n.data.aws_x.y') == "data.aws_x"
    assert type_of("aws_x.y[0]") == "aws_x"


BUCKET = {"bucket": "files"}
VERSIONED = """
referenced_by:
  resource: aws_s3_bucket_versioning
  through: bucket
  where: {path: status, op: equals, value: Enabled}
"""


def companion(bucket, status="Enabled", name="v", **options):
    return resource("aws_s3_bucket_versioning", name, {"bucket": bucket, "status": status}, **options)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([companion("files")], PASS),
        ([companion(refers("other_thing.tested", "id"))], PASS),
        ([companion("other")], FAIL),
        ([], FAIL),
        ([companion("files", "Suspended")], FAIL),
        ([companion("files", NOT_SET)], UNKNOWN),
        ([companion(NOT_SET)], UNKNOWN),
        ([companion(NOT_SET, "Suspended")], FAIL),
        ([companion("files", undecided=True)], UNKNOWN),
        ([companion("files", "Suspended", "a"), companion("files", name="b")], PASS),
    ],
)
def test_referenced_by(others, expected):
    assert verdict(VERSIONED, BUCKET, *others) is expected


def test_what_could_not_be_read_may_refer_to_it():
    assert verdict(VERSIONED, BUCKET, hidden=True) is UNKNOWN
    assert verdict(VERSIONED, BUCKET, companion("files"), hidden=True) is PASS
    assert verdict(VERSIONED + "op: equals\nvalue: 1", BUCKET, companion("files"), hidden=True) is UNKNOWN


@pytest.mark.parametrize(
    ("number", "others", "expected"),
    [
        ("op: equals\nvalue: 0", [], PASS),
        ("op: equals\nvalue: 0", [companion("files")], FAIL),
        ("op: equals\nvalue: 0", [companion(NOT_SET)], UNKNOWN),
        ("op: lte\nvalue: 1", [companion("files"), companion("files", name="b")], FAIL),
        ("op: gte\nvalue: 2", [companion("files"), companion(NOT_SET, name="b")], UNKNOWN),
        ("op: gt\nvalue: 1", [companion("files"), companion("files", name="b")], PASS),
        ("op: lt\nvalue: 2", [companion("files"), companion(NOT_SET, name="b")], UNKNOWN),
        ("op: equals\nvalue: 3", [companion("files"), companion(NOT_SET, name="b")], FAIL),
    ],
)
def test_the_number_of_referring_resources(number, others, expected):
    assert verdict(VERSIONED + number, BUCKET, *others) is expected


def test_a_condition_may_compare_with_the_resource_under_test():
    test = """
    referenced_by:
      resource: aws_backup_copy
      through: bucket
      where: {path: region, op: equals, value: {path: home}}
    """
    copy = resource("aws_backup_copy", "c", {"bucket": "files", "region": "seoul"})
    assert verdict(test, {**BUCKET, "home": "seoul"}, copy) is PASS
    assert verdict(test, {**BUCKET, "home": "tokyo"}, copy) is FAIL
    assert verdict(test, {**BUCKET, "home": NOT_SET}, copy) is UNKNOWN


def test_the_only_companion_that_does_not_fit_is_the_place_to_fix():
    place = Location("s3.tf", 9, 3, 9, 20)
    wrong = companion("files", value("Suspended", place))
    evidence = outcome(VERSIONED, BUCKET, wrong).evidence[0]
    assert (evidence.location, evidence.written) == (place, True)
    assert evidence.parts[0].resource is wrong


def test_without_a_companion_the_resource_itself_is_the_place_to_fix():
    assert outcome(VERSIONED, BUCKET).evidence[0].location == HEADER


def test_what_makes_a_companion_unknown_is_shown():
    place = Location("s3.tf", 9, 3, 9, 20)
    evidence = outcome(VERSIONED, BUCKET, companion("files", value(NOT_SET, place))).evidence[0]
    assert (evidence.location, evidence.unknown) == (place, NOT_SET)


def test_a_link_inside_an_element():
    test = "{some: rule, satisfy: {references: {resource: aws_kms_key, through: target.key}}}"
    body = {"rule": [{"target": [{"key": "x"}]}, {"target": [{"key": refers("aws_kms_key.main")}]}]}
    assert verdict(test, body, KEY) is PASS
    assert verdict(test, {"rule": body["rule"][:1]}, KEY) is FAIL


def test_a_link_out_of_json():
    policy = Value(Unknown(Reason.COMPUTED, "x"), decoded=value({"Resource": [refers("aws_kms_key.main")]}))
    assert verdict("{references: {resource: aws_kms_key, through: policy}}", {"policy": policy}, KEY) is PASS


def test_a_known_value_keeps_its_references():
    attribute = Value("main-key", refs=(Reference("aws_kms_key.main", "name"),))
    assert verdict(USES_KEY, {"kms_key_id": attribute}, KEY) is PASS


def test_nothing_refers_to_itself():
    group = {"name": "sg", "source": refers("other_thing.tested", "id")}
    assert verdict("{referenced_by: {resource: other_thing, through: source}}", group) is FAIL


def test_links_are_looked_up_once_for_all_resources():
    buckets = [resource("aws_s3_bucket", f"b{at}", {"bucket": f"b{at}"}) for at in range(50)]
    companions = [companion(f"b{at}", name=f"v{at}") for at in range(50)]
    from engine import FACTS, condition

    from scanner.policy.checks import compile_condition
    from scanner.policy.world import World

    world = World(inventory(*buckets, *companions), FACTS)
    check = compile_condition(condition(VERSIONED))
    assert all(world.decide(check, bucket).verdict is PASS for bucket in buckets)
    assert world.backlinks(("aws_s3_bucket_versioning",), "bucket") is world.backlinks(
        ("aws_s3_bucket_versioning",), "bucket"
    )


def test_a_resource_with_several_unclear_values_counts_once():
    unclear = resource("other_backup", "b", {"one": NOT_SET, "two": NOT_SET})
    assert verdict("{referenced_by: {resource: other_backup}, op: lte, value: 1}", BUCKET, unclear) is PASS


def test_very_many_unclear_resources_are_any_number():
    unclear = [companion(NOT_SET, name=f"v{at}") for at in range(40)]
    assert verdict(VERSIONED + "op: gte\nvalue: 41", BUCKET, *unclear) is UNKNOWN
    assert verdict(VERSIONED + "op: gte\nvalue: 20", BUCKET, *unclear[:19]) is FAIL


def test_a_resource_that_may_exist_several_times_may_refer_several_times():
    perhaps = companion(NOT_SET, undecided=True)
    assert verdict(VERSIONED + "op: gte\nvalue: 2", BUCKET, perhaps) is UNKNOWN


@pytest.mark.parametrize("others", [[companion(NOT_SET, name=f"v{at}") for at in range(2000)]])
def test_unclear_resources_do_not_make_it_quadratic(others):
    from time import perf_counter

    from engine import FACTS, condition

    from scanner.policy.checks import compile_condition
    from scanner.policy.world import World

    buckets = [resource("aws_s3_bucket", f"b{at}", {"bucket": f"b{at}"}) for at in range(2000)]
    world = World(inventory(*buckets, *others), FACTS)
    check = compile_condition(condition(VERSIONED))
    start = perf_counter()
    assert {world.decide(check, bucket).verdict for bucket in buckets} == {UNKNOWN}
    assert perf_counter() - start < 10


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("data.azurerm_client_config.current", FAIL),
        ("data.azuread_group.administrators", FAIL),
        ("data.azuread_service_principal.any", UNKNOWN),
    ],
)
def test_people_and_the_caller_are_none_of_the_identities_that_terraform_makes(source, expected):
    identity = resource("azurerm_user_assigned_identity", "app", {"name": "app"})
    condition = "{references: {resource: azurerm_user_assigned_identity, through: object_id}}"
    assert verdict(condition, {"object_id": refers(source, "object_id", Reason.DATA_SOURCE)}, identity) is expected
