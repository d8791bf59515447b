"""Expressions that name other resources: links, known and unknown attributes, instances."""

from pathlib import Path

import pytest
from tf_project import chain, collect, data, references, resource, span, value

from scanner.model.value import Reason, Unknown, Value


def reason(found: Value) -> Reason:
    assert isinstance(found.raw, Unknown), found.raw
    return found.raw.reason


def test_an_attribute_that_is_written_is_known_and_links(tmp_path: Path) -> None:
    text = """
    resource "aws_s3_bucket" "a" {
      bucket = "logs"
    }
    resource "aws_s3_bucket_policy" "p" {
      bucket = aws_s3_bucket.a.bucket
    }
    """
    found = value(collect(tmp_path, text), "aws_s3_bucket_policy.p", "bucket")
    assert (found.raw, span(found)) == ("logs", "main.tf:2:3-2:18")
    assert chain(found) == ["aws_s3_bucket.a.bucket main.tf:2:3"]
    assert references(found) == {"aws_s3_bucket.a.bucket"}


@pytest.mark.parametrize("name", ["id", "arn", "tags", "nothing"])
def test_an_attribute_that_is_not_written_is_computed(tmp_path: Path, name: str) -> None:
    text = f'resource "aws_y" "a" {{\n  tags = null\n}}\nresource "aws_x" "b" {{\n  value = aws_y.a.{name}\n}}\n'
    found = value(collect(tmp_path, text), "aws_x.b", "value")
    assert reason(found) is Reason.COMPUTED
    assert references(found) == {f"aws_y.a.{name}"}
    assert span(found).startswith("main.tf:5:3")


def test_references_survive_templates_functions_and_operators(tmp_path: Path) -> None:
    text = """
    resource "aws_y" "a" {}
    resource "aws_x" "b" {
      template = "arn:${aws_y.a.id}/*"
      function = join(",", [aws_y.a.id, "x"])
      operator = aws_y.a.size + 1
      split    = split(",", aws_y.a.list)[0]
      nested   = { deep = [aws_y.a.id] }
      json     = jsonencode({ Resource = [aws_y.a.arn, "*"] })
    }
    """
    inventory = collect(tmp_path, text)
    assert references(value(inventory, "aws_x.b", "template")) == {"aws_y.a.id"}
    assert references(value(inventory, "aws_x.b", "function")) == {"aws_y.a.id"}
    assert references(value(inventory, "aws_x.b", "operator")) == {"aws_y.a.size"}
    assert references(value(inventory, "aws_x.b", "split")) == {"aws_y.a.list"}
    assert references(value(inventory, "aws_x.b", "nested.deep[0]")) == {"aws_y.a.id"}
    assert references(value(inventory, "aws_x.b", "json.Resource[0]")) == {"aws_y.a.arn"}
    assert value(inventory, "aws_x.b", "json.Resource[1]").raw == "*"


INSTANCES = """
resource "aws_y" "counted" {
  count = 2
  name  = "n${count.index}"
}
resource "aws_y" "keyed" {
  for_each = toset(["a", "b"])
  name     = each.key
}
resource "aws_y" "none" {
  count = 0
}
resource "aws_x" "user" {
  index   = aws_y.counted[1].name
  splat   = aws_y.counted[*].name
  old     = aws_y.counted.*.id
  key     = aws_y.keyed["b"].name
  values  = values(aws_y.keyed)[*].name
  loop    = [for key, item in aws_y.keyed : "${key}=${item.id}"]
  one     = one(aws_y.none[*].id)
  default = try(aws_y.none[0].id, "none")
  tried   = try(aws_y.counted[0].id, "none")
}
"""


def test_instances_are_reached_by_index_key_splat_and_loop(tmp_path: Path) -> None:
    inventory = collect(tmp_path, INSTANCES)
    assert data(inventory, "aws_x.user", "index") == "n1"
    assert data(inventory, "aws_x.user", "splat") == ["n0", "n1"]
    assert data(inventory, "aws_x.user", "key") == "b"
    assert data(inventory, "aws_x.user", "values") == ["a", "b"]
    assert data(inventory, "aws_x.user", "one") is None
    assert data(inventory, "aws_x.user", "default") == "none"


