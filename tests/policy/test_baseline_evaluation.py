# ruff: noqa: E501 (tables read better with one case on a line)
"""Requirements: components, selections, sets, stages, inputs, kinds."""

from __future__ import annotations

import pytest
from definition_files import BASELINE
from engine import FACTS, NOT_SET, inventory, resource

from scanner.errors import UsageError
from scanner.model.finding import Enforce, Kind, Verdict
from scanner.model.rule import Severity
from scanner.policy.evaluate import evaluate_baseline, evaluate_policies
from scanner.policy.needs import needed_types

HEAD = BASELINE[: BASELINE.index("requirements:")]
COMMON = 'section: "2", title: {en: T, ko: 제목}, severity: low, category: backup'


def database(label="db", /, **attributes):
    return resource("test_database", label, {"name": "shop-db", **attributes})


def key(label, **attributes):
    return resource("test_key", label, attributes)


@pytest.fixture
def run(files):
    """Findings of a baseline with the given requirements (each the inside of a YAML mapping)."""

    def evaluate(*requirements, resources=(), hidden=False, head=HEAD, **options):
        lines = [f"  - {{id: SHOP-X-{at:03}, {COMMON}, {text}}}" for at, text in enumerate(requirements, 1)]
        text = without_inputs(head, requirements) + "requirements:\n" + "\n".join(lines)
        return list(evaluate_baseline(files.baseline(text), inventory(*resources, hidden=hidden), FACTS, **options))

    return evaluate


def without_inputs(head, requirements):
    """The head, without its input where no requirement uses it."""
    if any("${days}" in text for text in requirements):
        return head
    lines = head.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(("inputs:", "  days:")))


def verdicts(findings):
    return [item.verdict.value for item in findings]


DAYS = "component: db, assert: [{path: backup_days, op: gte, value: 7}]"


def test_a_finding_carries_what_the_requirement_says(run):
    found = run(DAYS, resources=[database(backup_days=3)])[0]
    assert (found.requirement, found.policy, found.baseline, found.component) == ("SHOP-X-001", None, "shop", "db")
    assert (found.section, found.kind, found.severity) == ("2", Kind.STATIC, Severity.LOW)
    assert (found.category, found.enforce, found.title.ko) == ("backup", Enforce.REQUIRED, "제목")
    assert (found.path, found.expected, found.actual, found.verdict) == ("backup_days", 7, 3, Verdict.FAIL)
    assert found.resource.address == "test_database.db"


def test_an_advisory_requirement_does_not_violate(run):
    found = run(DAYS + ", enforce: advisory", resources=[database(backup_days=3)])[0]
    assert (found.enforce, found.violates) == (Enforce.ADVISORY, False)


def test_a_policy_with_arguments(run):
    text = "component: db, policy: backup-days, with: {min_days: 30}"
    found = run(text, resources=[database(backup_days=7)])[0]
    assert (found.policy, found.verdict, found.expected) == ("backup-days", Verdict.FAIL, 30)


def test_a_policy_that_is_not_about_the_bound_resource(run):
    head = HEAD.replace('match: [{name: shop-db}, {tags.Name: "shop-*"}]', "match: [{where: []}]")
    found = run("component: db, policy: backup-days", resources=[resource("test_database", "x", {})], head=head)
    assert verdicts(found) == ["not_applicable"]
    assert found[0].message.en == "does not apply to test_database.x"


def test_a_policy_alone_checks_every_resource_that_it_selects(run):
    resources = [database("a", backup_days=7), database("b", backup_days=1), resource("test_database", "c", {})]
    assert verdicts(run("policy: backup-days", resources=resources)) == ["pass", "fail"]
    assert verdicts(run("policy: backup-days")) == ["not_applicable"]


def test_each_of_several_components_must_hold(run):
    head = (
        HEAD.replace("requirements:", "")
        + "  copy: {type: test_database, match: [{name: copy}], title: {en: C, ko: 다}}\n"
    )
    text = "components: [db, copy], assert: [{path: backup_days, op: gte, value: 7}]"
    found = run(text, resources=[database(backup_days=7)], head=head)
    assert [(item.component, item.verdict.value) for item in found] == [("db", "pass"), ("copy", "fail")]


SELECT = "select: {type: test_key, where: [{path: description, op: exists}]}, assert: [{path: rotation, op: equals, value: true}]"


def test_select_binds_resources_without_a_component(run):
    resources = [key("a", description="x", rotation=True), key("b", description="x"), key("c")]
    found = run(SELECT, resources=resources)
    assert [(item.resource.address, item.verdict.value) for item in found] == [
        ("test_key.a", "pass"),
        ("test_key.b", "fail"),
    ]


def test_a_selection_that_is_not_known_is_open(run):
    assert verdicts(run(SELECT, resources=[key("a", description=NOT_SET, rotation=True)])) == ["unknown"]


