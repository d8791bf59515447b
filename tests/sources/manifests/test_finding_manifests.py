"""Which files are manifests, which documents go to which reader, and what is said about the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model.inventory import Inventory, Level
from scanner.sources.collect import collect_code
from scanner.sources.manifests import ManifestOptions, ManifestSource
from scanner.sources.terraform import TerraformOptions

DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec: {replicas: 2}\n"
COMPOSE = "services:\n  web: {image: nginx}\n"
FILES = {
    "k8s/api.yaml": DEPLOYMENT,
    "compose.yml": COMPOSE,
    "Dockerfile": "FROM node:20\n",
    "images/api.Dockerfile": "FROM node:20\n",
    "images/Containerfile": "FROM node:20\n",
    "images/build": "# an image\nARG TAG=20\nFROM node:${TAG} AS base\nUSER node\n",
    ".github/workflows/ci.yml": "on: push\njobs: {a: {runs-on: x, steps: []}}\n",
    "action.yml": "name: a\nruns: {using: composite, steps: []}\n",
    "monitoring/prometheus.yml": "scrape_configs: []\n",
    "monitoring/rules.yml": "groups:\n- name: a\n  rules: [{alert: A, expr: up}]\n",
    "monitoring/alertmanager.yml": "route: {receiver: a}\nreceivers: [{name: a}]\n",
    "monitoring/board.json": '{"title": "t", "schemaVersion": 39, "panels": []}',
    "task.json": '{"family": "api", "containerDefinitions": [{"name": "c", "image": "i"}]}',
    ".env": "A=b\n",
    "config/staging.env": "A=b\n",
}
BOTH = {
    "infra/main.tf": 'resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }\n',
    "infra/compose.yml": COMPOSE,
    "k8s/prod/a.yaml": DEPLOYMENT,
    "k8s/dev/a.yaml": DEPLOYMENT,
}
EXPECTED = {
    ("apps/v1/Deployment", "k8s/api.yaml"),
    ("compose_file", "compose.yml"),
    ("compose_service", "compose.yml"),
    ("dockerfile", "Dockerfile"),
    ("dockerfile", "images/api.Dockerfile"),
    ("dockerfile", "images/Containerfile"),
    ("dockerfile", "images/build"),
    ("github_workflow", ".github/workflows/ci.yml"),
    ("github_action", "action.yml"),
    ("prometheus_config", "monitoring/prometheus.yml"),
    ("prometheus_rules", "monitoring/rules.yml"),
    ("alertmanager_config", "monitoring/alertmanager.yml"),
    ("grafana_dashboard", "monitoring/board.json"),
    ("aws_ecs_task_definition", "task.json"),
    ("env_file", ".env"),
    ("env_file", "config/staging.env"),
}


def write(directory: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return directory


def read(directory: Path, *paths: str) -> Inventory:
    return ManifestSource([directory / path for path in paths] or [directory], directory).collect()


def found(inventory: Inventory) -> set[tuple[str, str]]:
    return {(item.type, item.location.path if item.location else "") for item in inventory.resources}


def said(inventory: Inventory) -> list[str]:
    return [f"{item.level.value} {item.location}: {item.what}" for item in inventory.notifications]


def test_every_format_is_found_by_its_content(tmp_path: Path) -> None:
    inventory = read(write(tmp_path, FILES))
    assert found(inventory) == EXPECTED
    assert not inventory.notifications


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_that_is_named_is_read_alone(name: str, tmp_path: Path) -> None:
    inventory = read(write(tmp_path, FILES), name)
    assert found(inventory) == {(type_, path) for type_, path in EXPECTED if path == name}


def test_what_other_tools_keep_is_not_entered(tmp_path: Path) -> None:
    inside = ("node_modules/x", ".git", ".terraform/modules", "vendor", "env", ".venv", "a/__pycache__")
    write(tmp_path, {f"{directory}/a.yaml": DEPLOYMENT for directory in inside})
    write(tmp_path, {"env/pyvenv.cfg": "", ".deploy/a.yaml": DEPLOYMENT})
    assert found(read(tmp_path)) == {("apps/v1/Deployment", ".deploy/a.yaml")}
    assert found(read(tmp_path, "vendor")) == {("apps/v1/Deployment", "vendor/a.yaml")}


def test_what_is_nobodys_says_nothing_unless_it_was_named(tmp_path: Path) -> None:
    files = {
        "mkdocs.yml": "site_name: x\n",
        "broken.yaml": "a: [b\n",
        "data.json": "[1, 2",
        "Makefile": "all:\n\techo FROM here\n",
        "notes.md": "# a: [",
        "config.yaml": "apiVersion: v1\nclusters: []\nkind: Config\n",
        ".env.example": "PASSWORD=change-me\n",
        "Dockerfile.md": "FROM here on\n",
        "empty.yaml": "",
    }
    write(tmp_path, files)
    inventory = read(tmp_path)
    assert (inventory.resources, inventory.notifications) == ([], [])
    assert said(read(tmp_path, "mkdocs.yml")) == ["warning mkdocs.yml:1:1: the file is of no format that is read"]
    assert said(read(tmp_path, "notes.md")) == ["warning notes.md:1:1: the file is of no format that is read"]
    (error,) = read(tmp_path, "broken.yaml").notifications
    assert (error.level, str(error.location)) == (Level.ERROR, "broken.yaml:2:1")


def test_a_broken_file_hides_only_what_it_may_hold(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a.yaml": "apiVersion: v1\nkind: [\n",
            "b.yml": "services: {a: [}\n",
            "task.json": '{"containerDefinitions": [',
        },
    )
    inventory = read(tmp_path)
    assert {str(item.location): item.hides for item in inventory.notifications} == {
        "a.yaml:3:1": ("*/*",),
        "b.yml:1:16": ("compose_file", "compose_service"),
        "task.json:1:27": ("aws_ecs_task_definition", "aws_ecs_service"),
    }
    hidden = {
        type_: inventory.may_hide(type_) is not None for type_ in ("apps/v1/Deployment", "compose_service", "aws_vpc")
    }
    assert hidden == {"apps/v1/Deployment": True, "compose_service": True, "aws_vpc": False}


def test_templates_are_named_with_the_way_to_render_them(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "deploy/chart/Chart.yaml": "apiVersion: v2\nname: shop\n",
            "deploy/chart/templates/api.yaml": DEPLOYMENT.replace("2", "{{ .Values.replicas }}"),
            "deploy/chart/templates/sub/quoted.yaml": DEPLOYMENT.replace("name: api", 'name: "{{ .Release.Name }}"'),
            "deploy/chart/templates/plain.yaml": DEPLOYMENT,
            "jinja.yaml": "{% if x %}\n" + DEPLOYMENT + "{% endif %}\n",
        },
    )
    inventory = read(tmp_path)
    assert found(inventory) == {("apps/v1/Deployment", "deploy/chart/templates/plain.yaml")}
    assert said(inventory) == [
        "error jinja.yaml:1:2: the file is a template: render it first: helm template … | asbuilt scan -",
        "error deploy/chart/templates/api.yaml:1:1: the chart has 2 templates, which must be rendered: "
        "helm template deploy/chart | asbuilt scan -",
    ]
    assert all(item.hides == ("*/*",) for item in inventory.notifications)


def test_what_is_broken_in_another_way_than_by_braces_says_so(tmp_path: Path) -> None:
    rule = "groups:\n- name: a\n  rules: [{alert: A, expr: up, annotations: {summary: '{{ $value }} is down'}}\n"
    assert said(read(write(tmp_path, {"rules.yml": rule}))) == [
        "error rules.yml:4:1: not valid YAML: did not find expected ',' or ']'"
    ]


def test_utf_16(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(DEPLOYMENT.encode("utf-16"))
    assert found(read(tmp_path)) == {("apps/v1/Deployment", "a.yaml")}


def test_braces_inside_of_texts_are_no_template(tmp_path: Path) -> None:
    rule = "groups:\n- name: a\n  rules: [{alert: A, expr: up, annotations: {summary: '{{ $labels.job }} is down'}}]\n"
    workflow = "on: push\njobs: {a: {runs-on: x, steps: [{run: 'echo ${{ github.sha }}'}]}}\n"
    inventory = read(write(tmp_path, {"rules.yml": rule, "ci.yml": workflow}))
    assert {item.type for item in inventory.resources} == {"prometheus_rules", "github_workflow"}
    assert not inventory.notifications


def test_one_file_may_hold_documents_of_several_formats(tmp_path: Path) -> None:
    inventory = read(write(tmp_path, {"all.yaml": f"{DEPLOYMENT}---\n{COMPOSE}---\nother: 1\n---\n"}))
    assert [item.type for item in inventory.resources] == ["apps/v1/Deployment", "compose_file", "compose_service"]


def test_standard_input_holds_manifests_in_yaml_or_json(tmp_path: Path) -> None:
    service = '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}}'
    objects = f'{{"apiVersion": "v1", "kind": "List", "items": [{service}]}}'
    for text, place in (
        (f"---\n{DEPLOYMENT}---\n{DEPLOYMENT.replace('name: api', 'name: web')}", "<stdin>:2:1"),
        (objects, "<stdin>:1:"),
    ):
        inventory = ManifestSource([], tmp_path, ManifestOptions(text.encode())).collect()
        assert str(inventory.resources[0].location).startswith(place)
        assert not inventory.notifications
    nothing = ManifestSource([], tmp_path, ManifestOptions(b"hello\n")).collect()
    assert said(nothing) == ["warning <stdin>:1:1: the file is of no format that is read"]


def test_kubernetes_reads_booleans_of_yaml_1_1(tmp_path: Path) -> None:
    text = DEPLOYMENT.replace("2}", "2, paused: yes}")
    workflow = "on: {push: }\njobs: {a: {runs-on: x, continue-on-error: yes, steps: []}}\n"
    inventory = read(write(tmp_path, {"a.yaml": text, "ci.yml": workflow}))
    values = {item.type: item for item in inventory.resources}
    assert values["apps/v1/Deployment"].lookup("spec.paused")[0].value.raw is True
    assert values["github_workflow"].lookup("jobs.a.continue-on-error")[0].value.raw == "yes"


def test_roots_are_directories_that_name_an_environment(tmp_path: Path) -> None:
    names = ["prod/a.yaml", "k8s/overlays/dev/x/a.yaml", "k8s/a.yaml", "other/a.yaml"]
    inventory = read(
        write(tmp_path, dict.fromkeys(names, DEPLOYMENT) | {"prod/compose.yml": COMPOSE, "compose.yml": COMPOSE})
    )
    roots = {f"{item.location.path} {item.type}": item.root for item in inventory.resources if item.location}
    assert roots == {
        "prod/a.yaml apps/v1/Deployment": "prod",
        "k8s/overlays/dev/x/a.yaml apps/v1/Deployment": "k8s/overlays/dev",
        "k8s/a.yaml apps/v1/Deployment": "",
        "other/a.yaml apps/v1/Deployment": "other",
        "prod/compose.yml compose_file": "prod",
        "prod/compose.yml compose_service": "prod",
        "compose.yml compose_file": "",
        "compose.yml compose_service": "",
    }


class TestTogetherWithTerraform:
    """One inventory of both."""

    def test_both_are_read(self, tmp_path: Path) -> None:
        inventory = collect_code([write(tmp_path, BOTH)], tmp_path)
        assert sorted(item.type for item in inventory.resources) == [
            "apps/v1/Deployment",
            "apps/v1/Deployment",
            "aws_vpc",
            "compose_file",
            "compose_service",
        ]

    def test_a_named_file_stands_for_what_it_is(self, tmp_path: Path) -> None:
        write(tmp_path, BOTH)
        for name, types in (("infra/main.tf", {"aws_vpc"}), ("infra/compose.yml", {"compose_file", "compose_service"})):
            assert {item.type for item in collect_code([tmp_path / name], tmp_path).resources} == types

    @pytest.mark.parametrize(
        ("roots", "expected"),
        [
            (["infra"], {"infra/main.tf", "infra/compose.yml"}),
            (["infra", "k8s/prod"], {"infra/main.tf", "infra/compose.yml", "k8s/prod/a.yaml"}),
            (["k8s/prod"], {"k8s/prod/a.yaml"}),
        ],
    )
    def test_chosen_roots_choose_manifests_below_them(
        self, roots: list[str], expected: set[str], tmp_path: Path
    ) -> None:
        write(tmp_path, BOTH)
        options = [TerraformOptions(root=root) for root in roots]
        inventory = collect_code([tmp_path], tmp_path, options)
        assert {path for _, path in found(inventory)} == expected

    def test_roots_without_manifests_speak_of_terraform_alone(self, tmp_path: Path) -> None:
        files = {name: text for name, text in BOTH.items() if name != "infra/compose.yml"}
        inventory = collect_code([write(tmp_path, files)], tmp_path, [TerraformOptions(root="infra")])
        assert len(inventory.resources) == 3

    def test_what_both_could_not_read_is_said_once(self, tmp_path: Path) -> None:
        outside = write(tmp_path / "outside", BOTH)
        inside = write(tmp_path / "inside", BOTH)
        (inside / "link").symlink_to(outside)
        (only,) = collect_code([inside], inside).notifications
        assert (only.hides, str(only.location)) == ((), "link:1:1")
