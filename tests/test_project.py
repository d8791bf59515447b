"""What the project says of itself is true: dependencies, version, files it names."""

import ast
import re
import sys
import tomllib
from pathlib import Path

from scanner import __version__
from scanner.__main__ import main
from scanner.cli.config import load

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DISTRIBUTIONS = {"yaml": "pyyaml", "re2": "google-re2", "dotenv": "python-dotenv", "markdown_it": "markdown-it-py"}


# What the standard library reads where the system has no data of its own.
DATA = {"tzdata"}
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)


def third_party_imports() -> set[str]:
    """Distributions that the code under scanner/ imports."""
    names: set[str] = set()
    for file in (ROOT / "scanner").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    foreign = names - set(sys.stdlib_module_names) - {"scanner"}
    return {DISTRIBUTIONS.get(name, name.replace("_", "-")) for name in foreign}


def declared() -> set[str]:
    return {re.split(r"[<>=!~\[ ]", text)[0] for text in PYPROJECT["project"]["dependencies"]}


def optional() -> set[str]:
    """What the extras bring, by the names that are imported; boto3 brings botocore, kubernetes urllib3."""
    extras = PYPROJECT["project"]["optional-dependencies"]
    names = {re.split(r"[<>=!~\[ ]", text)[0] for name in extras if name not in ("all", "dev") for text in extras[name]}
    return {"azure" if name.startswith("azure-") else name for name in names} | {"botocore", "urllib3"}


def test_dependencies_are_exactly_what_is_imported():
    assert third_party_imports() - optional() == declared() - DATA


def test_the_readme_gives_a_reason_for_every_dependency():
    readme = (ROOT / "README.md").read_text(encoding="utf-8").lower()
    assert [name for name in declared() if f"[{name}]" not in readme] == []


def test_links_within_the_documents_lead_somewhere():
    broken = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", CODE.sub("", page.read_text(encoding="utf-8"))):
            if not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []


def test_the_version_has_three_numbers():
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)


def test_the_readme_shows_what_the_demo_prints(capsys, monkeypatch):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"```text\n(.*?)```", readme, re.DOTALL)
    assert shown
    monkeypatch.chdir(ROOT)
    assert main(["scan", "examples/onno-drifted", "--baseline", "onno-production", "--lang", "en"]) == 1
    assert shown[1] in capsys.readouterr().out


def test_the_readme_example_of_a_configuration_can_be_read(tmp_path):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", readme, re.DOTALL)
    assert example
    file = tmp_path / "asbuilt.yaml"
    file.write_text(example[1], encoding="utf-8")
    assert load(file).baselines == ("onno-production",)
