"""ECS task definitions and services as JSON and YAML, in Terraform's names."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest

from scanner.documents.json import read_json
from scanner.documents.yaml import read_yaml_documents
from scanner.facts import load_facts
from scanner.model.finding import Finding
from scanner.model.resource import Resource
from scanner.model.value import plain
from scanner.policy.baseline import load_baseline
from scanner.policy.evaluate import evaluate_baseline, evaluate_policies
from scanner.policy.library import Library
from scanner.sources.collect import collect_code
from scanner.sources.ecs import is_ecs, read_ecs

LIBRARY = Library.load(None, load_facts())

JSONENCODE = """\
resource "aws_ecs_task_definition" "api" {
  family = "onno-api-task"
  container_definitions = jsonencode([{
    name  = "api-server"
    image = "api:1.0.0"
    environment = [
      { name = "NODE_ENV", value = "production" },
      { name = "JWT_SECRET", value = "example" },
    ]
  }])
}
"""
HEREDOC = """\
resource "aws_ecs_task_definition" "api" {
  family                = "onno-api-task"
  container_definitions = <<-JSON
    [{
      "name": "api-server",
      "image": "api:1.0.0",
      "environment": [
        {"name": "NODE_ENV", "value": "production"},
        {"name": "JWT_SECRET", "value": "example"}
      ]
    }]
  JSON
}
"""
TASK = """\
{
  "family": "onno-api-task",
  "containerDefinitions": [
    {
      "name": "api-server",
      "image": "api:1.0.0",
      "environment": [
        {"name": "NODE_ENV", "value": "production"},
        {"name": "JWT_SECRET", "value": "example"}
      ]
    }
  ]
}
"""
DESCRIBED = json.dumps({"taskDefinition": {**json.loads(TASK), "status": "ACTIVE", "revision": 7}}, indent=2)
YAML = """\
family: onno-api-task
containerDefinitions:
  - name: api-server
    image: api:1.0.0
    environment:
      - {name: NODE_ENV, value: production}
      - {name: JWT_SECRET, value: example}
