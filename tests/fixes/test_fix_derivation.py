"""Edits at the place that a value comes from, in every spelling, with everything around them left as it is."""

from __future__ import annotations

import pytest

from tests.fixes.fix_harness import Project, mend, wants

MULTI_AZ = wants("multi_az", "equals", True)
DAYS = wants("backup_retention_period", "gte", 7)
ZONES = wants("availability_zones", "contains_all", ["a", "b"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  multi_az = false # why\n", "  multi_az = true # why\n"),
        ("  multi_az = false // 한글 설명\n", "  multi_az = true // 한글 설명\n"),
        ('  multi_az = "false"\n', '  multi_az = "true"\n'),
        ("  multi_az = null\n", "  multi_az = true\n"),
        ("\tmulti_az = false\n", "\tmulti_az = true\n"),
        ("  /* 한글 */ multi_az = false\r\n", "  /* 한글 */ multi_az = true\r\n"),
        ("  multi_az = false # a\n  engine = 1         # b\n", "  multi_az = true # a\n  engine = 1         # b\n"),
        ("  multi_az = false # a\n  engine   = 1     # b\n", "  multi_az = true # a\n  engine   = 1    # b\n"),
        ("  engine   = <<-A\n    multi_az = false\n  A\n  multi_az = false\n",
         "  engine   = <<-A\n    multi_az = false\n  A\n  multi_az = true\n"),
    ],
)  # fmt: skip
def test_an_attribute_is_changed_in_place(tmp_path, before, after):
    block = 'resource "aws_db_instance" "db" {{\n{}}}\n'
    assert mend(tmp_path, block.format(before), MULTI_AZ) == block.format(after)


def test_a_block_on_one_line_is_changed_in_place(tmp_path):
    text = 'resource "aws_db_instance" "db" { multi_az = false } # 한글\n'
    assert mend(tmp_path, text, MULTI_AZ) == text.replace("false", "true")


@pytest.mark.parametrize(
    ("source", "old", "new"),
    [
        ('variable "days" {\n  default = 1 # too few\n}\n', "default = 1", "default = 7"),
        ("locals {\n  days = 3\n}\n", "days = 3", "days = 7"),
        ('locals {\n  days = { "prod" = 3, test = 1 }\n}\n', '"prod" = 3', '"prod" = 7'),
    ],
)
def test_a_value_is_changed_where_it_comes_from(tmp_path, source, old, new):
    at = {"v": "var.days", "l": 'local.days["prod"]' if "prod" in source else "local.days"}[source[0]]
    text = f'{source}resource "aws_db_instance" "db" {{\n  backup_retention_period = {at}\n}}\n'
    assert mend(tmp_path, text, DAYS) == text.replace(old, new)


def test_an_item_of_an_object_in_a_variable_file_is_changed(tmp_path):
    files = {
        "main.tf": 'variable "db" {\n  type = object({ days = number, name = string })\n}\n'
        'resource "aws_db_instance" "db" {\n  backup_retention_period = var.db.days\n}\n',
        "terraform.tfvars": 'db = {\n  name = "데이터베이스"\n  days = 1 # 하루\n}\n',
    }
    mended = Project(tmp_path, files, {"aws_db_instance": [DAYS]}).mended()
    assert mended == {"terraform.tfvars": files["terraform.tfvars"].replace("days = 1", "days = 7")}


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ('{\n  engine = "postgres"\n}', '{\n  engine   = "postgres"\n  multi_az = true\n}'),
        ('{\n  engine = "postgres" # 한글\n}', '{\n  engine   = "postgres" # 한글\n  multi_az = true\n}'),
        ("{}", "{\n  multi_az = true\n}"),
        ('{ engine = "postgres" }', '{\n  engine   = "postgres"\n  multi_az = true\n}'),
        ("{\n}", "{\n  multi_az = true\n}"),
        ("{\n\tengine = 1\n}", "{\n\tengine   = 1\n\tmulti_az = true\n}"),
        ("{\r\n  engine = 1\r\n}", "{\r\n  engine   = 1\r\n  multi_az = true\r\n}"),
        ("{\n  engine = 1\n\n  timeouts {\n    create = 1\n  }\n}",
         "{\n  engine   = 1\n  multi_az = true\n\n  timeouts {\n    create = 1\n  }\n}"),
        ("{\n  timeouts {\n    create = 1\n  }\n}", "{\n  multi_az = true\n\n  timeouts {\n    create = 1\n  }\n}"),
        ("{\n  tags = {\n    a = 1\n  }\n}", "{\n  tags = {\n    a = 1\n  }\n  multi_az = true\n}"),
        ("{\n  engine = <<-A\n    x\n  A\n}", "{\n  engine   = <<-A\n    x\n  A\n  multi_az = true\n}"),
        ('{\n  for_each = toset(["a"])\n}', '{\n  for_each = toset(["a"])\n\n  multi_az = true\n}'),
    ],
)  # fmt: skip
def test_a_missing_attribute_is_written_as_terraform_fmt_has_it(tmp_path, body, after):
    header = 'resource "aws_db_instance" "db" '
    assert mend(tmp_path, f"{header}{body}\n", MULTI_AZ) == f"{header}{after}\n"


