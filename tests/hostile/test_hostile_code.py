"""Code that is made to loop, to grow without bound or to reach outside."""

from pathlib import Path

import pytest
from reading import Reading, read, write

from scanner.model.value import MASK, plain


def bucket(expression: str, before: str = "") -> str:
    return f'{before}\nresource "aws_s3_bucket" "x" {{\n  bucket = {expression}\n}}\n'


def undecided(reading: Reading) -> bool:
    return any(path.startswith("aws_s3_bucket.x") for path in reading.unknown)


RING = "\n".join(f"  r{n} = local.r{(n + 1) % 3000}" for n in range(3000))
CYCLES = {
    "itself": "locals {\n  a = local.a\n}",
    "each other": "locals {\n  a = local.b\n  b = local.a\n}",
    "inside a collection": "locals {\n  a = [local.a]\n}",
    "inside an object": "locals {\n  a = { b = local.a.b }\n}",
    "in a template": 'locals {\n  a = "${local.a}${local.a}"\n}',
    "in a condition": "locals {\n  a = local.a ? 1 : 2\n}",
    "behind try": "locals {\n  a = try(local.a, 1)\n}",
    "through a resource": """
    locals {
      a = aws_s3_bucket.y.bucket
    }
    resource "aws_s3_bucket" "y" {
      bucket = local.a
    }
    """,
    "a long ring": f"locals {{\n{RING}\n  a = local.r0\n}}",
}


@pytest.mark.parametrize("before", CYCLES.values(), ids=CYCLES.keys())
def test_cycles_are_unknown(tmp_path: Path, before: str) -> None:
    reading = read(write(tmp_path, main=bucket("local.a", before)))
    assert undecided(reading)


def test_a_long_chain_is_no_cycle(tmp_path: Path) -> None:
    chain = "locals {\n" + "\n".join(f"  r{n} = local.r{n + 1}" for n in range(3000)) + '\n  r3000 = "end"\n}'
    reading = read(write(tmp_path, main=bucket("local.r0", chain)))
    assert plain(reading.value("aws_s3_bucket.x", "bucket")) == "end" or undecided(reading)


def test_count_and_for_each_that_need_themselves(tmp_path: Path) -> None:
    text = """
    resource "aws_s3_bucket" "x" {
      count = length(aws_s3_bucket.x)
    }
    resource "aws_s3_bucket" "y" {
      for_each = { for key, value in aws_s3_bucket.y : key => value }
    }
    """
    reading = read(write(tmp_path, main=text))
    assert len(reading.addresses) == 2
    assert all(resource.undecided is not None for resource in reading.inventory.resources)


@pytest.mark.parametrize("count", ["1000000000", "-1", "1.5", '"x"', "null", "[1]", "pow(10, 300)"])
def test_impossible_counts(tmp_path: Path, count: str) -> None:
    text = f'resource "aws_s3_bucket" "x" {{\n  count = {count}\n}}\n'
    reading = read(write(tmp_path, main=text))
    assert reading.errors or all(resource.undecided is not None for resource in reading.inventory.resources)
    assert len(reading.addresses) <= 1


def doubling(first: str, step: str, last: str) -> str:
    """Sixty local values, each twice as large as the one before; `#` stands for the one before."""
    lines = [f"  l{n + 1} = {step.replace('#', f'local.l{n}')}" for n in range(60)]
    return "\n".join(["locals {", f"  l0 = {first}", *lines, f"  a = {last.replace('#', 'local.l60')}", "}"])


def local(expression: str) -> str:
    return "locals {\n  r = range(0, 1000)\n  a = " + expression + "\n}"


