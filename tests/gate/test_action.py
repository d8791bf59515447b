"""action.yml from checkout to SARIF, comment and summary, and the template for GitLab."""

import json
import os
import subprocess
import sys
from pathlib import Path

import cli_project
import pytest
import yaml
from composite import Runner

ROOT = Path(__file__).parents[2]

# What the action asks of the GitHub command line, kept in a file: list, create, update.
GH = """#!{python}
import json, os, sys
arguments = sys.argv[1:]
file = {comments!r}
comments = json.load(open(file)) if os.path.exists(file) else []
assert arguments[0] == "api" and os.environ["GH_TOKEN"] == "token-of-the-job"
path = next(word for word in arguments if word.startswith("repos/"))
if "--method" not in arguments:
    assert arguments[-1] == ".[] | select(.body | startswith(env.mark)) | .id"
    for number, body in enumerate(comments):
        if body.startswith(os.environ["mark"]):
            print(number)
else:
    (field,) = [word for word in arguments if word.startswith("body=@")]
    body = open(field.removeprefix("body=@"), encoding="utf-8").read()
    if "POST" in arguments:
        assert path == "repos/shop/infrastructure/issues/7/comments"
        comments.append(body)
    else:
        comments[int(path.rpartition("/")[2])] = body
    json.dump(comments, open(file, "w"))
"""


def git(*arguments, cwd):
    subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false", *arguments],
        cwd=cwd, check=True, capture_output=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    """A pull request that turns Multi-AZ off, checked out; gives what runs the action in it."""
    place = tmp_path_factory.mktemp("job")
    origin = place / "origin"
    origin.mkdir()
    cli_project.write(origin)
    main_file = origin / "infra/main.tf"
    text = main_file.read_text().replace("multi_az   = var.multi_az", "multi_az   = true")
    main_file.write_text(text)
    (origin / "asbuilt.yaml").write_text("baseline: ./shop.yaml\n")
    git("init", "-q", "-b", "main", cwd=origin)
    git("add", "-A", cwd=origin)
    git("commit", "-q", "-m", "first", cwd=origin)
    git("checkout", "-q", "-b", "change", cwd=origin)
    main_file.write_text(text.replace("multi_az   = true", "multi_az   = false"))
    git("commit", "-q", "-a", "-m", "cheaper", cwd=origin)
    checkout = place / "checkout"
    git("clone", "-q", "--branch", "change", str(origin), str(checkout), cwd=place)
    programs = place / "bin"
    programs.mkdir()
    comments = place / "comments.json"
    (programs / "gh").write_text(GH.format(python=sys.executable, comments=str(comments)))
    (programs / "gh").chmod(0o755)
    temporary = place / "temporary"
    temporary.mkdir()
    github = {
        "event_name": "pull_request",
        "base_ref": "main",
        "token": "token-of-the-job",
        "event": {"pull_request": {"number": 7}},
    }
    environment = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_REPOSITORY": "shop/infrastructure",
        "LC_ALL": "C.UTF-8",
        "XDG_CACHE_HOME": str(place / "cache"),
    }

    def run(**given):
        inputs = {"paths": "infra", "python": sys.executable, **{key.replace("_", "-"): v for key, v in given.items()}}
        return Runner(ROOT, checkout, temporary, github).run(inputs, environment)

    run.checkout, run.comments = checkout, comments
    return run


@pytest.mark.slow
def test_from_checkout_to_comment(job):
    first = job()
    assert first.code == 1, first.log
    outputs = first.outputs["scan"]
    assert outputs["exit-code"] == "1"
    everything = json.loads(Path(outputs["json"]).read_text())
    assert [item["requirement"] for item in everything["findings"] if item["verdict"] == "fail"] == ["SHOP-DB-001"]
    sarif = json.loads(Path(outputs["sarif"]).read_text())
    (result,) = sarif["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "infra/main.tf"
    assert "::error file=infra/main.tf,line=13" in first.log
    assert "SHOP-DB-001" in first.summary
    ((action, inputs),) = first.used
    assert action.startswith("github/codeql-action/upload-sarif@")
    assert inputs["sarif_file"] == outputs["sarif"]
    (comment,) = json.loads(job.comments.read_text())
    assert comment == first.summary
    _fix_and_run_again(job)


def _fix_and_run_again(job):
    """The comment is updated in place, the job passes."""
    file = job.checkout / "infra/main.tf"
    file.write_text(file.read_text().replace("multi_az   = false", "multi_az   = true"))
    comments = json.loads(job.comments.read_text())
    job.comments.write_text(json.dumps(["<!-- another tool -->", *comments]))
    second = job()
    assert second.code == 0, second.log
    other, own = json.loads(job.comments.read_text())
    assert other == "<!-- another tool -->"
    assert "Nothing new since origin/main" in own or "could not be decided" in own
    git("checkout", "-q", "--", "infra", cwd=job.checkout)
    _mistakes_are_said(job)


def _mistakes_are_said(job):
    """A wrong input ends the job with code 2 and a message; nothing is uploaded or written."""
    before = job.comments.read_text()
    run = job(baseline="no-such-baseline\n")
    assert run.code == 2
    assert "no-such-baseline" in run.log
    assert run.used == []
    assert job.comments.read_text() == before
    assert job(compare_to="none", upload_sarif="false", comment="false", fail_on="critical").code == 0


def test_the_template_for_gitlab_makes_both_reports(tmp_path):
    cli_project.write(tmp_path)
    git("init", "-q", "-b", "main", cwd=tmp_path)
    git("add", "-A", cwd=tmp_path)
    git("commit", "-q", "-m", "first", cwd=tmp_path)
    job = yaml.safe_load((ROOT / "docs/ci/gitlab.yml").read_text("utf-8"))["asbuilt"]
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "asbuilt").write_text(f'#!/bin/sh\nexec {sys.executable} -m scanner "$@"\n')
    (programs / "asbuilt").chmod(0o755)
    environment = {
        **os.environ,
        **job["variables"],
        "PYTHONPATH": str(ROOT),
        "LC_ALL": "C.UTF-8",
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "ASBUILT_PATHS": "infra",
        "ASBUILT_BASELINE": "shop.yaml",
    }
    script = "\n".join(job["script"])
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1, done.stderr
    reports = job["artifacts"]["reports"]
    (issue,) = json.loads((tmp_path / reports["codequality"]).read_text())
    assert issue["check_name"] == "SHOP-DB-001"
    assert "SHOP-DB-001" in (tmp_path / reports["junit"]).read_text()
    merge = {**environment, "CI_MERGE_REQUEST_DIFF_BASE_SHA": "main"}
    assert subprocess.run(["bash", "-eo", "pipefail", "-c", script], cwd=tmp_path, env=merge).returncode == 0
