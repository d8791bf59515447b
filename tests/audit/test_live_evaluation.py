"""What an audit decides, and what it leaves to others: code, other systems, measurements, people."""

from decimal import Decimal

import pytest
from audited import live

from scanner.facts import load_facts
from scanner.model.finding import Verdict
from scanner.model.inventory import Inventory, Level, Notification
from scanner.model.resource import Origin, Resource
from scanner.model.value import Reason, Value, absent, from_plain, unknown
from scanner.policy.baseline import load_baseline
from scanner.policy.evaluate import evaluate_baseline
from scanner.policy.library import Library

INPUT = "inputs: {limit: {type: number, description: {en: Most seconds, ko: 최대 초}}}\n"
HEAD = """\
baseline: shop
document: {title: Shop, original_title: Shop, version: "1.0", date: 2026-01-02}
scope: {cloud: aws, regions: [ap-northeast-2], environment: production}
components:
  db: {type: aws_db_instance, match: [{identifier: shop-db}], title: {en: Database, ko: 데이터베이스}}
  alb: {type: aws_lb, match: [{name: shop}], title: {en: Load balancer, ko: 로드 밸런서}}
  api: {type: apps/v1/Deployment, match: [{metadata.name: api}], title: {en: API, ko: API}}
  key: {type: [aws_kms_key, apps/v1/Deployment], match: [{description: x}], title: {en: Key, ko: 키}}
requirements:
  - id: SHOP-001
    section: "1"
    title: {en: Title, ko: 제목}
    severity: high
    category: availability
"""
METRIC = """\
kind: metric
metric: {source: cloudwatch, namespace: AWS/ApplicationELB, metric: TargetResponseTime, statistic: p95,
         dimensions: {LoadBalancer: {component: alb, attribute: arn_suffix}, Zone: all}, window: 24h,
         op: lt, value: 0.5, unit: seconds}
"""
ALB = {"name": "shop", "arn_suffix": "app/shop/1"}


def findings(tmp_path, body: str, *resources, notifications=(), components="", **options):
    """The findings about one requirement, as (verdict, English message)."""
    file = tmp_path / "shop.yaml"
    head = HEAD.replace("components:", f"{INPUT}components:") if "${limit}" in body else HEAD
    head = head.replace("requirements:", f"{components}requirements:")
    file.write_text(head + "".join(f"    {line}\n" for line in body.strip().splitlines()), encoding="utf-8")
    facts = load_facts()
    baseline = load_baseline(file, Library.load(None, facts), facts)
    inventory = Inventory(list(resources), list(notifications))
    found = evaluate_baseline(baseline, inventory, facts, **{"live": True, **options})
    return [(finding.verdict.value, finding.message.en) for finding in found]


def one(tmp_path, body, *resources, **options):
    found = findings(tmp_path, body, *resources, **options)
    assert len(found) == 1
    return found[0]


_THIRTY_DAYS = "{some: rule, satisfy: [{path: lifecycle.delete_after, op: equals, value: 30}]}"
DATABASE = live("aws_db_instance", "shop-db", {"identifier": "shop-db", "status": "available"})


