# ruff: noqa: E501 (tables read better with one case on a line)
"""Components of a baseline and the resources that they stand for."""

from __future__ import annotations

import pytest
import yaml
from engine import FACTS, HEADER, NOT_SET, inventory, refers, resource

from scanner.errors import BindingError
from scanner.model.inventory import Level
from scanner.model.location import Location
from scanner.model.resource import Origin
from scanner.policy.evaluate import evaluate_baseline

HEAD = """\
baseline: shop
document: {title: Shop architecture}
components:
"""
REQUIREMENTS = """\
requirements:
  - id: SHOP-DB-001
    section: "1"
    title: {en: A, ko: 가}
    severity: high
    category: backup
    component: db
    assert: [{path: backup_days, op: gte, value: 7}]
"""
TITLE = "title: {en: Database, ko: 데이터베이스}"


def database(label="db", /, **attributes):
    line = attributes.pop("line", 1)
    undecided = attributes.pop("undecided", False)
    root = attributes.pop("root", "")
    header = Location("main.tf", line, 1, line, 20)
    given = {"backup_days": 7, **attributes}
    return resource("test_database", label, given, header=header, undecided=undecided, root=root)


@pytest.fixture
def bound(files):
    """Addresses and verdicts of a baseline with the given component `db`."""

    def run(component, *resources, more="", hidden=False, bindings=None, requirements=REQUIREMENTS, **options):
        text = f"{HEAD}  db: {{type: test_database, {TITLE}, {component}}}\n{more}{requirements}"
        findings = evaluate_baseline(
            files.baseline(text), inventory(*resources, hidden=hidden), FACTS, bindings=bindings or {}, **options
        )
        return [(item.resource.address if item.resource else None, item.verdict.value) for item in findings]

    return run


@pytest.mark.parametrize(
    ("match", "attributes"),
    [
        ("{name: shop-db}", {"name": "shop-db"}),
        ('{name: "shop-*"}', {"name": "shop-db"}),
        ('{name: "shop-d?"}', {"name": "shop-db"}),
        ('{name: "/^SHOP/"}', {"name": "SHOP-db"}),
        ('{name: "/(?i)^SHOP/"}', {"name": "shop-db"}),
        ('{name: "/op-d/"}', {"name": "shop-db"}),
        ("{name: [other, shop-db]}", {"name": "shop-db"}),
        ("{tags.Name: shop-db}", {"tags": {"Name": "shop-db"}}),
        ("{name: shop-db, engine_version: 16}", {"name": "shop-db", "engine_version": "16"}),
        ("{name|engine_version: x}", {"engine_version": "x"}),
        ("{multi_az: true}", {"multi_az": True}),
        ("{where: [{path: multi_az, op: equals, value: true}]}", {"multi_az": True}),
        ("{where: []}", {}),
        ("{storage.kind: gp3}", {"storage": [{"kind": "gp2"}, {"kind": "gp3"}]}),
    ],
)
def test_every_sort_of_alternative(bound, match, attributes):
    found = bound(f"match: [{match}]", database("other", name="elsewhere", multi_az=False), database("mine", **attributes)) \
        if match != "{where: []}" else bound(f"match: [{match}]", database("mine"))  # fmt: skip
    assert found == [("test_database.mine", "pass")]


@pytest.mark.parametrize("name", ["shop", "shop-db-2", "my-shop-db", "Shop-db", ""])
def test_a_pattern_without_stars_is_the_whole_name(bound, name):
    assert bound("match: [{name: shop-db}]", database(name=name)) == [(None, "fail")]


def test_the_first_alternative_that_fits_anything_wins(bound):
    resources = [database("tagged", tags={"Name": "shop-db"}), database("named", name="shop-db")]
    assert bound("match: [{name: shop-db}, {tags.Name: shop-db}]", *resources) == [("test_database.named", "pass")]
    assert bound("match: [{name: x}, {tags.Name: shop-db}]", *resources) == [("test_database.tagged", "pass")]


def test_everything_in_an_alternative_must_fit(bound):
    assert bound("match: [{name: shop-db, engine_version: '15'}]", database(name="shop-db")) == [(None, "fail")]


def test_without_alternatives_the_type_decides(bound):
    assert bound("many: false", database()) == [("test_database.db", "pass")]


def test_where_narrows_every_alternative(bound):
    component = "where: [{path: multi_az, op: equals, value: true}], match: [{name: a}, {name: b}]"
    resources = [database("a", name="a", multi_az=False), database("b", name="b", multi_az=True)]
    assert bound(component, *resources) == [("test_database.b", "pass")]


