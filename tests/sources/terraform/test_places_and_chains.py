"""Every value knows where it was written and over which places it was reached."""

from pathlib import Path

from tf_project import chain, collect, references, resource, span, value


def test_a_literal_is_placed_at_its_whole_attribute(tmp_path: Path) -> None:
    found = value(collect(tmp_path, 'resource "aws_x" "a" {\n  flag   = false\n}\n'), "aws_x.a", "flag")
    assert span(found) == "main.tf:2:3-2:17"


def test_columns_count_characters_not_bytes(tmp_path: Path) -> None:
    text = 'resource "aws_x" "a" {\n  tags = { "이름" = "값", b = "c" }\n}\n'
    found = value(collect(tmp_path, text), "aws_x.a", "tags.b")
    assert span(found) == "main.tf:2:24-2:31"


def test_items_and_elements_have_places_of_their_own(tmp_path: Path) -> None:
    text = """
    resource "aws_x" "a" {
      list = [
        "one",
        { deep = true },
      ]
    }
    """
    inventory = collect(tmp_path, text)
    assert span(value(inventory, "aws_x.a", "list")) == "main.tf:2:3-5:4"
    assert span(value(inventory, "aws_x.a", "list[0]")) == "main.tf:3:5-3:10"
    assert span(value(inventory, "aws_x.a", "list[1].deep")) == "main.tf:4:7-4:18"


def test_a_heredoc_ends_after_its_marker(tmp_path: Path) -> None:
    text = 'resource "aws_x" "a" {\n  text = <<-EOT\n    one\n  EOT\n  next = 1\n}\n'
    inventory = collect(tmp_path, text)
    assert span(value(inventory, "aws_x.a", "text")).startswith("main.tf:2:3-4:6")
    assert span(value(inventory, "aws_x.a", "next")) == "main.tf:5:3-5:11"


def test_what_is_absent_is_placed_at_the_header_of_its_block(tmp_path: Path) -> None:
    text = 'resource "aws_x" "a" {\n  rule {\n    x = 1\n  }\n}\n'
    inventory = collect(tmp_path, text)
    assert span(value(inventory, "aws_x.a", "missing")) == "main.tf:1:1-1:23"
    assert span(value(inventory, "aws_x.a", "rule.missing")) == "main.tf:2:3-2:9"
    assert str(resource(inventory, "aws_x.a").location) == "main.tf:1:1"


def test_a_resource_tells_where_an_attribute_is_written_wherever_its_value_comes_from(tmp_path: Path) -> None:
    text = 'locals {\n  x = 1\n}\nresource "aws_x" "a" {\n  size = local.x\n  rule {\n  }\n}\n'
    attributes = resource(collect(tmp_path, text), "aws_x.a").attributes.raw
    assert str(attributes.locate("size")) == "main.tf:5:3"  # type: ignore[union-attr]
    assert str(attributes.locate("rule")) == "main.tf:6:3"  # type: ignore[union-attr]
    assert attributes.locate("other") is None  # type: ignore[union-attr]


DATA = """
variable "multi_az" { type = bool }
variable "size" { default = 20 }
resource "aws_db_instance" "main" {
  multi_az          = var.multi_az
  allocated_storage = var.size
}
output "arn" { value = aws_db_instance.main.arn }
"""
PRODUCTION = """
variable "db" {
  type = object({ multi_az = bool, size = optional(number, 50) })
}
locals {
  chosen = var.db.multi_az
}
module "data" {
  source   = "../../modules/data"
  multi_az = local.chosen
  size     = var.db.size
}
resource "aws_x" "user" {
  target = module.data.arn
}
"""


def production(directory: Path) -> dict[str, str]:
    return {
        "modules/data/main.tf": DATA,
        "env/production/main.tf": PRODUCTION,
        "env/production/terraform.tfvars": "# the database\ndb = {\n  multi_az = false\n}\n",
    }


def test_a_value_is_followed_through_module_local_variable_and_variable_file(tmp_path: Path) -> None:
    found = value(collect(tmp_path, production(tmp_path)), "module.data.aws_db_instance.main", "multi_az")
    assert found.raw is False
    assert span(found) == "env/production/terraform.tfvars:3:3-3:19"
    assert chain(found) == [
        "var.multi_az env/production/main.tf:9:3",
        "local.chosen env/production/main.tf:5:3",
        "var.db env/production/terraform.tfvars:2:1",
    ]


