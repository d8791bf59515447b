"""`--compare-to`: only what a branch brings, what it fixes, and nothing of the working tree touched."""

import json
import os
import subprocess
from pathlib import Path

import cli_project
import pytest

from scanner.__main__ import main
from scanner.reports.read_json import read_report

HOLDS = 'variable "key" {\n  default = "alias/shop"\n}\n'
BUCKET = 'resource "aws_s3_bucket" "logs" {\n  bucket = "shop-logs"\n}\n'


def git(*arguments, cwd):
    done = subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false", *arguments],
        cwd=cwd, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository whose branch `main` turns Multi-AZ off and leaves the key out: two violations are known."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    cli_project.write(tmp_path)
    main_file = tmp_path / "infra/main.tf"
    main_file.write_text(
        main_file.read_text().replace("multi_az   = var.multi_az", "multi_az   = true").replace("var.key", '"other"')
    )
    git("init", "-q", "-b", "main", cwd=tmp_path)
    git("add", "-A", cwd=tmp_path)
    git("commit", "-q", "-m", "first", cwd=tmp_path)
    git("checkout", "-q", "-b", "change", cwd=tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return tmp_path


def change(repository, old, new):
    file = repository / "infra/main.tf"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def scanned(repository, *arguments):
    """Exit code and report of a scan."""
    file = repository / "report.json"
    code = main(["scan", "infra", "--baseline", "shop.yaml", "--quiet", "--format", f"json={file}", *arguments])
    report = read_report(file.read_text(), file.name, str(repository))
    file.unlink()
    return code, report


def failing(report):
    return [finding.requirement for finding in report.findings if finding.verdict == "fail"]


def test_what_was_there_before_does_not_count(repository):
    assert failing(scanned(repository)[1]) == ["SHOP-DB-002"]
    code, report = scanned(repository, "--compare-to", "main")
    assert (code, failing(report)) == (0, [])
    assert report.comparison.known == 1
    assert report.comparison.fixed == ()


def test_what_the_branch_breaks_is_reported(repository):
    change(repository, "multi_az   = true", "multi_az   = false")
    code, report = scanned(repository, "--compare-to", "main")
    assert (code, failing(report)) == (1, ["SHOP-DB-001"])


def test_what_the_branch_fixes_is_said(repository, capsys):
    change(repository, '"other"', '"alias/shop"')
    code, report = scanned(repository, "--compare-to", "main")
    assert code == 0
    assert [finding.requirement for finding in report.comparison.fixed] == ["SHOP-DB-002"]
    main(["scan", "infra", "--baseline", "shop.yaml", "--compare-to", "main"])
    shown = capsys.readouterr().out
    assert "Fixed since main" in shown
    assert "SHOP-DB-002" in shown


def test_what_cannot_be_decided_any_more_is_not_fixed(repository):
    change(repository, '"other"', "var.key")
    _, report = scanned(repository, "--compare-to", "main")
    assert report.comparison.fixed == ()
    assert [finding.requirement for finding in report.findings if finding.verdict == "unknown"] == ["SHOP-DB-002"]


def test_moved_lines_are_nothing_new(repository):
    change(repository, 'resource "aws_db_instance"', "\n" * 20 + 'resource "aws_db_instance"')
    assert scanned(repository, "--compare-to", "main")[1].comparison.known == 1


def test_it_is_the_merge_base_that_counts(repository):
    git("checkout", "-q", "main", cwd=repository)
    change(repository, '"other"', '"alias/shop"')
    git("commit", "-q", "-a", "-m", "fixed on main later", cwd=repository)
    git("checkout", "-q", "change", cwd=repository)
    assert failing(scanned(repository, "--compare-to", "main")[1]) == []


def test_the_working_tree_and_git_stay_untouched(repository):
    change(repository, "multi_az   = true", "multi_az   = false")
    (repository / "untracked.tf").write_text(BUCKET)

    def state():
        listed = {
            str(path.relative_to(repository)): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in sorted(repository.rglob("*"))
            if path.is_file()
        }
        return listed, git("--no-optional-locks", "status", "--porcelain", cwd=repository)

    before = state()
    scanned(repository, "--compare-to", "main")
    assert state() == before


def test_from_a_directory_below_and_by_any_name_of_a_revision(repository, monkeypatch):
    change(repository, "multi_az   = true", "multi_az   = false")
    git("tag", "v1", "main", cwd=repository)
    monkeypatch.chdir(repository / "infra")
    for name in ("main", "v1", "HEAD", git("rev-parse", "main", cwd=repository).strip()[:10]):
        file = repository / "report.json"
        arguments = ["--baseline", "../shop.yaml", "--compare-to", name, "--quiet", "--format", f"json={file}"]
        assert main(["scan", ".", *arguments]) == 1
        assert failing(read_report(file.read_text(), "report.json", str(repository))) == ["SHOP-DB-001"]


def test_an_earlier_report_serves_as_well(repository):
    main(["scan", "infra", "--baseline", "shop.yaml", "--quiet", "--format", "json=earlier.json"])
    change(repository, "multi_az   = true", "multi_az   = false")
    assert failing(scanned(repository, "--compare-to", "earlier.json")[1]) == ["SHOP-DB-001"]


def test_two_reports_can_be_compared(repository, capsys):
    main(["scan", "infra", "--baseline", "shop.yaml", "--quiet", "--format", "json=earlier.json"])
    change(repository, "multi_az   = true", "multi_az   = false")
    main(["scan", "infra", "--baseline", "shop.yaml", "--quiet", "--format", "json=later.json"])
    capsys.readouterr()
    assert main(["report", "later.json", "--compare-to", "earlier.json", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["comparison"]["known"] == 1


def test_code_that_was_not_there_is_all_new(repository):
    (repository / "more").mkdir()
    (repository / "more/main.tf").write_text((repository / "infra/main.tf").read_text())
    assert main(["scan", "more", "--baseline", "shop.yaml", "--compare-to", "main"]) == 1


def test_files_that_point_elsewhere_stay_inside(repository, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "main.tf").write_text(BUCKET)
    (repository / "infra/link.tf").symlink_to(outside / "main.tf")
    (repository / "infra/beside.tf").symlink_to("../shop.yaml")
    git("add", "-A", cwd=repository)
    git("commit", "-q", "-m", "links", cwd=repository)
    from scanner.revision import files_of

    with files_of(repository, "HEAD") as top:
        assert not (top / "infra/link.tf").is_symlink()
        assert (top / "infra/beside.tf").resolve() == top / "shop.yaml"
        kept = top
    assert not kept.exists()


def test_attributes_hide_nothing_and_filters_run_nothing(repository):
    marker = repository / "ran"
    git("config", "filter.evil.smudge", f"touch {marker}", cwd=repository)
    (repository / ".gitattributes").write_text("*.tf filter=evil export-ignore\n")
    git("add", "-A", cwd=repository)
    git("commit", "-q", "-m", "attributes", cwd=repository)
    marker.unlink(missing_ok=True)
    assert scanned(repository, "--compare-to", "HEAD")[1].comparison.known == 1
    assert not marker.exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere", "git knows no revision nowhere"),
        ("--output=x", "git knows no revision"),
        ("missing.json", "missing.json"),
    ],
)
def test_what_is_no_revision_is_said(repository, capsys, name, said):
    assert main(["scan", "infra", "--baseline", "shop.yaml", f"--compare-to={name}"]) == 2
    assert said in capsys.readouterr().err


def test_outside_of_git(tmp_path, monkeypatch, capsys):
    cli_project.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert main(["scan", "infra", "--baseline", "shop.yaml", "--compare-to", "main"]) == 2
    assert "is not in a git repository" in capsys.readouterr().err


def test_a_shallow_clone_is_told_what_it_lacks(repository, tmp_path_factory, monkeypatch, capsys):
    for number in range(3):
        change(repository, "multi_az   = true", f"multi_az   = true # {number}\n  # multi_az   = true")
        git("commit", "-q", "-a", "-m", str(number), cwd=repository)
    clone = tmp_path_factory.mktemp("clone") / "shop"
    git("clone", "-q", "--depth", "1", "--no-single-branch", f"file://{repository}", str(clone), cwd=repository)
    monkeypatch.chdir(clone)
    assert main(["scan", "infra", "--baseline", "shop.yaml", "--compare-to", "origin/main"]) == 2
    assert "fetch-depth: 0" in capsys.readouterr().err


def test_without_git(repository, monkeypatch, capsys):
    monkeypatch.setenv("PATH", os.devnull)
    assert main(["scan", "infra", "--baseline", "shop.yaml", "--compare-to", "main"]) == 2
    assert "git cannot be run" in capsys.readouterr().err


def test_standard_input_has_no_revision(repository, monkeypatch, capsys):
    import io

    stream = io.TextIOWrapper(io.BytesIO(b"kind: Pod\napiVersion: v1\n"))
    monkeypatch.setattr("sys.stdin", stream)
    assert main(["scan", "infra", "-", "--baseline", "shop.yaml", "--compare-to", "main"]) == 2
    assert "have no revision" in capsys.readouterr().err


def test_paths_are_bytes_to_git(repository):
    odd = Path(os.fsdecode(b"infra/\xff\xfe.tf"))
    (repository / odd).write_text(BUCKET)
    git("add", "-A", cwd=repository)
    git("commit", "-q", "-m", "odd", cwd=repository)
    from scanner.revision import files_of

    with files_of(repository, "HEAD") as top:
        assert (top / odd).read_text() == BUCKET