"""
FORMS = {
    "jsonencode": ("main.tf", JSONENCODE, 8),
    "heredoc": ("main.tf", HEREDOC, 3),
    "json": ("task.json", TASK, 9),
    "described": ("task.json", DESCRIBED, 14),
    "yaml": ("task.yaml", YAML, 7),
}


def resources(text: str, path: str = "ecs/api.json") -> list[Resource]:
    return read_ecs(read_json(dedent(text), path).value, path)


def decided(directory: Path, form: str) -> Finding:
    file, text, _ = FORMS[form]
    (directory / file).write_text(text, "utf-8")
    baseline = load_baseline("onno-production", LIBRARY, load_facts())
    found = evaluate_baseline(baseline, collect_code([directory], directory), load_facts())
    (finding,) = (item for item in found if item.requirement == "ONNO-ECS-010")
    return finding


@pytest.mark.parametrize("form", FORMS)
def test_one_requirement_is_decided_alike_in_every_form(tmp_path, form):
    (tmp_path / "model").mkdir()
    (tmp_path / "form").mkdir()
    model, finding = decided(tmp_path / "model", "jsonencode"), decided(tmp_path / "form", form)
    assert (finding.verdict, finding.message, finding.path) == (model.verdict, model.message, model.path)
    assert finding.message.en.startswith('container_definitions[0].environment[1].name is "JWT_SECRET"')
    assert finding.location is not None
    assert (finding.location.path, finding.location.line) == (FORMS[form][0], FORMS[form][2])


def test_both_forms_of_one_family_are_checked(tmp_path):
    (tmp_path / "main.tf").write_text(JSONENCODE.replace("JWT_SECRET", "LOG_LEVEL"), "utf-8")
    (tmp_path / "task.json").write_text(TASK, "utf-8")
    policy = LIBRARY.policy("ecs-no-literal-secrets")
    found = evaluate_policies([policy], collect_code([tmp_path], tmp_path), load_facts())
    verdicts = {item.resource.address: item.verdict.value for item in found if item.resource}
    assert verdicts == {"aws_ecs_task_definition.api": "pass", "aws_ecs_task_definition.onno-api-task": "fail"}


def test_a_task_definition_has_terraforms_names():
    (task,) = resources(
        """{
          "family": "app", "cpu": "512", "memory": "1024", "networkMode": "awsvpc",
          "requiresCompatibilities": ["FARGATE"], "executionRoleArn": "arn:aws:iam::111122223333:role/execution",
          "runtimePlatform": {"cpuArchitecture": "ARM64"}, "ephemeralStorage": {"sizeInGiB": 30},
          "volumes": [{"name": "data", "efsVolumeConfiguration":
            {"fileSystemId": "fs-1", "authorizationConfig": {"iam": "ENABLED"}}},
            {"name": "h", "host": {"sourcePath": "/x"}}],
          "tags": [{"key": "team", "value": "core"}],
          "containerDefinitions": [{"name": "app", "portMappings": [{"containerPort": 3000}]}]
        }"""
    )
    assert (task.type, task.address) == ("aws_ecs_task_definition", "aws_ecs_task_definition.app")
    assert plain(task.attributes) == {
        "family": "app",
        "cpu": "512",
        "memory": "1024",
        "network_mode": "awsvpc",
        "requires_compatibilities": ["FARGATE"],
        "execution_role_arn": "arn:aws:iam::111122223333:role/execution",
        "runtime_platform": [{"cpu_architecture": "ARM64"}],
        "ephemeral_storage": [{"size_in_gib": 30}],
        "volume": [
            {
                "name": "data",
                "efs_volume_configuration": [{"file_system_id": "fs-1", "authorization_config": [{"iam": "ENABLED"}]}],
            },
            {"name": "h", "host_path": "/x"},
        ],
        "tags": {"team": "core"},
        "container_definitions": [{"name": "app", "portMappings": [{"containerPort": 3000}]}],
    }


SERVICE = """{
  "serviceName": "app", "cluster": "main", "taskDefinition": "app-task:7", "desiredCount": 2, "launchType": "FARGATE",
  "deploymentConfiguration": {
    "maximumPercent": 200, "minimumHealthyPercent": 100, "strategy": "BLUE_GREEN", "bakeTimeInMinutes": 5,
    "deploymentCircuitBreaker": {"enable": true, "rollback": true}
  },
  "networkConfiguration": {"awsvpcConfiguration":
    {"subnets": ["subnet-1"], "securityGroups": ["sg-1"], "assignPublicIp": "DISABLED"}},
  "loadBalancers": [{"targetGroupArn": "arn:tg", "containerName": "app", "containerPort": 3000}],
  "healthCheckGracePeriodSeconds": 60, "enableECSManagedTags": true,
  "placementStrategy": [{"type": "spread", "field": "instanceId"}]
}"""


def test_a_service_has_terraforms_names_and_shapes():
    (service,) = resources(SERVICE)
    assert service.address == "aws_ecs_service.app"
    assert plain(service.attributes) == {
        "name": "app",
        "cluster": "main",
        "task_definition": "app-task:7",
        "desired_count": 2,
        "launch_type": "FARGATE",
        "deployment_maximum_percent": 200,
        "deployment_minimum_healthy_percent": 100,
        "deployment_circuit_breaker": [{"enable": True, "rollback": True}],
        "deployment_configuration": [{"strategy": "BLUE_GREEN", "bake_time_in_minutes": 5}],
        "network_configuration": [{"subnets": ["subnet-1"], "security_groups": ["sg-1"], "assign_public_ip": False}],
        "load_balancer": [{"target_group_arn": "arn:tg", "container_name": "app", "container_port": 3000}],
        "health_check_grace_period_seconds": 60,
        "enable_ecs_managed_tags": True,
        "ordered_placement_strategy": [{"type": "spread", "field": "instanceId"}],
    }


@pytest.mark.parametrize(
    "name", ["app-task", "app-task:7", "arn:aws:ecs:eu-central-1:111122223333:task-definition/app-task:7"]
)
def test_a_service_refers_to_its_task_definition(name):
    (service,) = resources(SERVICE.replace("app-task:7", name))
    assert [ref.address for ref in service.lookup("task_definition")[0].value.refs] == [
        "aws_ecs_task_definition.app-task"
    ]


def test_an_update_leaves_open_what_it_does_not_say():
    (service,) = resources('{"service": "app", "taskDefinition": "app-task", "desiredCount": 3}')
    assert plain(service.lookup("desired_count")[0].value) == 3
    for path in ("launch_type", "deployment_maximum_percent", "network_configuration.assign_public_ip"):
        assert service.lookup(path)[0].value.is_unknown, path


def test_described_services_are_one_resource_each():
    text = json.dumps({"services": [json.loads(SERVICE), {**json.loads(SERVICE), "serviceName": "b"}], "failures": []})
    assert [item.address for item in resources(text)] == ["aws_ecs_service.app", "aws_ecs_service.b"]


def test_without_a_family_the_file_names_the_task():
    (task,) = resources('{"containerDefinitions": [{"name": "app"}]}')
    assert task.address == "aws_ecs_task_definition.api"


def test_a_missing_field_is_placed_at_the_name():
    (task,) = resources('{\n  "containerDefinitions": [],\n  "family": "app"\n}')
    found = task.lookup("execution_role_arn")[0].value
    assert found.is_absent
    assert found.location is not None
    assert found.location.line == 3


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"service": "app", "env": "prod"}',
        '{"services": {"web": {"image": "web"}}}',
        '{"taskDefinition": "app", "version": 1}',
        '{"family": "Helvetica"}',
    ],
)
def test_other_documents_are_left_alone(text):
    assert not is_ecs(read_json(text, "a.json").value)


def test_yaml_keeps_its_places():
    (document,) = read_yaml_documents(YAML, "task.yaml")
    (task,) = read_ecs(document.value, "task.yaml")
    location = task.lookup("container_definitions[0].image")[0].value.location
    assert location is not None
    assert (location.path, location.line, location.column) == ("task.yaml", 4, 5)