def test_live_requirements_are_decided_in_audits_only(tmp_path):
    body = "kind: live\ncomponent: db\nassert: [{path: status, op: equals, value: available}]"
    assert one(tmp_path, body, DATABASE) == ("pass", "as required")
    assert findings(tmp_path, body, DATABASE, live=False) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("select: {type: provider.aws}\nassert: [{path: region, op: exists}]", "only the code shows this"),
        ("select: {type: github_workflow}\nexpect: some\nassert: [{path: name, op: exists}]", "only the code"),
        ("assert: [{count: {resource: terraform.backend}, op: gte, value: 1}]", "only the code shows this"),
        ("assert: [{not: {count: {resource: dockerfile}, op: gte, value: 1}}]", "only the code shows this"),
        ("component: db\nassert: [{path: skip_final_snapshot, op: equals, value: false}]", "only the code"),
        ("component: db\nassert: [{any_of: [{path: lifecycle.prevent_destroy, op: equals, value: true}]}]", "only the"),
        ("policy: dockerfile-health-check", "only the code shows this"),
        ("component: api\nassert: [{path: spec.replicas, op: gte, value: 2}]", "only an audit of the Kubernetes"),
        ("assert: [{count: {resource: azurerm_subnet}, op: lte, value: 5}]", "only an audit of the Azure subscription"),
        ("assert: [{count: {resource: [aws_lb, apps/v1/Deployment]}, op: lte, value: 5}]", "only an audit of the Kube"),
        ("component: key\nassert: [{path: id, op: exists}]", "only an audit of the Kubernetes cluster"),
    ],
)
def test_what_an_account_does_not_show_is_not_applicable(tmp_path, body, said):
    verdict, message = one(tmp_path, body, DATABASE)
    assert verdict == "not_applicable"
    assert said in message


@pytest.mark.parametrize(
    ("assertion", "verdict"),
    [
        (
            "any_of: [{path: status, op: equals, value: available}, {path: lifecycle.prevent_destroy, op: exists}]",
            "pass",
        ),
        ("any_of: [{path: status, op: equals, value: stopped}, {path: lifecycle.prevent_destroy, op: exists}]", "n/a"),
        (
            "any_of: [{path: status, op: equals, value: stopped}, {count: {resource: dockerfile}, op: gte, value: 1}]",
            "n/a",
        ),
        ("not: {any_of: [{path: status, op: equals, value: x}, {path: lifecycle.prevent_destroy, op: exists}]}", "n/a"),
        ("any_of: [{path: status, op: equals, value: stopped}, {path: identifier, op: equals, value: x}]", "fail"),
        (
            "{path: status, op: equals, value: x, when: {path: lifecycle.ignore_changes, op: contains, value: x}}",
            "pass",
        ),
        ("{path: status, op: equals, value: x, when: {not: {path: lifecycle.ignore_changes, op: exists}}}", "fail"),
        (f"{{count: {{resource: aws_backup_plan, where: [{_THIRTY_DAYS}]}}, op: equals, value: 0}}", "pass"),
        ("{path: provider.region, op: equals, value: ap-northeast-2}", "pass"),
        ("{path: provider.region, op: equals, value: ap-northeast-1}", "fail"),
    ],
)
def test_one_alternative_that_the_account_shows_decides(tmp_path, assertion, verdict):
    stated = {"provider": {"region": "ap-northeast-2"}}
    database = live("aws_db_instance", "shop-db", {"identifier": "shop-db", "status": "available", **stated})
    found = one(tmp_path, f"component: db\nassert: [{assertion}]", database)[0]
    assert found.replace("not_applicable", "n/a") == verdict


def test_an_audit_of_two_systems_shows_both(tmp_path):
    body = "component: api\nassert: [{path: spec.replicas, op: gte, value: 2}]"
    spec = from_plain({"metadata": {"name": "api"}, "spec": {"replicas": 3}})
    api = Resource("apps/v1/Deployment", "Deployment/shop/api", spec, None, Origin.KUBERNETES, "cluster")
    assert one(tmp_path, body, api)[0] == "pass"
    assert one(tmp_path, body, api, origins=[Origin.AWS])[0] == "pass"
    assert one(tmp_path, body, origins=[Origin.AWS])[0] == "not_applicable"
    assert one(tmp_path, body, origins=[Origin.KUBERNETES])[0] == "fail"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("component: db\nassert: [{path: identifier, op: exists}]", "the account has no such aws_db_instance"),
        ("select: {type: aws_lb}\nexpect: some\nassert: [{path: name, op: exists}]", "the account has none that fits"),
        ("select: {type: aws_lb}\nassert: [{path: name, op: exists}]", "nothing in the account that this applies to"),
    ],
)
def test_messages_speak_of_the_account(tmp_path, body, words):
    assert words in one(tmp_path, body)[1]