def test_a_missing_block_is_written_where_its_schema_wants_nothing_else(tmp_path):
    text = 'resource "aws_instance" "vm" {\n  ami = "a"\n}\n'
    block = '\n  metadata_options {\n    http_tokens = "required"\n  }\n}\n'
    asked = wants("metadata_options.http_tokens", "equals", "required")
    assert mend(tmp_path, text, asked, type_="aws_instance") == text.removesuffix("}\n") + block


def test_a_missing_attribute_of_a_block_is_written_into_it(tmp_path):
    text = 'resource "aws_instance" "vm" {\n  metadata_options {\n    http_endpoint = "enabled"\n  }\n}\n'
    asked = wants("metadata_options.http_tokens", "equals", "required")
    after = '    http_endpoint = "enabled"\n    http_tokens   = "required"\n'
    assert after in mend(tmp_path, text, asked, type_="aws_instance")


def test_a_missing_tag_is_written_into_the_object(tmp_path):
    asked = wants("tags.Team", "equals", "data")
    several = 'resource "aws_db_instance" "db" {\n  tags = {\n    Environment = "x"\n  }\n}\n'
    assert '    Environment = "x"\n    Team        = "data"\n  }' in mend(tmp_path, several, asked)
    one = 'resource "aws_db_instance" "db" {\n  tags = { Name = "x" }\n}\n'
    assert 'tags = { Name = "x", Team = "data" }' in mend(tmp_path / "one", one, asked)


@pytest.mark.parametrize(
    ("written", "op", "value", "after"),
    [
        ('["a"]', "contains_all", ["a", "b"], '["a", "b"]'),
        ("[]", "contains", "b", '["b"]'),
        ('["x", "a"]', "exactly", ["a", "b"], '["a", "b"]'),
        ('["a", "x"]', "subset", ["a", "b"], '["a"]'),
        ('[\n    "a", # 한글\n  ]', "contains", "b", '[\n    "a", # 한글\n    "b",\n  ]'),
        ('[\n    "a"\n  ]', "contains", "b", '[\n    "a",\n    "b"\n  ]'),
        ('[\n    "x", # why\n    "a",\n  ]', "subset", ["a"], '[\n    "a",\n  ]'),
    ],
)
def test_elements_are_added_and_taken_away(tmp_path, written, op, value, after):
    text = 'resource "aws_rds_cluster" "db" {{\n  availability_zones = {}\n}}\n'
    asked = wants("availability_zones", op, value)
    assert mend(tmp_path, text.format(written), asked, type_="aws_rds_cluster") == text.format(after)


def test_what_must_not_be_written_is_taken_out(tmp_path):
    text = 'resource "aws_db_instance" "db" {\n  engine              = "x"\n  replicate_source_db = "y"\n}\n'
    asked = wants("replicate_source_db", "absent")
    assert mend(tmp_path, text, asked) == 'resource "aws_db_instance" "db" {\n  engine = "x"\n}\n'


def test_texts_are_escaped(tmp_path):
    text = 'resource "aws_db_instance" "db" {\n  identifier = "x"\n}\n'
    after = mend(tmp_path, text, wants("identifier", "equals", 'a "b" $${c} %{d} \\'))
    assert 'identifier = "a \\"b\\" $${c} %%{d} \\\\"' in after


def test_json_is_changed_and_filled_in(tmp_path):
    text = '{\n  "resource": {\n    "aws_db_instance": {"db": {"multi_az": false, "engine": "x"}}\n  }\n}\n'
    after = mend(tmp_path, text, MULTI_AZ, DAYS, name="main.tf.json")
    assert after == text.replace('{"multi_az": false', '{"backup_retention_period": 7,"multi_az": true')


@pytest.mark.parametrize(
    ("spec", "after"),
    [
        ("  replicas: 1 # 하나\n", "  replicas: 3 # 하나\n"),
        ("  {replicas: 1, paused: false}\n", "  {replicas: 3, paused: false}\n"),
        ('  "replicas" : 1\n', '  "replicas" : 3\n'),
    ],
)
def test_a_scalar_of_a_manifest_is_changed(tmp_path, spec, after):
    text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api, namespace: shop}\nspec:\n{}"
    asked = wants("spec.replicas", "gte", 3)
    mended = mend(tmp_path, text.replace("{}", spec, 1) if "{}" in text else text, asked, type_="apps/v1/Deployment",
                  name="api.yaml")  # fmt: skip
    assert mended == text.replace("{}", after, 1)