@pytest.mark.parametrize(
    ("more", "hidden", "expected"),
    [("", False, "not_applicable"), (", expect: some", False, "fail"), ("", True, "unknown"),
     (", expect: some", True, "unknown")],
)  # fmt: skip
def test_a_selection_of_nothing(run, more, hidden, expected):
    assert verdicts(run(SELECT + more, hidden=hidden)) == [expected]


COUNT = "assert: [{count: {resource: test_key}, op: gte, value: 2}]"


def test_a_condition_over_the_whole_inventory_gives_one_finding(run):
    found = run(COUNT, resources=[key("a"), key("b")])
    assert [(item.verdict.value, item.resource) for item in found] == [("pass", None)]
    failing = run(COUNT, resources=[key("a")])[0]
    assert (failing.verdict, failing.expected, failing.actual) == (Verdict.FAIL, 2, 1)


def test_a_condition_over_sets_at_a_component_gives_one_finding_for_it(run):
    head = HEAD.replace("    match: [{name", "    many: true\n    match: [{name")
    found = run("component: db, " + COUNT, resources=[database("a"), database("b"), key("k")], head=head)
    assert [(item.component, item.verdict.value) for item in found] == [("db", "fail")]
    assert [item.verdict.value for item in run("component: db, " + COUNT, resources=[key("a"), key("b")])] == ["fail"]


def test_members_of_a_component_are_counted(run):
    head = HEAD.replace("    match: [{name", "    many: true\n    match: [{name")
    test = "component: db, assert: [{{{}: {{component: db{}}}, op: gte, value: 2}}]"
    two = [database("a", engine_version="15"), database("b", engine_version="16")]
    assert verdicts(run(test.format("count", ""), resources=two, head=head)) == ["pass"]
    assert verdicts(run(test.format("count", ""), resources=two[:1], head=head)) == ["fail"]
    distinct = test.format("distinct", ", path: engine_version")
    assert verdicts(run(distinct, resources=two, head=head)) == ["pass"]
    same = [database("a", engine_version="15"), database("b", engine_version="15")]
    assert verdicts(run(distinct, resources=same, head=head)) == ["fail"]
    perhaps = [database("a"), resource("test_database", "b", {"name": NOT_SET})]
    assert verdicts(run(test.format("count", ""), resources=perhaps, head=head)) == ["unknown"]


def test_a_reference_to_a_component(run):
    head = HEAD + "  key: {type: test_key, match: [{description: main}], title: {en: K, ko: 키}}\n"
    test = "component: db, assert: [{references: {component: key, through: kms_key_id}}]"
    keys = [key("a", description="main", arn="arn:a"), key("b", description="other", arn="arn:b")]
    assert verdicts(run(test, resources=[database(kms_key_id="arn:a"), *keys], head=head)) == ["pass"]
    assert verdicts(run(test, resources=[database(kms_key_id="arn:b"), *keys], head=head)) == ["fail"]
    backwards = "component: key, assert: [{referenced_by: {component: db, through: kms_key_id}}]"
    assert verdicts(run(backwards, resources=[database(kms_key_id="arn:a"), *keys], head=head)) == ["pass"]
    assert verdicts(run(backwards, resources=[database(kms_key_id="arn:b"), *keys], head=head)) == ["fail"]


INPUT = "component: db, assert: [{path: backup_days, op: gte, value: '${days}'}]"


def test_an_input_that_is_not_given_makes_the_requirement_unknown(run):
    found = run(INPUT, resources=[database(backup_days=7)])[0]
    assert found.verdict is Verdict.UNKNOWN
    assert found.reason.en == "the input days is not given (inputs: in asbuilt.yaml, or --input days=VALUE)"
    assert found.reason.ko == "입력값 days 미지정(asbuilt.yaml의 inputs 또는 --input days=값)"


def test_an_input_that_does_not_matter_does_not_make_it_unknown(run):
    other = (
        "component: db, assert: [{path: engine_version, op: exists}, {path: backup_days, op: gte, value: '${days}'}]"
    )
    assert verdicts(run(other, resources=[database(backup_days=7)])) == ["fail"]


def test_an_input_that_is_given(run):
    assert verdicts(run(INPUT, resources=[database(backup_days=7)], inputs={"days": 7})) == ["pass"]
    assert verdicts(run(INPUT, resources=[database(backup_days=7)], inputs={"days": 8})) == ["fail"]


def test_an_input_for_one_requirement_alone(run):
    found = run(INPUT, INPUT, resources=[database(backup_days=7)], inputs={"days": 7, "SHOP-X-002.days": 8})
    assert verdicts(found) == ["pass", "fail"]


@pytest.mark.parametrize(
    ("inputs", "message", "hint"),
    [
        ({"dyas": 1}, "shop has no input dyas", "did you mean days?"),
        ({"SHOP-X-009.days": 1}, "shop has no input SHOP-X-009.days", "did you mean days?"),
        ({"days": "many"}, "the input days must be a whole number, not text", None),
        ({"days": 0}, "the input days must be at least 1", None),
    ],
)
def test_an_input_that_makes_no_sense(run, inputs, message, hint):
    with pytest.raises(UsageError) as caught:
        run(INPUT, inputs=inputs)
    assert caught.value.message == message
    assert hint is None or caught.value.hint.startswith(("did you mean", "known"))