KEY = "  key: {type: test_key, title: {en: Key, ko: 키}, match: [{refers_to: db}]}\n"
REFERRED = "  key: {type: test_key, title: {en: Key, ko: 키}, match: [{attached_to: db}]}\n"
ON_KEY = REQUIREMENTS.replace("component: db", "component: key").replace(
    "backup_days, op: gte, value: 7", "description, op: exists"
)


def test_a_component_that_another_one_refers_to(bound):
    db = database(name="shop-db", kms_key_id=refers("test_key.mine"))
    keys = [resource("test_key", name, {"description": "x"}) for name in ("other", "mine")]
    found = bound("match: [{name: shop-db}]", db, *keys, more=REFERRED, requirements=ON_KEY)
    assert found == [("test_key.mine", "pass")]


def test_a_component_that_refers_to_another_one(bound):
    keys = [
        resource("test_key", "other", {"description": "x"}),
        resource("test_key", "mine", {"description": refers("test_database.db")}),
    ]
    found = bound("match: [{name: shop-db}]", database(name="shop-db"), *keys, more=KEY, requirements=ON_KEY)
    assert found == [("test_key.mine", "pass")]


def test_attachment_that_is_not_known_leaves_it_open(bound):
    db = database(name="shop-db", kms_key_id=NOT_SET)
    key = resource("test_key", "mine", {"description": "x"})
    found = bound("match: [{name: shop-db}]", db, key, more=REFERRED, requirements=ON_KEY)
    assert found == [(None, "unknown")]


def test_a_component_that_the_code_does_not_have(bound, files):
    assert bound("match: [{name: shop-db}]") == [(None, "fail")]
    finding = next(evaluate_baseline(files.baseline(), inventory(), FACTS))
    assert finding.message.en == "the document names db (Database), the code has no such test_database"
    assert finding.message.ko == "문서에는 db(데이터베이스) 항목이 있으나 코드에는 test_database가 없음"
    assert (finding.component, finding.location) == ("db", None)


def test_an_unknown_name_may_hide_it(bound):
    assert bound("match: [{name: shop-db}]", database(name=NOT_SET)) == [(None, "unknown")]
    assert bound("match: [{name: shop-db}]", database("a", name=NOT_SET), database(name="shop-db")) == [
        ("test_database.db", "pass")
    ]


def test_what_could_not_be_read_may_hide_it(bound, files):
    assert bound("match: [{name: shop-db}]", database(name="other"), hidden=True) == [(None, "unknown")]
    assert bound("match: [{name: shop-db}]", database(name="shop-db"), hidden=True) == [("test_database.db", "pass")]
    finding = next(evaluate_baseline(files.baseline(), inventory(hidden=True), FACTS))
    assert "module.x is not available" in finding.reason.en


@pytest.fixture
def unresolved(bound):
    """What is said of a component of which it is not known which resource it is; its requirement is unknown."""

    def run(component, *resources, **given):
        problems = []
        assert bound(component, *resources, problems=problems, **given) == [(None, "unknown")]
        (said,) = problems
        assert (said.level, said.hides) == (Level.ERROR, ("component",))
        return f"{said.location}: {said.what}" if said.location else said.what

    return run


def test_several_resources_for_one_component_are_an_error_with_candidates(unresolved):
    two = [database("a", name="shop-db"), database("b", name="shop-db", line=9)]
    assert unresolved("match: [{name: shop-db}]", *two) == (
        "shop.yaml:4:3: the component db fits 2 resources: test_database.a (main.tf:1:1), test_database.b (main.tf:9:1)"
        "; name the one that is meant in asbuilt.yaml: bind: {db: test_database.a}"
    )


OTHERS = """\
  - id: SHOP-DB-002
    section: "2"
    title: {en: B, ko: 나}
    severity: high
    category: backup
    components: [db, key]
    assert: [{path: description, op: exists}]
"""


def test_the_rest_is_decided_beside_an_ambiguous_component(bound):
    two = [database("a", name="shop-db"), database("b", name="shop-db", line=9)]
    key = resource("test_key", "mine", {"description": "x"})
    more, problems = "  key: {type: test_key, title: {en: Key, ko: 키}}\n", []
    found = bound(
        "match: [{name: shop-db}]", *two, key, more=more, requirements=REQUIREMENTS + OTHERS, problems=problems
    )
    assert found == [(None, "unknown"), (None, "unknown"), ("test_key.mine", "pass")]
    assert len(problems) == 1