def test_an_optional_default_is_placed_in_the_type(tmp_path: Path) -> None:
    found = value(collect(tmp_path, production(tmp_path)), "module.data.aws_db_instance.main", "allocated_storage")
    assert found.raw == 50
    assert span(found) == "env/production/main.tf:2:36-2:63"


def test_a_default_is_placed_in_the_variable(tmp_path: Path) -> None:
    text = 'variable "x" {\n  default = true\n}\nresource "aws_x" "a" {\n  flag = var.x\n}\n'
    found = value(collect(tmp_path, text), "aws_x.a", "flag")
    assert span(found) == "main.tf:2:3-2:17"
    assert chain(found) == ["var.x main.tf:2:3"]


def test_a_derived_value_is_placed_where_it_is_made_and_keeps_the_ways_there(tmp_path: Path) -> None:
    text = """
    variable "name" { default = "db" }
    locals { suffix = "prod" }
    resource "aws_x" "a" {
      name = "${var.name}-${local.suffix}"
    }
    """
    found = value(collect(tmp_path, text), "aws_x.a", "name")
    assert (found.raw, span(found)) == ("db-prod", "main.tf:4:3-4:39")
    assert chain(found) == ["var.name main.tf:1:19", "local.suffix main.tf:2:10"]


def test_conditionals_and_functions_that_choose_keep_the_place_of_what_they_chose(tmp_path: Path) -> None:
    text = """
    locals {
      sizes = { small = 1, large = 9 }
      names = ["a", "b"]
    }
    resource "aws_x" "a" {
      conditional = true ? local.sizes.large : 0
      lookup      = lookup(local.sizes, "small", 0)
      try         = try(local.sizes.huge, local.sizes.large)
      element     = element(local.names, 1)
      merge       = merge(local.sizes, { small = 2 }).large
    }
    """
    inventory = collect(tmp_path, text)
    large, small = "main.tf:2:24-2:33", "main.tf:2:13-2:22"
    assert span(value(inventory, "aws_x.a", "conditional")) == large
    assert span(value(inventory, "aws_x.a", "lookup")) == small
    assert span(value(inventory, "aws_x.a", "try")) == large
    assert span(value(inventory, "aws_x.a", "element")) == "main.tf:3:17-3:20"
    assert span(value(inventory, "aws_x.a", "merge")) == large


def test_an_output_is_one_hop_and_the_reference_behind_it_is_kept(tmp_path: Path) -> None:
    found = value(collect(tmp_path, production(tmp_path)), "aws_x.user", "target")
    assert references(found) == {"module.data.aws_db_instance.main.arn"}
    assert chain(found) == ["module.data.arn modules/data/main.tf:7:16"]


def test_values_of_an_iteration_say_so(tmp_path: Path) -> None:
    text = """
    variable "buckets" {
      default = {
        logs = { versioned = true }
      }
    }
    resource "aws_x" "b" {
      for_each  = var.buckets
      versioned = each.value.versioned
    }
    """
    found = value(collect(tmp_path, text), 'aws_x.b["logs"]', "versioned")
    assert span(found) == "main.tf:3:14-3:30"
    assert chain(found) == ["each.value main.tf:3:5", "var.buckets main.tf:2:3"]


def test_sensitive_values_stay_sensitive_on_every_way(tmp_path: Path) -> None:
    text = """
    variable "password" {
      default   = "secret"
      sensitive = true
    }
    resource "aws_x" "a" {
      plain    = var.password
      template = "x${var.password}"
      function = upper(var.password)
      operator = var.password == "x"
      list     = [for x in [var.password] : x]
      open     = nonsensitive(var.password)
    }
    """
    inventory = collect(tmp_path, text)
    for path in ("plain", "template", "function", "operator", "list[0]"):
        assert value(inventory, "aws_x.a", path).sensitive, path
    assert not value(inventory, "aws_x.a", "open").sensitive