def test_an_input_passed_on_to_a_policy_is_checked_against_its_parameter(run):
    text = "component: db, policy: backup-days, with: {min_days: '${days}'}"
    assert verdicts(run(text, resources=[database(backup_days=7)])) == ["unknown"]
    assert verdicts(run(text, resources=[database(backup_days=7)], inputs={"days": 7})) == ["pass"]
    with pytest.raises(UsageError, match="SHOP-X-001: min_days must be at most 35"):
        run(text, resources=[database(backup_days=7)], inputs={"days": 99})


STAGED = [
    "component: db, assert: [{path: backup_days, op: gte, value: 1}]",
    "component: db, assert: [{path: backup_days, op: gte, value: 7}], stage: growth, replaces: SHOP-X-001",
    "component: db, assert: [{path: backup_days, op: gte, value: 30}], stage: scale, replaces: SHOP-X-002",
]


@pytest.mark.parametrize(
    ("stage", "ids"),
    [
        (None, ["SHOP-X-001"]),
        ("mvp", ["SHOP-X-001"]),
        ("growth", ["SHOP-X-002"]),
        ("scale", ["SHOP-X-003"]),
    ],
)
def test_a_later_stage_replaces_an_earlier_one(run, stage, ids):
    found = run(*STAGED, resources=[database(backup_days=30)], stage=stage)
    assert [item.requirement for item in found] == ids


def test_the_stage_of_the_baseline_itself(run):
    head = HEAD.replace("stages: [", "stage: growth\nstages: [")
    assert [item.requirement for item in run(*STAGED, resources=[database()], head=head)] == ["SHOP-X-002"]


def test_an_unknown_stage_is_an_error(run):
    with pytest.raises(UsageError, match="shop has no stage grown") as caught:
        run(*STAGED, stage="grown")
    assert caught.value.hint == "did you mean growth?"


def test_what_a_person_must_attest_is_for_review(run):
    found = run("attest: {max_age_days: 90}")
    assert [(item.verdict, item.kind) for item in found] == [(Verdict.REVIEW, Kind.ATTEST)]


@pytest.mark.parametrize(
    "text",
    ["metric: {source: prometheus, query: up, op: gte, value: 1}", "kind: live, component: db, policy: backup-days"],
)
def test_what_only_a_running_system_shows_is_left_out(run, text):
    assert run(text) == []


def test_every_requirement_has_a_rule(files):
    baseline = files.baseline(
        HEAD + "requirements:\n"
        f"  - {{id: SHOP-X-001, {COMMON}, component: db, policy: backup-days, with: {{min_days: '${{days}}'}}}}\n"
        f"  - {{id: SHOP-X-002, {COMMON}, component: db, assert: [{{path: backup_days, op: gte, value: 7}}]}}\n"
        f"  - {{id: SHOP-X-003, {COMMON}, attest: {{}}, why: {{en: W, ko: 왜}}, remediation: {{en: R, ko: 조치}}}}\n"
    )
    first, second, third = baseline.rules()
    assert (first.remediation.en, first.description.en, first.policy) == ("Set backup_days.", "A restore needs a backup.", "backup-days")  # fmt: skip
    assert (second.remediation.en, second.remediation.ko) == (
        "Set backup_days to at least 7.",
        "backup_days: 7 이상이어야 함.",
    )
    assert (third.remediation.ko, third.description.en) == ("조치", "W")
    assert {rule.baseline for rule in baseline.rules()} == {"shop"}
    assert third.document == "Shop architecture 1.0"


def test_policies_without_a_baseline_check_every_resource_that_they_select(files):
    policies = files.library().policies()
    resources = [database("a", backup_days=7), database("b"), resource("test_database", "c", {"name": NOT_SET})]
    found = list(evaluate_policies(policies, inventory(*resources), FACTS))
    assert [(item.resource.address, item.verdict.value, item.rule) for item in found] == [
        ("test_database.a", "pass", "backup-days"),
        ("test_database.b", "fail", "backup-days"),
        ("test_database.c", "unknown", "backup-days"),
    ]


def test_a_resource_that_may_not_exist_is_open(files):
    perhaps = resource("test_database", "a", {"name": "x", "backup_days": 1}, undecided=True)
    found = list(evaluate_policies(files.library().policies(), inventory(perhaps), FACTS))
    assert verdicts(found) == ["unknown"]
    assert found[0].reason.en == ("it is not known whether, or how often, test_database.a exists: var.x has no value")


def test_the_types_of_a_baseline_are_those_of_its_conditions_too(files):
    counted = "assert: [{count: {resource: other_thing}, op: gte, value: 1}]"
    baseline = files.baseline(
        without_inputs(HEAD, ()) + f"requirements:\n  - {{id: SHOP-X-001, {COMMON}, {counted}}}\n"
    )
    assert needed_types(baseline) == {"test_database", "other_thing"}