def test_what_is_found_through_an_ambiguous_component_is_open(bound):
    two = [database("a", name="shop-db", kms_key_id=refers("test_key.mine")), database("b", name="shop-db", line=9)]
    key = resource("test_key", "mine", {"description": "x"})
    found = bound("match: [{name: shop-db}]", *two, key, more=REFERRED, requirements=ON_KEY)
    assert found == [(None, "unknown")]


def test_the_same_resource_in_several_root_modules_asks_for_one_of_them(unresolved):
    two = [database("a", name="shop-db", root="staging"), database("a", name="shop-db", root="production")]
    said = unresolved("match: [{name: shop-db}]", *two)
    assert "staging//test_database.a" in said
    assert said.endswith("; scan one root module (roots: in asbuilt.yaml, or --root)")


def manifest(label="db", /, **attributes):
    found = database(label, **attributes)
    found.origin = Origin.MANIFEST
    return found


def test_the_same_thing_in_terraform_and_in_a_manifest_is_checked_in_both(bound):
    two = [database("a", name="shop-db"), manifest("b", name="shop-db", backup_days=1)]
    assert bound("match: [{name: shop-db}]", *two) == [("test_database.a", "pass"), ("test_database.b", "fail")]


def test_each_origin_has_its_own_first_alternative(bound):
    resources = [
        database("a", name="shop-db"),
        database("b", name="shop-x"),
        manifest("c", name="shop-y", backup_days=1),
    ]
    assert bound('match: [{name: shop-db}, {name: "shop-*"}]', *resources) == [
        ("test_database.a", "pass"),
        ("test_database.c", "fail"),
    ]


def test_manifests_of_several_roots_are_each_checked(bound):
    two = [
        manifest("a", name="shop-db", root="k8s/blue"),
        manifest("a", name="shop-db", root="k8s/green", backup_days=1),
    ]
    assert [verdict for _, verdict in bound("match: [{name: shop-db}]", *two)] == ["pass", "fail"]


def test_several_manifests_of_one_root_are_an_error(unresolved):
    two = [manifest("a", name="shop-db"), manifest("b", name="shop-db")]
    said = unresolved("match: [{name: shop-db}]", *two, database("c"))
    assert "fits 2 resources" in said
    assert "bind: {db: test_database.a}" in said


def test_many_resources_give_one_finding_each(bound):
    resources = [database("a", name="shop-a"), database("b", name="shop-b", backup_days=1), database("c", name="x")]
    assert bound('many: true, match: [{name: "shop-*"}]', *resources) == [
        ("test_database.a", "pass"),
        ("test_database.b", "fail"),
    ]


def test_a_resource_that_may_be_one_of_many_is_open_unless_it_passes(bound):
    resources = [database("a", name="shop-a"), database("b", name=NOT_SET), database("c", name=NOT_SET, backup_days=1)]
    assert bound('many: true, match: [{name: "shop-*"}]', *resources) == [
        ("test_database.a", "pass"),
        ("test_database.c", "unknown"),
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("test_database.b", ["test_database.b"]),
        (["test_database.b"], ["test_database.b"]),
        ("test_database.?", ["test_database.a", "test_database.b"]),
        (["test_database.a", "test_database.b"], ["test_database.a", "test_database.b"]),
    ],
)
def test_the_configuration_decides_before_any_alternative(bound, given, expected):
    resources = [database("a", name="shop-db"), database("b")]
    found = bound("many: true, match: [{name: shop-db}]", *resources, bindings={"db": given})
    assert [address for address, _ in found] == expected


def test_an_address_without_instance_key_stands_for_every_instance(bound):
    found = bound("many: true", database("a[0]"), database("a[1]"), database("b"), bindings={"db": "test_database.a"})
    assert [address for address, _ in found] == ["test_database.a[0]", "test_database.a[1]"]


def test_an_address_may_name_its_root_module(bound):
    two = [database("a", root="staging", backup_days=1), database("a", root="production")]
    assert bound("match: [{name: x}]", *two, bindings={"db": "production//test_database.a"}) == [
        ("test_database.a", "pass")
    ]