GROWTH = {
    "doubling text": doubling('"xxxxxxxxxx"', '"${#}${#}"', "#"),
    "doubling list": doubling("[1]", "concat(#, #)", "length(#)"),
    "doubling tree": doubling("[1]", "[#, #]", "jsonencode(#)"),
    "flattened tree": doubling("[1]", "[#, #]", "length(flatten(#))"),
    "compared tree": doubling("[1]", "[#, #]", "# == [#, #]"),
    "joined text": doubling('"x"', 'join("", [#, #])', "#"),
    "formatted text": doubling('"x"', 'format("%s%s", #, #)', "#"),
    "doubling map": doubling("{ a = 1 }", "{ x = #, y = # }", "yamlencode(#)"),
    "range": local("length(range(0, 1000000000))"),
    "product": local("length(setproduct(local.r, local.r, local.r))"),
    "format": local('format("%0999999999d", 1)'),
    "power": local("pow(10, 1000000000)"),
    "exponent": local("1e999999999"),
    "text of repeats": local('join("", [for x in local.r : join("", [for y in local.r : "xxxxxxxxxx"])])'),
    "regex": local(f'regex("^(a+)+$", "{"a" * 40}b")'),
    "regexall": local(f'length(regexall("(a|aa)+$", "{"a" * 60}b"))'),
    "replace": doubling('"x"', 'replace("${#}x", "x", "xx")', "length(#)"),
    "subnets": local('length(cidrsubnets("::/0", [for n in local.r : 64]...))'),
    "nested for": local("length(flatten([for x in local.r : [for y in local.r : [for z in local.r : 1]]]))"),
}


@pytest.mark.parametrize("before", GROWTH.values(), ids=GROWTH.keys())
def test_growth_is_bounded(tmp_path: Path, before: str) -> None:
    reading = read(write(tmp_path, main=bucket("local.a", before)))
    assert reading.addresses == ["aws_s3_bucket.x"]


class TestModules:
    def test_a_module_that_calls_itself(self, tmp_path: Path) -> None:
        text = 'module "again" {\n  source = "./"\n}\n'
        reading = read(write(tmp_path, main=bucket('"x"', text)))
        assert "aws_s3_bucket.x" in reading.addresses
        assert reading.errors

    def test_modules_that_call_each_other(self, tmp_path: Path) -> None:
        write(tmp_path, main='module "a" {\n  source = "./a"\n}\n')
        write(tmp_path, a__main=bucket('"x"', 'module "b" {\n  source = "../b"\n}\n'))
        write(tmp_path, b__main='module "a" {\n  source = "../a"\n}\n')
        reading = read(tmp_path)
        assert "module.a.aws_s3_bucket.x" in reading.addresses
        assert reading.errors

    def test_only_modules_that_call_each_other(self, tmp_path: Path) -> None:
        write(tmp_path, a__main=bucket('"x"', 'module "b" {\n  source = "../b"\n}\n'))
        write(tmp_path, b__main='module "a" {\n  source = "../a"\n}\n')
        reading = read(tmp_path)
        assert reading.addresses or reading.errors

    def test_a_module_fed_with_its_own_output(self, tmp_path: Path) -> None:
        write(tmp_path, main='module "a" {\n  source = "./a"\n  in = module.a.out\n}\n')
        write(tmp_path, a__main=bucket("var.in", 'variable "in" {}\noutput "out" {\n  value = var.in\n}\n'))
        reading = read(tmp_path)
        assert "module.a.aws_s3_bucket.x.bucket" in reading.unknown

    def test_exponentially_many_modules(self, tmp_path: Path) -> None:
        for level in range(30):
            calls = "".join(f'module "{name}" {{\n  source = "../m{level + 1}"\n}}\n' for name in "ab")
            write(tmp_path, **{f"m{level}__main": calls})
        write(tmp_path, m30__main=bucket('"x"'))
        reading = read(tmp_path, root="m0")
        assert any("too many" in error for error in reading.errors)


