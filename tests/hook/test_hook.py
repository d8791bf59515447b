"""`asbuilt hook`: what a commit answers for, and that a kept result is only given out while every input is the same."""

import os
import random

import hook_project
import pytest
from hook_project import change, commit, git, put

import scanner.hook
import scanner.scan
from scanner.__main__ import main

OFF = ("infra/terraform.tfvars", "true", "false")


@pytest.fixture
def repository(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT"))]:
        monkeypatch.delenv(name)
    top = tmp_path / "repository"
    hook_project.write(top)
    monkeypatch.chdir(top)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return top


@pytest.fixture
def scans(monkeypatch):
    """The scans that were made."""
    made = []
    real = scanner.scan.scan_with_inventory

    def counted(request, *rest):
        made.append(request)
        return real(request, *rest)

    monkeypatch.setattr(scanner.scan, "scan_with_inventory", counted)
    return made


def hook(capsys, *arguments):
    """Exit code and the lines that were printed."""
    code = main(["hook", *arguments])
    shown = capsys.readouterr()
    return code, (shown.out + shown.err).splitlines()


def test_it_is_quiet_when_clean_and_decides_once(repository, scans, capsys):
    assert hook(capsys) == (0, [])
    assert hook(capsys, "infra/main.tf") == (0, [])
    assert len(scans) == 1


def test_a_commit_that_turns_multi_az_off_is_blocked_and_the_fix_passes(repository, capsys):
    change(repository, *OFF)
    code, lines = hook(capsys, "infra/terraform.tfvars")
    assert code == 1
    assert len(lines) == 1
    assert lines[0].startswith("infra/terraform.tfvars:1:1: high SHOP-DB-001: multi_az is false")
    assert hook(capsys, "infra/terraform.tfvars") == (code, lines)
    change(repository, "infra/terraform.tfvars", "false", "true")
    assert hook(capsys, "infra/terraform.tfvars") == (0, [])


def test_old_violations_elsewhere_are_not_said(repository, scans, capsys):
    change(repository, *OFF)
    commit(repository)
    change(repository, "infra/logs.tf", "logs", "log")
    assert hook(capsys, "infra/logs.tf") == (0, [])
    assert len(scans) == 2  # now, and as it was
    assert hook(capsys, "infra/logs.tf") == (0, [])
    assert len(scans) == 2


def test_what_was_decided_for_the_last_commit_is_not_decided_again(repository, scans, capsys):
    change(repository, *OFF)
    assert hook(capsys)[0] == 1
    commit(repository)
    change(repository, "infra/logs.tf", "logs", "log")
    put(repository, "infra/deep/new.tf", "")
    git("rm", "-q", "notes.txt", cwd=repository)
    git("add", "-A", cwd=repository)
    assert hook(capsys, "infra/logs.tf", "infra/deep/new.tf") == (0, [])
    assert len(scans) == 2


def test_an_old_violation_in_a_changed_file_is_said(repository, capsys):
    change(repository, *OFF)
    commit(repository)
    change(repository, "modules/db/main.tf", 'engine     = "postgres"', 'engine     = "postgres" # managed')
    assert hook(capsys)[0] == 1


def test_a_deleted_resource_is_missed(repository, capsys):
    """Nothing of what is left mentions it, and no file name is given for it."""
    git("rm", "-q", "infra/main.tf", "modules/db/main.tf", cwd=repository)
    code, lines = hook(capsys)
    assert code == 1
    assert len(lines) == 1
    assert "component db" in lines[0]
    git("reset", "-q", "--hard", cwd=repository)
    assert hook(capsys) == (0, [])


def test_what_was_missing_before_is_not_said(repository, capsys):
    git("rm", "-q", "infra/main.tf", "modules/db/main.tf", cwd=repository)
    commit(repository)
    put(repository, "infra/more.tf", 'resource "aws_s3_bucket" "more" {\n  bucket = "more"\n}\n')
    git("add", "-A", cwd=repository)
    assert hook(capsys, "infra/more.tf") == (0, [])


def test_a_run_by_hand_says_what_is_missing(repository, capsys):
    """As in `pre-commit run --all-files`: nothing changed, so there is no commit to answer for it."""
    git("rm", "-q", "infra/main.tf", "modules/db/main.tf", cwd=repository)
    commit(repository)
    assert hook(capsys) == (0, [])
    code, lines = hook(capsys, "infra/logs.tf")
    assert code == 1
    assert "component db" in lines[0]


def test_before_the_first_commit_everything_is_new(repository, capsys):
    git("update-ref", "-d", "HEAD", cwd=repository)
    change(repository, *OFF)
    assert hook(capsys)[0] == 1


def test_a_change_of_the_document_is_not_the_fault_of_code_that_stays(repository, capsys):
    change(repository, "shop.yaml", "alias/shop", "alias/other")
    assert hook(capsys, "shop.yaml") == (0, [])


def test_taking_a_waiver_away_is(repository, capsys):
    change(repository, *OFF)
    waiver = "waivers:\n  - {id: SHOP-DB-001, reason: until it is paid for, until: 2090-01-01, owner: shop}\n"
    put(repository, "asbuilt.yaml", f"baseline: shop.yaml\n{waiver}")
    assert hook(capsys) == (0, [])
    commit(repository)
    put(repository, "asbuilt.yaml", "baseline: shop.yaml\n")
    code, lines = hook(capsys, "asbuilt.yaml")
    assert code == 1
    assert "SHOP-DB-001" in lines[0]


def test_a_file_that_cannot_be_read_any_more_is_said(repository, capsys):
    put(repository, "infra/main.tf", 'module "db" {\n')
    code, lines = hook(capsys, "infra/main.tf")
    assert code in (1, 3)
    assert any("infra/main.tf" in line for line in lines)


def test_each_kind_of_code_speaks_for_itself(repository, capsys):
    change(repository, *OFF)
    assert hook(capsys, "--only", "manifests") == (0, [])
    assert hook(capsys, "--only", "terraform")[0] == 1


def test_severity_and_settings_are_respected(repository, capsys):
    change(repository, *OFF)
    assert hook(capsys, "--fail-on", "critical") == (0, [])
    put(repository, "asbuilt.yaml", "baseline: shop.yaml\nfail_on: critical\n")
    assert hook(capsys) == (0, [])


def test_lines_are_in_the_language_of_the_settings(repository, capsys):
    change(repository, *OFF)
    put(repository, "asbuilt.yaml", "baseline: shop.yaml\nlang: ko\n")
    assert "높음 SHOP-DB-001" in hook(capsys)[1][0]


def test_what_cannot_be_decided_counts_under_strict(repository, capsys):
    put(repository, "infra/terraform.tfvars", "")
    assert hook(capsys) == (0, [])
    code, lines = hook(capsys, "--strict")
    assert code == 3
    assert "SHOP-DB-001" in lines[0]


def test_installed_modules_that_git_does_not_keep_were_there_before(repository, capsys):
    """Old violations in them are old, although no commit has them."""
    git("mv", "modules", "vendored", cwd=repository)
    change(repository, "infra/main.tf", "../modules/db", "../vendored/db")
    put(repository, ".gitignore", "vendored\n")
    git("rm", "-q", "-r", "--cached", "vendored", cwd=repository)
    change(repository, "vendored/db/main.tf", "var.multi_az", "false")
    commit(repository)
    change(repository, "infra/logs.tf", "logs", "log")
    assert hook(capsys, "infra/logs.tf") == (0, [])


def test_an_empty_directory_was_there_before(repository, capsys):
    """A checkout leaves none, and a module without files is something else than one that is not there."""
    git("rm", "-q", "modules/db/main.tf", cwd=repository)
    commit(repository)
    (repository / "modules/db").mkdir(parents=True)
    (repository / "infra/key.txt").unlink()
    assert hook(capsys) == hook(capsys, "--no-cache") == (0, [])


def test_a_file_in_place_of_a_directory(repository, capsys):
    git("rm", "-q", "-r", "modules", cwd=repository)
    put(repository, "modules", "")
    commit(repository)
    (repository / "modules").unlink()
    put(repository, "modules/db/main.tf", hook_project.FILES["modules/db/main.tf"].replace("var.multi_az", "false"))
    assert hook(capsys, "modules/db/main.tf")[0] == 1


def test_outside_of_git(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code, lines = hook(capsys)
    assert code == 2
    assert "no git repository" in lines[0]


def renamed(repository):
    git("mv", "infra/logs.tf", "infra/log.tf", cwd=repository)


def linked(repository):
    (repository / "infra/key.tftpl").rename(repository / "infra/other.tftpl")
    (repository / "infra/key.tftpl").symlink_to("other.tftpl")


def installed(repository):
    put(repository, "infra/.terraform/modules/modules.json", '{"Modules": []}')


INPUTS = {
    "variables": lambda top: change(top, *OFF),
    "module": lambda top: change(top, "modules/db/main.tf", "var.multi_az", "false"),
    "settings": lambda top: put(top, "asbuilt.yaml", "baseline: shop.yaml\nstage: late\n"),
    "baseline": lambda top: change(top, "shop.yaml", "alias/shop", "alias/other"),
    "sign-offs": lambda top: put(top, "attestations.yaml", "attestations: []\n"),
    "comment": lambda top: change(top, "infra/main.tf", "}", "} # asbuilt:waive SHOP-DB-001 reason=x until=2090-01-01"),
    "read by file()": lambda top: put(top, "infra/key.txt", "other"),
    "read by templatefile()": lambda top: put(top, "infra/key.tftpl", "alias/${name}/other"),
    "asked for by fileexists()": lambda top: put(top, "infra/marked", ""),
    "new file": lambda top: put(top, "infra/new.tf", ""),
    "new variables": lambda top: put(top, "infra/x.auto.tfvars", "multi_az = false\n"),
    "installed modules": installed,
    "deleted file": lambda top: (top / "infra/logs.tf").unlink(),
    "renamed file": renamed,
    "link": linked,
    "executable": lambda top: (top / "infra/key.txt").chmod(0o755),
    "same size and time": lambda top: _same_size_and_time(top / "infra/terraform.tfvars"),
}


def _same_size_and_time(file):
    before = file.stat()
    file.write_text(file.read_text().replace("true ", "null ").replace("= true", "=false"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("kind", INPUTS)
def test_every_input_counts(repository, scans, capsys, kind):
    main(["hook"])
    main(["hook"])
    assert len(scans) == 1
    INPUTS[kind](repository)
    assert hook(capsys) == hook(capsys, "--no-cache")
    assert scans[1:]
    assert scans[1].cache


def test_what_nothing_looks_at_does_not(repository, scans, capsys):
    main(["hook"])
    put(repository, "notes.txt", "other words")
    assert hook(capsys, "notes.txt") == (0, [])
    assert len(scans) == 1


@pytest.mark.parametrize("name", ["ASBUILT_ANY", "TF_VAR_multi_az"])
def test_the_environment_counts(repository, scans, capsys, monkeypatch, name):
    main(["hook"])
    monkeypatch.setenv(name, "false")
    main(["hook"])
    assert len(scans) == 2


def test_the_day_counts(repository, scans, monkeypatch):
    main(["hook"])
    monkeypatch.setattr(scanner.hook, "_day", lambda: "tomorrow")
    main(["hook"])
    assert len(scans) == 2


def test_the_working_directory_counts(repository, scans, monkeypatch):
    main(["hook"])
    monkeypatch.chdir(repository / "infra")
    main(["hook", "--config", "../asbuilt.yaml"])
    assert len(scans) == 2


def test_the_rules_of_the_installation_count(repository, scans, monkeypatch, tmp_path):
    place = tmp_path / "policies"
    put(place, "one.yaml", "a")
    monkeypatch.setattr(scanner.hook, "_PROGRAM", (str(place),))
    main(["hook"])
    main(["hook"])
    assert len(scans) == 1
    put(place, "one.yaml", "ab")
    main(["hook"])
    assert len(scans) == 2


@pytest.mark.parametrize("content", ["", "{", "[1]", '[{"day": 1}]', "null", "[[]]"])
def test_a_broken_cache_is_no_cache(repository, scans, capsys, tmp_path, content):
    main(["hook"])
    (kept,) = (tmp_path / "cache/asbuilt").glob("hook-*.json")
    kept.write_text(content)
    assert hook(capsys) == (0, [])
    assert len(scans) == 2


def test_a_file_that_changes_meanwhile_is_not_kept(repository, scans, capsys, monkeypatch):
    real = scanner.hook.Hook._decided

    def interrupted(self, prepared):
        items = real(self, prepared)
        change(repository, *OFF)
        return items

    with monkeypatch.context() as patched:
        patched.setattr(scanner.hook.Hook, "_decided", interrupted)
        assert hook(capsys) == (0, [])
    assert hook(capsys)[0] == 1


EDITS = {
    "on": lambda top: put(top, "infra/terraform.tfvars", "multi_az = true\n"),
    "off": lambda top: put(top, "infra/terraform.tfvars", "multi_az = false\n"),
    "key": lambda top: put(top, "infra/key.txt", "other\n"),
    "no key": lambda top: (top / "infra/key.txt").unlink(missing_ok=True),
    "right key": lambda top: put(top, "infra/key.txt", "shop\n"),
    "no module": lambda top: (top / "modules/db/main.tf").unlink(missing_ok=True),
    "module": lambda top: put(top, "modules/db/main.tf", hook_project.FILES["modules/db/main.tf"]),
    "no root": lambda top: (top / "infra/main.tf").unlink(missing_ok=True),
    "root": lambda top: put(top, "infra/main.tf", hook_project.FILES["infra/main.tf"]),
    "document": lambda top: put(top, "shop.yaml", hook_project.FILES["shop.yaml"].replace("postgres}", "mysql}")),
    "untracked": lambda top: put(top, "modules/db/new.tf", 'resource "aws_db_instance" "other" {}\n'),
    "commit": lambda top: commit(top) if git("status", "--porcelain", cwd=top) else None,
}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_with_and_without_the_cache_it_says_the_same(repository, capsys, seed):
    """Whatever people do in whatever order."""
    steps = random.Random(seed).choices([*EDITS, "commit", "commit"], k=20)
    for number, step in enumerate(steps):
        EDITS[step](repository)
        assert hook(capsys) == hook(capsys, "--no-cache"), steps[: number + 1]
