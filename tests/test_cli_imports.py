"""Start-up stays quick: a command imports what it needs and nothing else."""

import subprocess
import sys

import cli_project
import pytest

HEAVY = {
    "azure",
    "boto3",
    "botocore",
    "hcl2",
    "jinja2",
    "jsonschema",
    "pytest",
    "rich",
    "tree_sitter",
    "yaml",
}
PROGRAM = """
import sys
from scanner.__main__ import main
code = main(sys.argv[1:])
print(*sorted(name for name in sys.modules if "." not in name or name.startswith("scanner.")), file=sys.stderr)
"""


def imported(*arguments: str, cwd=None) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, cwd=cwd, timeout=60
    )
    assert "Traceback" not in done.stderr
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["scan", "--help"]])
def test_help_and_version_import_click_and_little_else(arguments):
    modules = imported(*arguments)
    assert not modules & HEAVY
    assert not {
        name for name in modules if name.startswith(("scanner.policy.evaluate", "scanner.sources", "scanner.facts"))
    }


@pytest.mark.parametrize("output", [["--format", "json"], ["--format", "sarif"], ["--quiet"]])
def test_scanning_terraform_imports_only_what_terraform_needs(output, tmp_path):
    cli_project.write(tmp_path)
    modules = imported("scan", "infra", "--baseline", "shop.yaml", *output, cwd=tmp_path)
    assert modules & HEAVY <= {"tree_sitter", "yaml"}


def test_the_terminal_report_adds_rich_alone(tmp_path):
    cli_project.write(tmp_path)
    modules = imported("scan", "infra", "--baseline", "shop.yaml", cwd=tmp_path)
    assert modules & HEAVY <= {"tree_sitter", "yaml", "rich"}


def test_scanning_terraform_again_reads_no_yaml_and_no_manifest(tmp_path):
    cli_project.write(tmp_path)
    for _ in range(2):  # the first run checks the policies and keeps them
        modules = imported("scan", "infra", "--quiet", cwd=tmp_path)
    assert modules & HEAVY == {"tree_sitter"}
    formats = ("kubernetes", "compose", "dockerfile", "ecs", "env_file", "grafana", "prometheus", "workflow")
    assert not {name for name in modules if name.startswith(tuple(f"scanner.sources.{name}" for name in formats))}
