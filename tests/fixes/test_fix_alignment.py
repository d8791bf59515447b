"""Alignment is that of `terraform fmt`: held against the program where it is installed, against its rules always."""

from __future__ import annotations

import random
import shutil
import subprocess

import pytest

from scanner.fixes.align import aligned
from scanner.fixes.change import Touched

_LINES = [
    "  a = 1\n",
    "  long_name = [1, 2] # 한글 설명\n",
    '  text = "x" # short\n',
    '  other = "a ${upper("b")} {" // x\n',
    "\n",
    "  # alone\n",
    "  tags = {\n    a = 1\n    long = 2 # b\n  }\n",
    "  list = [\n    1, # one\n    22, # two\n  ]\n",
    "  here = <<-EOT\n    a = {\n      b\n  EOT\n",
    "  block {\n    x = 1\n  }\n",
    "  one { enabled = true }\n",
    "  map = { a = 1, b = 2 } # c\n",
]


@pytest.mark.parametrize(
    ("text", "made", "after"),
    [
        ("a = 1\nlong = 2\n", {1}, "a    = 1\nlong = 2\n"),
        ("a    = 1\nb = 2\nlong = 2\n", {1}, "a    = 1\nb    = 2\nlong = 2\n"),
        ("a = 1\n\nlong = 2\n", {2}, "a = 1\n\nlong = 2\n"),
        ("a   =   1\nb  = 2\nlong = 2\n", {2}, "a   =   1\nb  = 2\nlong = 2\n"),
        ("a = {\n  b = 1\n}\nlong = 2\n", {3}, "a = {\n  b = 1\n}\nlong = 2\n"),
        ("a = 1 # x\nlong = 22 # y\n", {1}, "a    = 1  # x\nlong = 22 # y\n"),
        ("가나 = 1\nlong = 2\n", {1}, "가나   = 1\nlong = 2\n"),
    ],
)
def test_new_lines_stand_in_the_columns_around_them(text, made, after):
    assert aligned(text, Touched(made=made)) == after


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed")
def test_a_new_line_is_where_terraform_fmt_puts_it(tmp_path):
    chance = random.Random(8)
    for number in range(80):
        body = chance.sample(_LINES, chance.randint(0, 8))
        (tmp_path / f"{number}.tf").write_text('resource "a" "b" {\n' + "".join(body) + "}\n", "utf-8")
    _format(tmp_path)
    cases = {file: file.read_text("utf-8") for file in tmp_path.glob("*.tf")}
    made: dict[str, str] = {}
    for file, text in cases.items():
        lines = text.splitlines(keepends=True)
        ends = [at for at, line in enumerate(lines) if at and (line == "}\n" or line.startswith("  a "))]
        at = chance.choice(ends)
        new = "".join([*lines[:at], "  new_attribute = true # why\n", *lines[at:]])
        made[file.name] = aligned(new, Touched(made={at}))
        file.write_text(new, "utf-8")
    _format(tmp_path)
    assert made == {file.name: file.read_text("utf-8") for file in cases}


def _format(directory):
    done = subprocess.run(["terraform", "fmt", "."], cwd=directory, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