@pytest.mark.parametrize("id_", ["a", "/subscriptions/s/g/db", "/ecs//api", "arn:aws:x:::a"])
@pytest.mark.parametrize("root", ["", "111122223333/ap-northeast-2//"])
@pytest.mark.parametrize("pattern", ["{}", "{}*"])
def test_an_id_of_what_runs_may_begin_with_a_slash(bound, id_, root, pattern):
    here, away = database("a"), database("b", backup_days=1)
    here.address, away.address = f"test_database/{id_}", f"test_database/other{id_}"
    here.root = away.root = "111122223333/ap-northeast-2"
    binding = root + pattern.format(here.address)
    assert bound("many: true", here, away, bindings={"db": binding}, live=True) == [(here.address, "pass")]
    assert bound("match: [{name: x}]", bindings={"db": binding}) == [(None, "fail")]  # it does not speak of code
    here.root = away.root = "111122223333/ap-northeast-1"
    expected = (None, "fail") if root else (here.address, "pass")
    assert bound("many: true", here, away, bindings={"db": binding}, live=True) == [expected]


def test_a_hint_can_be_copied_as_it_is(unresolved):
    two = [database('db["a"]', name="shop-db"), database('db["b"]', name="shop-db")]
    hint = unresolved("match: [{name: shop-db}]", *two).partition("asbuilt.yaml: ")[2]
    assert yaml.safe_load(hint) == {"bind": {"db": 'test_database.db["a"]'}}


def test_a_binding_that_fits_nothing_is_an_error(unresolved):
    assert unresolved("many: true", database("main"), bindings={"db": "test_database.mian"}) == (
        "bind: db is bound to test_database.mian, but no test_database has that address"
        "; did you mean test_database.main?"
    )


def test_what_is_bound_and_could_not_be_read_is_open(bound):
    problems = []
    found = bound("many: true", bindings={"db": "test_database.main"}, hidden=True, problems=problems)
    assert (found, problems) == ([(None, "unknown")], [])


@pytest.mark.parametrize(
    ("bindings", "expected", "number"),
    [
        ("test_database/gone", [(None, "fail")], 0),
        (["test_database/gone", "test_database/a"], [(None, "unknown")], 1),
    ],
)
def test_what_is_bound_in_an_account_may_be_gone(bound, bindings, expected, number):
    running = database("a")
    running.address, running.origin, problems = "test_database/a", Origin.AWS, []
    found = bound("many: true", running, bindings={"db": bindings}, live=True, problems=problems)
    assert (found, len(problems)) == (expected, number)


def test_a_binding_of_an_unknown_component_is_an_error(bound):
    with pytest.raises(BindingError, match="shop has no component dp") as caught:
        bound("many: true", database(), bindings={"dp": "test_database.db"})
    assert caught.value.hint == "known: db"


def test_several_bindings_for_one_component_are_ambiguous(unresolved):
    two = [database("a"), database("b")]
    assert "fits 2 resources" in unresolved("match: [{name: x}]", *two, bindings={"db": "test_database.*"})


def test_a_resource_that_may_not_exist_is_open(bound):
    assert bound("match: [{name: shop-db}]", database(name="shop-db", undecided=True)) == [
        ("test_database.db", "unknown")
    ]


def test_a_component_may_have_several_types(bound, files):
    text = f"{HEAD}  db: {{type: [test_database, test_backup], {TITLE}}}\n" + REQUIREMENTS.replace(
        "backup_days, op: gte, value: 7", "backup_days|days, op: gte, value: 7"
    )
    findings = list(
        evaluate_baseline(files.baseline(text), inventory(resource("test_backup", "b", {"days": 9})), FACTS)
    )
    assert [(item.resource.address, item.verdict.value) for item in findings] == [("test_backup.b", "pass")]


def test_a_pattern_may_be_an_input(files):
    text = (HEAD.replace("components:", "inputs:\n  name: {type: string, description: {en: N, ko: 이름}}\ncomponents:")
            + f"  db: {{type: test_database, {TITLE}, match: [{{name: '${{name}}'}}]}}\n{REQUIREMENTS}")  # fmt: skip
    baseline = files.baseline(text)
    world = inventory(database(name="mine"))
    assert [item.verdict.value for item in evaluate_baseline(baseline, world, FACTS, inputs={"name": "mine"})] == [
        "pass"
    ]
    assert [item.verdict.value for item in evaluate_baseline(baseline, world, FACTS)] == ["unknown"]


def test_the_place_of_an_open_component_is_its_candidate(files):
    finding = next(evaluate_baseline(files.baseline(), inventory(database(name=NOT_SET)), FACTS))
    assert finding.location == Location(HEADER.path, 1, 1, 1, 20)
    assert "(test_database.db)" in finding.message.en
