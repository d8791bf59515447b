"""The real `pre-commit`: installs the hooks from this project into a fresh repository, and commits go through them."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import hook_project
import pytest
from hook_project import change, git, put

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("scanner", "policies", "baselines", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
OFFLINE = ("No matching distribution", "Could not find a version", "ConnectionError", "NewConnectionError")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("pre_commit") is None, reason="pre-commit is not installed"),
]


def published(place):
    """A repository with the project as it stands here; gives the id of its commit."""
    place.mkdir()
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, place / name)
    git("init", "-q", "-b", "main", cwd=place)
    hook_project.commit(place)
    return git("rev-parse", "HEAD", cwd=place).strip()


def pre_commit(*arguments, cwd):
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def committed(top, *options):
    """Exit code and words of `git commit` with everything that changed."""
    git("add", "-A", cwd=top)
    done = subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-m", "change", *options],
        cwd=top, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def repository(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    commit = published(tmp_path / "asbuilt")
    top = tmp_path / "repository"
    hook_project.write(top)
    put(
        top,
        ".pre-commit-config.yaml",
        f"repos:\n  - repo: {tmp_path / 'asbuilt'}\n    rev: {commit}\n"
        "    hooks: [{id: asbuilt-terraform}, {id: asbuilt-manifests}]\n",
    )
    code, said = pre_commit("install", "--install-hooks", cwd=top)
    if code and any(word in said for word in OFFLINE) and not os.environ.get("CI"):
        pytest.skip("the package index cannot be reached")
    assert code == 0, said
    return top


def test_commits_of_a_day(repository):
    code, said = committed(repository)
    assert code == 0, said
    assert said.count("Passed") == 2
    assert "SHOP" not in said

    change(repository, "infra/terraform.tfvars", "true", "false")
    code, said = committed(repository)
    assert code == 1, said
    assert said.count("SHOP-DB-001: multi_az is false, expected true") == 1
    assert said.count("Failed") == 1

    change(repository, "infra/terraform.tfvars", "false", "true")
    change(repository, "infra/logs.tf", "logs", "log")
    assert committed(repository)[0] == 0

    change(repository, "infra/terraform.tfvars", "true", "false")
    assert committed(repository, "--no-verify")[0] == 0
    change(repository, "infra/logs.tf", "log", "logs")
    code, said = committed(repository)
    assert code == 0, said
    assert "SHOP" not in said

    git("rm", "-q", "infra/main.tf", "modules/db/main.tf", cwd=repository)
    code, said = committed(repository)
    assert code == 1, said
    assert "component db" in said
