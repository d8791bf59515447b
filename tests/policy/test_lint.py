# ruff: noqa: E501 (YAML reads better with one entry on a line)
"""`asbuilt baseline lint`: every kind of contradiction, planted, and a baseline without any."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.cli.main import run
from scanner.facts import load_facts
from scanner.policy.baseline import load_baseline
from scanner.policy.document import load_record
from scanner.policy.library import Library
from scanner.policy.lint import lint

HEAD = """\
baseline: shop
document: {title: Shop design}
stages: [mvp, growth]
components:
"""
TITLE = "title: {en: T, ko: 제목}"
COMMON = f'section: "1", severity: low, category: process, {TITLE}'
COMPONENTS = {
    "db": "aws_db_instance, match: [{identifier: shop}]",
    "logs": "aws_cloudwatch_log_group, match: [{name: shop}]",
    "gateway": "azurerm_application_gateway, match: [{name: shop}]",
    "bucket": "aws_s3_bucket, match: [{bucket: shop}]",
    "api": "apps/v1/Deployment, match: [{metadata.name: api}]",
    "api-pdb": "policy/v1/PodDisruptionBudget, match: [{refers_to: api}]",
    "api-hpa": "autoscaling/v2/HorizontalPodAutoscaler, match: [{refers_to: api}]",
    "subnet": "azurerm_subnet, match: [{name: pods}]",
    "pool": "azurerm_kubernetes_cluster_node_pool, match: [{refers_to: subnet}]",
}


@pytest.fixture
def problems(tmp_path: Path):
    """The problems of a baseline with the given components and requirements (each the inside of a mapping)."""

    def find(components: str, *requirements: str, record: str | None = None):
        lines = [f"  {name}: {{{TITLE}, type: {COMPONENTS[name]}}}" for name in components.split()]
        lines.append("requirements:")
        lines += [f"  - {{id: SHOP-X-{at:03}, {COMMON}, {text}}}" for at, text in enumerate(requirements, 1)]
        file = tmp_path / "shop.yaml"
        file.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
        if record is not None:
            (tmp_path / "documents").mkdir()
            (tmp_path / "documents" / "shop.yaml").write_text(f"baseline: shop\n{record}", "utf-8")
        facts = load_facts()
        baseline = load_baseline(file, Library.load(None, facts), facts, cache=False)
        return lint(baseline, load_record(baseline))

    return find


def rules(found):
    return [(problem.rule, problem.requirements) for problem in found]


def test_a_consistent_baseline_has_none(problems):
    assert problems(
        "db bucket",
        "component: db, assert: [{path: backup_retention_period, op: gte, value: 7}]",
        "component: db, assert: [{path: backup_retention_period, op: lte, value: 35}]",
        "component: db, assert: [{path: engine, op: in, value: [postgres, mysql]}]",
        "component: db, assert: [{path: engine, op: equals, value: postgres}]",
        "component: bucket, assert: [{referenced_by: {resource: aws_s3_bucket_replication_configuration}}]",
        "component: bucket, policy: s3-versioning",
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("op: equals, value: 7", "op: equals, value: 30"),
        ("op: equals, value: 7", "op: gte, value: 30"),
        ("op: gte, value: 30", "op: lte, value: 7"),
        ("op: gt, value: 7", "op: lt, value: 7"),
        ("op: gt, value: 7", "op: lte, value: 7"),
        ("op: in, value: [7, 14]", "op: in, value: [30]"),
        ("op: absent", "op: equals, value: 7"),
        ("op: absent", "op: exists"),
    ],
)
def test_two_requirements_that_cannot_both_hold(problems, one, other):
    for first, second in ((one, other), (other, one)):
        found = problems(
            "db",
            f"component: db, assert: [{{path: backup_retention_period, {first}}}]",
            f"component: db, assert: [{{path: backup_retention_period, {second}}}]",
        )
        assert rules(found) == [("cannot-both-hold", ("SHOP-X-001", "SHOP-X-002"))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("op: gte, value: 7", "op: lte, value: 7"),
        ("op: equals, value: 7", "op: in, value: [7, 30]"),
        ("op: equals, value: 7", "op: exists"),
    ],
)
def test_two_that_can(problems, one, other):
    assert not problems(
        "db",
        f"component: db, assert: [{{path: backup_retention_period, {one}}}]",
        f"component: db, assert: [{{path: backup_retention_period, {other}}}]",
    )


def test_a_policy_against_an_assertion(problems):
    found = problems(
        "db",
        "component: db, policy: rds-multi-az",
        "component: db, assert: [{path: multi_az, op: equals, value: false}]",
    )
    assert rules(found) == [("cannot-both-hold", ("SHOP-X-001", "SHOP-X-002"))]


def test_alternatives_and_conditions_contradict_nothing(problems):
    assert not problems(
        "db",
        "component: db, assert: [{path: engine, op: equals, value: postgres}]",
        "component: db, assert: [{any_of: [{path: engine, op: equals, value: mysql}, {path: multi_az, op: equals, value: true}]}]",
        "component: db, assert: [{path: engine, op: equals, value: mysql, when: {path: multi_az, op: equals, value: true}}]",
    )


def test_a_later_stage_may_ask_for_something_else(problems):
    assert not problems(
        "db",
        "component: db, assert: [{path: multi_az, op: equals, value: false}]",
        "component: db, stage: growth, replaces: SHOP-X-001, assert: [{path: multi_az, op: equals, value: true}]",
    )


def test_what_is_decided_in_the_record_says_so(problems):
    found = problems(
        "db",
        "component: db, assert: [{path: multi_az, op: equals, value: false}]",
        "component: db, assert: [{path: multi_az, op: equals, value: true}]",
        record="""\
