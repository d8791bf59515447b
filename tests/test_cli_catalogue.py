"""`asbuilt explain`, `asbuilt baseline` and `asbuilt policy` from the outside."""

import cli_project
import pytest

from scanner.__main__ import main

POLICY = """\
id: bucket-named
title: {en: Buckets are named, ko: 버킷 이름 지정}
severity: low
category: process
description: {en: A name says what it is for., ko: 이름이 용도를 알려 준다.}
remediation: {en: Give it a name., ko: 이름을 지정한다.}
checks:
  - select: {type: aws_s3_bucket}
    assert: [{path: bucket, op: exists}]
examples:
  - name: with a name
    expect: pass
    terraform: |
      resource "aws_s3_bucket" "b" {
        bucket = "b"
      }
  - name: without one
    expect: EXPECTED
    terraform: |
      resource "aws_s3_bucket" "b" { # here
      }
"""


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    cli_project.write(tmp_path, with_cache=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return tmp_path


@pytest.fixture
def asbuilt(capsys):
    """Runs a command line; gives exit code, standard output and standard error."""

    def run(*arguments):
        code = main(arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


class TestExplain:
    def test_a_requirement_is_explained_with_its_source(self, asbuilt):
        code, out, _ = asbuilt("explain", "SHOP-DB-001", "--baseline", "shop.yaml")
        assert code == 0
        for said in ("Two availability zones", "section 5-1 of Shop 1.0", "db: Database (aws_db_instance)", "required"):
            assert said in out

    def test_case_does_not_matter(self, asbuilt):
        assert "SHOP-DB-001" in asbuilt("explain", "shop-db-001", "--baseline", "shop.yaml")[1]

    def test_the_projects_own_baseline_is_looked_into(self, asbuilt, project):
        (project / "asbuilt.yaml").write_text("baseline: shop.yaml\n")
        assert "SHOP-DB-001" in asbuilt("explain", "SHOP-DB-001")[1]

    def test_a_policy_is_explained(self, asbuilt):
        code, out, _ = asbuilt("explain", "rds-multi-az")
        assert code == 0
        assert "aws_db_instance" in out
        assert "CKV_AWS_157" in out

    def test_a_requirement_names_its_policy_with_the_arguments(self, asbuilt):
        out = asbuilt("explain", "ONNO-RDS-008")[1]
        assert "rds-backup-retention" in out
        assert "min_days = 7" in out

    def test_in_korean(self, asbuilt):
        out = asbuilt("explain", "SHOP-DB-001", "--baseline", "shop.yaml", "--lang", "ko")[1]
        assert "다중 가용 영역" in out
        assert "5-1절" in out

    def test_an_unknown_id_gives_the_nearest(self, asbuilt):
        code, _, err = asbuilt("explain", "SHOP-DB-01", "--baseline", "shop.yaml")
        assert code == 2
        assert "did you mean SHOP-DB-001?" in err


class TestBaseline:
    def test_list_names_the_installed_ones(self, asbuilt):
        code, out, _ = asbuilt("baseline", "list")
        assert code == 0
        assert "onno-production" in out

    def test_show_lists_components_and_requirements(self, asbuilt):
        code, out, _ = asbuilt("baseline", "show", "shop.yaml")
        assert code == 0
        for said in ("1 high, 1 medium, 2 low", "Cache (aws_elasticache_cluster)", "PostgreSQL (section 5-3)"):
            assert said in out

    def test_show_names_stages_and_inputs(self, asbuilt):
        out = asbuilt("baseline", "show", "onno-production")[1]
        assert "mvp, month-1-3" in out
        assert "office_cidrs" in out

    def test_an_unknown_name_gives_the_nearest(self, asbuilt):
        code, _, err = asbuilt("baseline", "show", "ono-production")
        assert code == 2
        assert "did you mean onno-production?" in err


class TestPolicy:
    def test_list_has_a_line_for_each(self, asbuilt):
        code, out, _ = asbuilt("policy", "list")
        assert code == 0
        assert "rds-multi-az" in out

    def test_show_has_its_parameters(self, asbuilt):
        out = asbuilt("policy", "show", "rds-backup-retention")[1]
        assert "min_days" in out
        assert "integer" in out

    def test_examples_that_are_right_give_0(self, asbuilt):
        code, out, _ = asbuilt("policy", "test", "rds-multi-az", "--verbose")
        assert code == 0
        assert "ok rds-multi-az: " in out
        assert "of 1 policies, 0 wrong" in out

    def test_an_example_that_is_wrong_gives_1_and_says_why(self, asbuilt, project):
        (project / "bucket-named.yaml").write_text(POLICY.replace("EXPECTED", "pass"))
        code, out, _ = asbuilt("policy", "test", "bucket-named.yaml")
        assert code == 1
        assert "bucket-named.yaml:17: bucket-named: without one: is fail, expected pass" in out
        assert "2 examples of 1 policies, 1 wrong" in out

    def test_a_file_of_ones_own_can_be_tested(self, asbuilt, project):
        (project / "bucket-named.yaml").write_text(POLICY.replace("EXPECTED", "fail"))
        assert asbuilt("policy", "test", "bucket-named.yaml")[0] == 0

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["show", "rds-multi-as"], "did you mean rds-multi-az?"),
            (["test", "rds-multi-as"], "did you mean rds-multi-az?"),
            (["test", "nowhere.yaml"], "there is no policy file nowhere.yaml"),
        ],
    )
    def test_mistakes_are_2(self, asbuilt, arguments, said):
        code, _, err = asbuilt("policy", *arguments)
        assert code == 2
        assert said in err


@pytest.mark.parametrize(
    "command",
    [["scan"], ["explain"], ["policy"], ["baseline"], ["policy", "list"], ["policy", "test"], ["baseline", "show"]],
)
def test_every_command_has_help_with_an_example(asbuilt, command):
    code, out, _ = asbuilt(*command, "--help")
    assert code == 0
    assert "Example" in out
    assert f"asbuilt {' '.join(command)}" in out
