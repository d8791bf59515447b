"""The schema of asbuilt.yaml says what its loader takes, and `asbuilt schema` prints it."""

import json

import cli_project
import jsonschema
import pytest
import yaml

from scanner.__main__ import main
from scanner.cli import config
from scanner.cli.schema import NAMES
from scanner.errors import ScannerError

GOOD = {
    "baseline": ["baseline: onno-production", "baseline: ./shop.yaml"],
    "baselines": ["baselines: [a, b]"],
    "stage": ["stage: mvp"],
    "inputs": ["inputs: {office_cidrs: [203.0.113.0/24], EX-1.limit: 5}"],
    "bind": ["bind: {db: module.data.aws_db_instance.main, api: [a.b, c.d]}"],
    "var_files": ["var_files: [production.tfvars]"],
    "roots": ["roots: [infra]"],
    "fail_on": ["fail_on: high"],
    "lang": ["lang: ko"],
    "history": ["history: audits.sqlite"],
    "history_days": ["history_days: 30"],
    "notify": ["notify: {to: slack}", "notify: {to: json, url_from: HOOK}"],
    "drift": ["drift: {ignore: [{type: aws_instance, reason: r, until: 2027-01-31}]}", "drift: {}"],
    "waivers": ["waivers: [{id: X, reason: r, owner: o, until: 2027-01-31, component: db}]", "waivers: []"],
}
BAD = [
    "typo: 1",
    "fail_on: loud",
    "lang: fr",
    "history_days: 0",
    "history_days: soon",
    "notify: {url_from: HOOK}",
    "notify: {to: pigeon}",
    "drift: {ignore: [{reason: r, until: 2027-01-31}]}",
    "drift: {ignore: [{type: aws_instance, until: 2027-01-31}]}",
    "waivers: [{id: X, reason: r, owner: o}]",
    "waivers: [{id: X, reason: r, owner: o, until: later}]",
    "waivers: [{id: X, reason: r, owner: o, until: 2027-01-31, typo: 1}]",
    "waivers: {id: X}",
    "inputs: [a]",
    "bind: {db: {a: b}}",
    "baseline: a\nbaselines: [b]",
]


@pytest.fixture(scope="module")
def schema(request):
    text = (request.config.rootpath / "scanner/schemas/config.schema.json").read_text("utf-8")
    return json.loads(text)


def fits(schema, text):
    data = yaml.load(text, Loader=yaml.BaseLoader if "until" in text else yaml.SafeLoader)
    checker = jsonschema.FormatChecker()
    return jsonschema.Draft202012Validator(schema, format_checker=checker).is_valid(data)


def loads(tmp_path, text):
    file = tmp_path / "asbuilt.yaml"
    file.write_text(text)
    try:
        config.load(file)
    except ScannerError:
        return False
    return True


def test_every_key_is_described_and_tried(schema):
    assert set(schema["properties"]) == set(config.KEYS) == set(GOOD)
    assert all("description" in value for value in schema["properties"].values())


@pytest.mark.parametrize("text", [text for texts in GOOD.values() for text in texts])
def test_what_the_schema_takes_is_loaded(schema, tmp_path, text):
    assert fits(schema, text)
    assert loads(tmp_path, text)


@pytest.mark.parametrize("text", BAD)
def test_what_it_refuses_is_refused(schema, tmp_path, text):
    assert not fits(schema, text)
    assert not loads(tmp_path, text)


def test_the_examples_fit(schema, request):
    files = list((request.config.rootpath / "examples").glob("*/asbuilt.yaml"))
    assert len(files) >= 10
    for file in files:
        assert fits(schema, file.read_text("utf-8")), file


@pytest.mark.parametrize("name", NAMES)
def test_schemas_are_printed(name, capsys):
    assert main(["schema", name]) == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(capsys.readouterr().out))


def test_every_schema_can_be_printed(request):
    files = (request.config.rootpath / "scanner/schemas").glob("*.schema.json")
    assert {file.name.removesuffix(".schema.json") for file in files} == set(NAMES)


def test_the_environment_stands_for_options(tmp_path, monkeypatch, capsys):
    cli_project.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASBUILT_BASELINE", "shop.yaml")
    monkeypatch.setenv("ASBUILT_LANG", "ko")
    assert main(["scan", "infra"]) == 1
    assert "설계와 다름" in capsys.readouterr().out
    assert main(["scan", "infra", "--lang", "en"]) == 1
    assert "Not as built" in capsys.readouterr().out
    monkeypatch.setenv("ASBUILT_FAIL_ON", "critical")
    assert main(["scan", "infra"]) == 0
    (tmp_path / "other.yaml").write_text("baseline: nowhere.yaml\nlang: en\n")
    monkeypatch.setenv("ASBUILT_CONFIG", str(tmp_path / "other.yaml"))
    monkeypatch.delenv("ASBUILT_BASELINE")
    assert main(["scan", "infra"]) == 2
    assert "nowhere.yaml" in capsys.readouterr().err