def test_references_name_the_instance(tmp_path: Path) -> None:
    inventory = collect(tmp_path, INSTANCES)
    assert references(value(inventory, "aws_x.user", "index")) == {"aws_y.counted[1].name"}
    assert references(value(inventory, "aws_x.user", "key")) == {'aws_y.keyed["b"].name'}
    assert references(value(inventory, "aws_x.user", "old[1]")) == {"aws_y.counted[1].id"}
    assert references(value(inventory, "aws_x.user", "loop[0]")) == {'aws_y.keyed["a"].id'}
    assert references(value(inventory, "aws_x.user", "tried")) == {"aws_y.counted[0].id"}


def test_a_reference_to_an_undecided_resource_names_the_resource(tmp_path: Path) -> None:
    text = """
    variable "create" { type = bool }
    resource "aws_y" "a" {
      count = var.create ? 1 : 0
    }
    resource "aws_x" "b" {
      value = aws_y.a[0].arn
    }
    """
    inventory = collect(tmp_path, text)
    assert references(value(inventory, "aws_x.b", "value")) == {"aws_y.a.arn"}
    assert reason(value(inventory, "aws_x.b", "value")) is Reason.UNSET_VARIABLE
    undecided = resource(inventory, "aws_y.a").undecided
    assert undecided is not None
    assert reason(undecided) is Reason.UNSET_VARIABLE


def test_an_undecided_condition_links_only_to_what_both_branches_name(tmp_path: Path) -> None:
    text = """
    variable "which" { type = bool }
    resource "aws_y" "a" {}
    resource "aws_y" "b" {}
    resource "aws_x" "user" {
      same      = var.which ? aws_y.a.id : aws_y.a.id
      different = var.which ? aws_y.a.id : aws_y.b.id
    }
    """
    inventory = collect(tmp_path, text)
    assert references(value(inventory, "aws_x.user", "same")) == {"aws_y.a.id"}
    assert references(value(inventory, "aws_x.user", "different")) == set()


def test_attributes_of_nested_blocks_are_read_from_the_expanded_list(tmp_path: Path) -> None:
    text = """
    resource "aws_y" "a" {
      rule { port = 80 }
      dynamic "rule" {
        for_each = [443]
        content {
          port = rule.value
        }
      }
    }
    resource "aws_x" "b" {
      second  = aws_y.a.rule[1].port
      all     = aws_y.a.rule[*].port
      missing = aws_y.a.rule[0].id
    }
    """
    inventory = collect(tmp_path, text)
    assert data(inventory, "aws_x.b", "second") == 443
    assert data(inventory, "aws_x.b", "all") == [80, 443]
    assert reason(value(inventory, "aws_x.b", "missing")) is Reason.COMPUTED
    assert references(value(inventory, "aws_x.b", "second")) == {"aws_y.a.rule.port"}


def test_a_data_source_has_its_arguments_and_answers_nobody_knows(tmp_path: Path) -> None:
    text = """
    data "aws_ami" "image" {
      owners = ["amazon"]
    }
    resource "aws_x" "b" {
      owner = data.aws_ami.image.owners[0]
      image = data.aws_ami.image.id
    }
    """
    inventory = collect(tmp_path, text)
    assert data(inventory, "aws_x.b", "owner") == "amazon"
    assert reason(value(inventory, "aws_x.b", "image")) is Reason.DATA_SOURCE
    assert references(value(inventory, "aws_x.b", "image")) == {"data.aws_ami.image.id"}
    assert resource(inventory, "data.aws_ami.image").type == "data.aws_ami"


@pytest.mark.parametrize(
    "expression",
    ["var.no", "local.no", "module.no.x", "aws_y.no.id", "each.key", "count.index", "aws_y", "data.x"],
)
def test_names_that_mean_nothing_are_errors_not_crashes(tmp_path: Path, expression: str) -> None:
    found = value(collect(tmp_path, f'resource "aws_x" "b" {{\n  value = {expression}\n}}\n'), "aws_x.b", "value")
    assert reason(found) is Reason.ERROR
    assert span(found).startswith("main.tf:2:3")