@pytest.mark.parametrize(
    ("text", "asked", "obstacle"),
    [
        ("  multi_az = 1 == 2\n", MULTI_AZ, "EXPRESSION"),
        ("  multi_az = tobool(\"false\")\n", MULTI_AZ, "EXPRESSION"),
        ("  multi_az = true ? false : true\n", MULTI_AZ, "EXPRESSION"),
        ("  backup_retention_period = 1 + 1\n", DAYS, "EXPRESSION"),
        ("", wants("identifier", "exists"), "DECISION"),
        ("  identifier = \"x\"\n", wants("identifier", "matches", "^prod-"), "DECISION"),
        ("  identifier = \"x\"\n", wants("identifier", "in", ["a", "b"]), "DECISION"),
        ("", wants("restore_to_point_in_time.restore_time", "absent"), None),
    ],
)  # fmt: skip
def test_what_is_computed_or_needs_a_decision_is_left_alone(tmp_path, text, asked, obstacle):
    files = {"main.tf": f'resource "aws_db_instance" "db" {{\n{text}}}\n'}
    found = Project(tmp_path, files, {"aws_db_instance": [asked]}).obstacles()
    assert found == ([obstacle] if obstacle else [])


def test_what_is_unknown_is_never_touched(tmp_path):
    text = 'variable "days" {}\nresource "aws_db_instance" "db" {\n  backup_retention_period = var.days\n}\n'
    plan = Project(tmp_path, {"main.tf": text}, {"aws_db_instance": [DAYS]}).plan()
    assert (plan.after, plan.mended, plan.left) == ({}, [], [])


def test_copies_of_what_belongs_to_others_are_left_alone(tmp_path):
    files = {
        "main.tf": 'module "db" {\n  source = "./vendor/db"\n}\n',
        "vendor/db/main.tf": 'resource "aws_db_instance" "db" {\n  multi_az = false\n}\n',
    }
    assert Project(tmp_path, files, {"aws_db_instance": [MULTI_AZ]}).obstacles() == ["PLACE"]


def test_requirements_that_contradict_each_other_are_left_alone_and_said(tmp_path):
    files = {
        "main.tf": "locals {\n  days = 3\n}\n"
        'resource "aws_db_instance" "db" {\n  backup_retention_period = local.days\n}\n'
        'resource "aws_rds_cluster" "db" {\n  backup_retention_period = local.days\n}\n'
    }
    asked = {"aws_db_instance": [DAYS], "aws_rds_cluster": [wants("backup_retention_period", "equals", 5)]}
    plan = Project(tmp_path, files, asked).plan()
    assert plan.after == {}
    assert [item.obstacle.name for item in plan.left] == ["CONFLICT", "CONFLICT"]


def test_the_stricter_of_two_bounds_serves_both(tmp_path):
    text = (
        "locals {\n  days = 3\n}\n"
        'resource "aws_db_instance" "db" {\n  backup_retention_period = local.days\n}\n'
        'resource "aws_rds_cluster" "db" {\n  backup_retention_period = local.days\n}\n'
    )
    asked = {"aws_db_instance": [DAYS], "aws_rds_cluster": [wants("backup_retention_period", "gte", 14)]}
    mended = Project(tmp_path, {"main.tf": text}, asked).mended()
    assert mended == {"main.tf": text.replace("days = 3", "days = 14")}


def test_an_edit_that_would_break_something_else_is_not_made(tmp_path):
    text = (
        "locals {\n  days = 3\n}\n"
        'resource "aws_db_instance" "db" {\n  backup_retention_period = local.days\n}\n'
        'resource "aws_rds_cluster" "db" {\n  backup_retention_period = local.days\n}\n'
    )
    asked = {"aws_db_instance": [DAYS], "aws_rds_cluster": [wants("backup_retention_period", "lte", 5)]}
    plan = Project(tmp_path, {"main.tf": text}, asked).plan()
    assert plan.after == {}
    assert [item.obstacle.name for item in plan.left] == ["HARM"]


def test_one_of_several_values_is_not_chosen(tmp_path):
    text = 'resource "aws_rds_cluster" "db" {\n  availability_zones = ["a", "b"]\n}\n'
    asked = {**wants("availability_zones[*]", "equals", "c"), "match": "any"}
    assert Project(tmp_path, {"main.tf": text}, {"aws_rds_cluster": [asked]}).obstacles() == ["DECISION"]


def test_what_follows_another_resource_is_not_changed_there(tmp_path):
    text = (
        'resource "aws_db_instance" "db" {\n  backup_retention_period = aws_rds_cluster.main["a"].port\n}\n'
        'resource "aws_rds_cluster" "main" {\n  for_each = { a = 1 }\n  port     = 3\n}\n'
    )
    assert Project(tmp_path, {"main.tf": text}, {"aws_db_instance": [DAYS]}).obstacles() == ["DECISION"]