def test_what_may_only_not_have_been_read_is_unknown(tmp_path):
    denied = Notification(Level.ERROR, "rds: access denied", None, ("aws_db_instance",))
    verdict, message = one(
        tmp_path, "component: db\nassert: [{path: identifier, op: exists}]", notifications=[denied]
    )  # fmt: skip
    assert verdict == "unknown"
    assert "whether the account has db (Database) cannot be decided" in message
    assert "access denied" in message


class Figures:
    """Figures from a table; what it was asked for is kept."""

    def __init__(self, *values: Value) -> None:
        self.values = list(values)
        self.asked: list[tuple[object, Resource | None]] = []

    def figure(self, metric, resource):
        self.asked.append((metric, resource))
        return self.values.pop(0)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Value(Decimal("0.31")), ("pass", "measured 0.31 seconds, required < 0.5 seconds")),
        (Value(1), ("fail", "measured 1 seconds, required < 0.5 seconds")),
        (absent(), ("unknown", "there are no measurements")),
        (Value(True), ("unknown", "there are no measurements")),
        (unknown(Reason.UNREADABLE, "access denied"), ("unknown", "access denied")),
    ],
)
def test_measurements_are_held_against_the_document(tmp_path, value, expected):
    assert one(tmp_path, METRIC, live("aws_lb", "shop", ALB), figures=Figures(value)) == expected


def test_dimensions_are_those_of_the_bound_resources(tmp_path):
    figures = Figures(Value(0))
    balancer = live("aws_lb", "shop", ALB)
    assert one(tmp_path, f"{METRIC}component: alb\n", balancer, figures=figures)[0] == "pass"
    (metric, resource), = figures.asked  # fmt: skip
    assert metric.series["figure"].dimensions == {"LoadBalancer": "app/shop/1", "Zone": "all"}
    assert resource is balancer


def test_a_dimension_that_is_not_known_leaves_the_metric_undecided(tmp_path):
    assert one(tmp_path, METRIC, figures=Figures()) == ("unknown", "arn_suffix of alb is not known")


def test_without_a_source_of_measurements_nothing_is_decided(tmp_path):
    assert one(tmp_path, METRIC, live("aws_lb", "shop", ALB)) == ("unknown", "measurements were not read")


def test_a_threshold_that_is_not_given_leaves_the_metric_undecided(tmp_path):
    body = METRIC.replace("value: 0.5", 'value: "${limit}"')
    alb = live("aws_lb", "shop", ALB)
    assert one(tmp_path, body, alb, figures=Figures(Value(0))) == ("unknown", "its threshold is not given")
    assert one(tmp_path, body, alb, figures=Figures(Value(0)), inputs={"limit": 2})[0] == "pass"


def test_the_first_source_with_data_decides_and_records_of_people_come_last(tmp_path):
    body = """\
kind: metric
metric:
  - {source: prometheus, query: "up", op: gte, value: 1}
  - {source: prometheus, query: "down", op: lte, value: 0}
  - {source: record, name: uptime, op: gte, value: 1}
"""
    assert one(tmp_path, body, figures=Figures(absent(), Value(0)))[0] == "pass"
    assert one(tmp_path, body, figures=Figures(absent(), Value(3)))[0] == "fail"
    assert one(tmp_path, body, figures=Figures(absent(), absent()))[0] == Verdict.REVIEW


FLOWS = """\
component: sg
policy: network-flows
with: {mode: exactly, ingress: [{port: 5432, peer: db-sg}]}
"""


def test_flows_speak_of_the_account_too(tmp_path):
    groups = "".join(
        f"  {name}: {{type: aws_security_group, match: [{{name: {name}}}], title: {{en: Group, ko: 그룹}}}}\n"
        for name in ("sg", "db-sg")
    )
    group = live("aws_security_group", "sg-1", {"name": "sg", "ingress": [], "egress": []})
    found = findings(tmp_path, FLOWS, group, components=groups)
    assert any("the account has no db-sg" in message for _, message in found)