def test_functions_of_providers_and_unknown_functions_are_unsupported(tmp_path: Path) -> None:
    text = """
    resource "aws_y" "a" {}
    resource "aws_x" "b" {
      provider_function = provider::aws::arn_parse(aws_y.a.arn)
      newer             = a_function_of_the_future(1)
    }
    """
    inventory = collect(tmp_path, text)
    assert reason(value(inventory, "aws_x.b", "provider_function")) is Reason.UNSUPPORTED
    assert references(value(inventory, "aws_x.b", "provider_function")) == {"aws_y.a.arn"}
    assert reason(value(inventory, "aws_x.b", "newer")) is Reason.UNSUPPORTED


def test_meta_arguments_are_plain_data(tmp_path: Path) -> None:
    text = """
    resource "aws_y" "a" {
      count = 1
      lifecycle {
        ignore_changes  = [tags["x"], engine_version]
        prevent_destroy = true
      }
      depends_on = [aws_x.b, module.m]
      provisioner "local-exec" {
        command = "true"
      }
    }
    resource "aws_x" "b" {
      lifecycle {
        ignore_changes = all
      }
    }
    """
    inventory = collect(tmp_path, text)
    assert data(inventory, "aws_y.a[0]", "lifecycle.ignore_changes") == ["tags", "engine_version"]
    assert data(inventory, "aws_y.a[0]", "lifecycle.prevent_destroy") is True
    assert data(inventory, "aws_y.a[0]", "depends_on") == ["aws_x.b", "module.m"]
    assert references(value(inventory, "aws_y.a[0]", "depends_on[0]")) == {"aws_x.b"}
    assert data(inventory, "aws_x.b", "lifecycle.ignore_changes") == ["all"]
    assert value(inventory, "aws_y.a[0]", "count").is_absent
    assert value(inventory, "aws_y.a[0]", "provisioner").is_absent


def test_self_is_the_resource_in_its_own_conditions(tmp_path: Path) -> None:
    text = """
    resource "aws_y" "a" {
      size = 5
      lifecycle {
        postcondition {
          condition     = self.size > 4
          error_message = "too small: ${self.id}"
        }
      }
    }
    """
    inventory = collect(tmp_path, text)
    assert data(inventory, "aws_y.a", "lifecycle.postcondition.condition") is True
    assert references(value(inventory, "aws_y.a", "lifecycle.postcondition.error_message")) == {"aws_y.a.id"}


def test_resources_keep_their_computed_attributes_on_their_way_through_variables_and_conditions(tmp_path: Path) -> None:
    files = {
        "main.tf": """
            variable "create" { default = true }
            resource "aws_vpc" "main" {
              cidr_block = "10.0.0.0/16"
            }
            resource "aws_subnet" "s" {
              count = 2
            }
            module "m" {
              source = "./m"
              vpc    = aws_vpc.main
              subnet = (var.create ? aws_subnet.s[*] : [])[0]
              all    = concat(aws_subnet.s, [])
            }
            """,
        "m/main.tf": """
            variable "vpc" {
              type = object({ id = string, cidr_block = string, arn = optional(string) })
            }
            variable "subnet" {}
            variable "all" {}
            resource "aws_x" "a" {
              vpc    = var.vpc.id
              arn    = var.vpc.arn
              cidr   = var.vpc.cidr_block
              subnet = var.subnet.id
              last   = element(var.all, 1).id
            }
            """,
    }
    inventory = collect(tmp_path, files)
    address = "module.m.aws_x.a"
    assert data(inventory, address, "cidr") == "10.0.0.0/16"
    expected = {
        "vpc": "aws_vpc.main.id",
        "arn": "aws_vpc.main.arn",
        "subnet": "aws_subnet.s[0].id",
        "last": "aws_subnet.s[1].id",
    }
    for path, reference in expected.items():
        found = value(inventory, address, path)
        assert reason(found) is Reason.COMPUTED
        assert reference in references(found)