sections: {"1": {heading: One}}
contradictions:
  - {id: SHOP-CONFLICT-01, sections: ["1"], requirements: [SHOP-X-001, SHOP-X-002], what: {en: A, ko: 가}, decision: {en: B, ko: 나}}
""",
    )
    assert [problem.decided_by for problem in found] == ["SHOP-CONFLICT-01"]


PLANTED = {
    "outside-service-bounds": ("logs", ["component: logs, assert: [{path: retention_in_days, op: equals, value: 45}]"]),
    "waf-on-sku-without": (
        "gateway",
        [
            "component: gateway, assert: [{path: sku.name, op: equals, value: Standard_v2}]",
            "component: gateway, assert: [{path: firewall_policy_id, op: exists}]",
        ],
    ),
    "replication-without-versioning": (
        "bucket",
        ["component: bucket, assert: [{referenced_by: {resource: aws_s3_bucket_replication_configuration}}]"],
    ),
    "budget-blocks-evictions": (
        "api api-pdb api-hpa",
        [
            "component: api-pdb, assert: [{path: spec.minAvailable, op: equals, value: 100%}]",
            "component: api-hpa, assert: [{path: spec.minReplicas, op: gte, value: 3}]",
        ],
    ),
    "subnet-too-small": (
        "subnet pool",
        [
            "component: pool, assert: [{path: max_count, op: equals, value: 10}, {path: max_pods, op: equals, value: 30}]",
            'component: subnet, assert: [{path: address_prefixes, op: exactly, value: [10.0.1.0/24]}]',
        ],
    ),
    "stage-without-predecessor": (
        "db",
        [
            "component: db, stage: growth, policy: rds-multi-az",
            "component: db, stage: mvp, replaces: SHOP-X-001, policy: rds-storage-encrypted",
        ],
    ),
    "component-never-bound": ("db bucket", ["component: db, policy: rds-multi-az"]),
}  # fmt: skip


@pytest.mark.parametrize("rule", PLANTED)
def test_each_kind_is_found(problems, rule):
    components, requirements = PLANTED[rule]
    assert [problem.rule for problem in problems(components, *requirements)] == [rule]


def test_an_unknown_section(problems):
    found = problems("db", "component: db, policy: rds-multi-az", record='sections: {"2": {heading: Two}}\n')
    assert rules(found) == [("unknown-section", ("SHOP-X-001",))]


@pytest.mark.parametrize(
    ("components", "requirements"),
    [
        ("logs", ["component: logs, assert: [{path: retention_in_days, op: gte, value: 30}]"]),
        (
            "gateway",
            [
                "component: gateway, assert: [{path: sku.name, op: in, value: [Standard_v2, WAF_v2]}]",
                "component: gateway, assert: [{path: firewall_policy_id, op: exists}]",
            ],
        ),
        (
            "api api-pdb api-hpa",
            [
                "component: api-pdb, assert: [{path: spec.minAvailable, op: equals, value: 50%}]",
                "component: api-hpa, assert: [{path: spec.minReplicas, op: gte, value: 3}]",
                "component: api, assert: [{path: spec.replicas, op: gte, value: 3}]",
            ],
        ),
        (
            "subnet pool",
            [
                "component: pool, assert: [{path: max_count, op: equals, value: 10}, {path: max_pods, op: equals, value: 30}]",
                "component: subnet, assert: [{path: address_prefixes, op: exactly, value: [10.0.0.0/20]}]",
            ],
        ),
    ],
    ids=["retention", "firewall", "budget", "subnet"],
)
def test_what_fits_is_no_problem(problems, components, requirements):
    assert not problems(components, *requirements)


def test_the_command_shows_them_and_exits_with_1(problems, tmp_path, capsys):
    problems("logs", PLANTED["outside-service-bounds"][1][0])
    assert run(["baseline", "lint", str(tmp_path / "shop.yaml"), "--lang", "en"]) == 1
    assert "outside-service-bounds" in capsys.readouterr().out


def test_a_parameter_out_of_range_is_an_error_with_its_place(problems, tmp_path, capsys):
    from scanner.errors import DefinitionError

    with pytest.raises(DefinitionError, match="must be at most 35"):
        problems("db", "component: db, policy: rds-backup-retention, with: {min_days: 90}")
    assert run(["baseline", "lint", str(tmp_path / "shop.yaml")]) == 2
    assert "min_days" in capsys.readouterr().err
