"""`asbuilt init`: a first configuration that says what it found and leaves the rest to people."""

import shutil

import cli_project
import pytest
import yaml

from scanner.__main__ import main
from scanner.cli import config


@pytest.fixture
def project(tmp_path, monkeypatch):
    cli_project.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return tmp_path


@pytest.mark.parametrize(
    ("example", "baseline"),
    [("onno", "onno-production"), ("tripgen", "tripgen-production"), ("aicc", "aicc-production")],
)
def test_the_baseline_that_fits_is_found(example, baseline, tmp_path, monkeypatch, request):
    shutil.copytree(request.config.rootpath / "examples" / example, tmp_path / example)
    (tmp_path / example / "asbuilt.yaml").unlink()
    monkeypatch.chdir(tmp_path / example)
    assert main(["init"]) == 0
    assert config.load(tmp_path / example / "asbuilt.yaml").baselines == (baseline,)


def test_what_fits_nothing_gets_the_default_profile(project, capsys):
    assert main(["init", "infra"]) == 0
    settings = config.load(project / "infra/asbuilt.yaml")
    assert settings.baselines == ()
    assert main(["scan", "infra", "--quiet", "--format", "json"]) in (0, 1)
    assert '"rds-multi-az"' in capsys.readouterr().out


def test_a_component_with_one_candidate_is_bound_to_it(project):
    file = project / "infra/main.tf"
    file.write_text(file.read_text().replace('"shop-db"', '"orders"'))
    assert main(["init", "--baseline", "shop.yaml"]) == 0
    text = (project / "asbuilt.yaml").read_text()
    settings = config.load(project / "asbuilt.yaml")
    assert settings.bind == {"db": ["aws_db_instance.db"]}
    assert "# cache:  # Cache: there is no aws_elasticache_cluster" in text
    assert main(["scan", "--quiet", "--var", "multi_az=true", "--var", "key=alias/shop"]) == 0


def test_of_several_candidates_people_choose(project):
    file = project / "infra/main.tf"
    text = file.read_text().replace('"shop-db"', '"orders"')
    file.write_text(text + 'resource "aws_db_instance" "other" {\n  identifier = "other"\n}\n')
    assert main(["init", "--baseline", "shop.yaml", "--lang", "ko"]) == 0
    written = (project / "asbuilt.yaml").read_text()
    assert config.load(project / "asbuilt.yaml").bind == {}
    assert "# db:  # 데이터베이스: which aws_db_instance?" in written
    assert "aws_db_instance.other" in written


def test_two_that_find_themselves_are_not_chosen_between(project):
    file = project / "infra/main.tf"
    file.write_text(file.read_text() + 'resource "aws_db_instance" "other" {\n  identifier = "shop-db"\n}\n')
    assert main(["init", "--baseline", "shop.yaml"]) == 0
    assert "aws_db_instance.other" in (project / "asbuilt.yaml").read_text()


def test_inputs_are_named(project):
    file = project / "shop.yaml"
    given = "inputs:\n  engine: {type: string, description: {en: The engine, ko: 엔진}}\ncomponents:"
    file.write_text(file.read_text().replace("components:", given).replace("value: postgres", 'value: "${engine}"'))
    assert main(["init", "--baseline", "shop.yaml"]) == 0
    assert "#   engine:  # string" in (project / "asbuilt.yaml").read_text()


def test_nothing_is_written_over(project, capsys):
    (project / "asbuilt.yaml").write_text("lang: en\n")
    assert main(["init"]) == 2
    assert "already there" in capsys.readouterr().err
    assert main(["init", "--dry-run", "--baseline", "shop.yaml"]) == 0
    assert yaml.safe_load(capsys.readouterr().out)["baseline"] == "./shop.yaml"
    assert (project / "asbuilt.yaml").read_text() == "lang: en\n"


@pytest.mark.parametrize("arguments", [["init", "nowhere"], ["init", "empty"], ["init", "--baseline", "no-such"]])
def test_mistakes_are_said(project, capsys, arguments):
    (project / "empty").mkdir()
    assert main(arguments) == 2
    assert "asbuilt:" in capsys.readouterr().err