class TestOutside:
    @pytest.fixture
    def secret(self, tmp_path: Path) -> Path:
        secret = tmp_path / "secret.txt"
        secret.write_text("do not read me")
        (tmp_path / "root").mkdir()
        return secret

    @pytest.mark.parametrize(
        "expression",
        [
            'file("../secret.txt")',
            'file("{secret}")',
            'file("${path.module}/../secret.txt")',
            'file("x/../../secret.txt")',
            'file("link.txt")',
            'filebase64("link.txt")',
            'templatefile("../secret.txt", {})',
            'filesha256("../secret.txt")',
            'fileset("..", "*.txt")',
            'fileset(".", "../*.txt")',
            'fileexists("../secret.txt")',
            'file(pathexpand("~/.bashrc"))',
            'file("/etc/hostname")',
        ],
    )
    def test_files_outside_are_not_read(self, tmp_path: Path, secret: Path, expression: str) -> None:
        root = tmp_path / "root"
        (root / "link.txt").symlink_to(secret)
        reading = read(write(root, main=bucket(expression.replace("{secret}", str(secret)))))
        value = plain(reading.value("aws_s3_bucket.x", "bucket"))
        assert value != MASK
        assert "do not read me" not in str(value)
        assert undecided(reading) or value in ([], "")

    def test_linked_files_and_directories_outside(self, tmp_path: Path) -> None:
        outside = write(tmp_path / "outside", main=bucket('"outside"'))
        root = write(tmp_path / "root", other=bucket('"inside"').replace('"x"', '"y"'))
        (root / "link.tf").symlink_to(outside / "main.tf")
        (root / "linked").symlink_to(outside)
        reading = read(root)
        assert reading.addresses == ["aws_s3_bucket.y"]
        assert len(reading.errors) == 2

    def test_a_module_outside_is_not_read(self, tmp_path: Path) -> None:
        write(tmp_path / "outside", main=bucket('"outside"'))
        root = write(tmp_path / "root", main='module "m" {\n  source = "../outside"\n}\n')
        reading = read(root)
        assert reading.addresses == []
        assert reading.errors


def test_link_loops(tmp_path: Path) -> None:
    root = write(tmp_path, main=bucket('"x"'), sub__main=bucket('"y"').replace('"x"', '"z"'))
    (root / "sub" / "up").symlink_to(root)
    (root / "sub" / "self").symlink_to(root / "sub" / "self")
    (root / "sub" / "self.tf").symlink_to(root / "sub" / "self.tf")
    (root / "dangling.tf").symlink_to(root / "nowhere.tf")
    reading = read(root)
    assert sorted(reading.addresses) == ["aws_s3_bucket.x", "aws_s3_bucket.z"]
    assert any("dangling.tf" in error for error in reading.errors)
    assert any("self.tf" in error for error in reading.errors)


def test_a_template_that_includes_itself(tmp_path: Path) -> None:
    (tmp_path / "t.tftpl").write_text('x${templatefile("t.tftpl", {})}')
    reading = read(write(tmp_path, main=bucket('templatefile("t.tftpl", {})')))
    assert undecided(reading)


ODD = {
    "no labels": "resource {\n}\n",
    "one label": 'resource "aws_x" {\n}\n',
    "three labels": 'resource "aws_x" "y" "z" {\n}\n',
    "variable without name": "variable {\n}\n",
    "unknown block": 'nonsense "x" {\n}\n',
    "attribute at the top": "x = 1\n",
    "duplicate resource": 'resource "aws_x" "y" {}\nresource "aws_x" "y" {}\n',
    "duplicate attribute": 'resource "aws_x" "y" {\n  a = 1\n  a = 2\n}\n',
    "odd type": 'variable "x" {\n  type = lits(string)\n}\n',
    "odd type call": 'variable "x" {\n  type = map(string, number)\n}\n',
    "module without source": 'module "x" {\n}\n',
    "module with computed source": 'module "x" {\n  source = "./${var.y}"\n}\n',
    "unknown function": 'resource "aws_x" "y" {\n  a = no_such_function(1)\n}\n',
    "dynamic without content": 'resource "aws_x" "y" {\n  dynamic "b" {\n    for_each = [1]\n  }\n}\n',
    "dynamic without label": "resource aws_x y {\n  dynamic {\n  }\n}\n",
    "odd for_each": 'resource "aws_x" "y" {\n  for_each = [1, 2]\n}\n',
    "both": 'resource "aws_x" "y" {\n  count = 1\n  for_each = {}\n}\n',
    "provider without name": "provider {\n}\n",
    "odd provider": 'resource "aws_x" "y" {\n  provider = 5\n}\n',
    "odd lifecycle": 'resource "aws_x" "y" {\n  lifecycle {\n    ignore_changes = 5\n  }\n  depends_on = 7\n}\n',
    "odd locals": 'locals "x" {\n  a = 1\n}\n',
    "odd moved": "moved {\n}\nimport {\n}\nremoved {\n}\n",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_code_that_terraform_refuses_does_not_stop_the_rest(tmp_path: Path, text: str) -> None:
    reading = read(write(tmp_path, main=text, other=bucket('"kept"')))
    assert plain(reading.value("aws_s3_bucket.x", "bucket")) == "kept"
