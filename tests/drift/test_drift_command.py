"""`asbuilt drift` on a small shop: exit codes, formats, what is accepted, and what cannot be compared."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.cells import cell_len

from scanner.cli.main import run
from scanner.reports.read_json import read_report
from scanner.sources.snapshot import Header, write_snapshot
from tests.drift.pairs import live

SCHEMA = Path(__file__).resolve().parents[2] / "scanner" / "schemas" / "report.schema.json"
MAIN = """
resource "aws_db_instance" "db" {
  identifier              = "shop-db"
  multi_az                = true
  backup_retention_period = 7
  tags                    = { Team = "shop" }
}

resource "aws_ecr_repository" "jobs" {
  name = "jobs"
}
"""
BASELINE = """
baseline: shop
document: {title: Shop, original_title: Shop, version: "1.0", date: 2026-01-02}
scope: {cloud: aws, regions: [ap-northeast-2], environment: production}
components:
  db: {type: aws_db_instance, match: [{identifier: shop-db}], title: {en: Database, ko: 데이터베이스}}
requirements:
  - id: SHOP-DB-001
    section: "1"
    title: {en: Two zones, ko: 다중 가용 영역}
    severity: critical
    category: availability
    component: db
    assert:
      - {path: multi_az, op: equals, value: true}
      - {path: backup_retention_period, op: gte, value: 7}
"""
TYPES = frozenset({"aws_db_instance", "aws_ecr_repository", "aws_kms_alias", "aws_main_route_table_association",
                   "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"})  # fmt: skip
QUEUE = {"name": "jobs"}
DATABASE = {
    "identifier": "shop-db", "multi_az": True, "backup_retention_period": 7, "tags": {"Team": "shop"},
}  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "main.tf").write_text(MAIN, encoding="utf-8")
    (tmp_path / "shop.yaml").write_text(BASELINE, encoding="utf-8")
    (tmp_path / "asbuilt.yaml").write_text("baseline: ./shop.yaml\nlang: en\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def account(shop: Path, database: dict[str, Any] | None = None, queues: Sequence[dict[str, Any]] = (QUEUE,)) -> None:
    """Stores the account as a snapshot."""
    items = [live("aws_ecr_repository", f"{item['name']}", **item) for item in queues]
    if database is not None:
        items.append(live("aws_db_instance", "db-1", **database))
    header = Header("2026-01-02T00:00:00Z", "aws", {"account": "111122223333"}, (), TYPES)
    write_snapshot(shop / "account.jsonl", header, iter(items))


def drift(*more: str) -> int:
    return run(["drift", "--code", "code", "--live", "account.jsonl", "--no-cache", *more])


def test_no_drift(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    account(shop, DATABASE)
    assert drift() == 0
    assert "No drift." in capsys.readouterr().out


def test_each_difference_is_one_line(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    account(shop, {**DATABASE, "multi_az": False, "tags": {"Team": "shop", "Temp": "1"}}, [{"name": "other"}])
    assert drift() == 1
    out = capsys.readouterr().out
    assert out.count("db multi_az") == 1
    assert "changed by hand in the account (1)" in out
    assert "not deployed (1)" in out
    assert "in the account, not in code (unmanaged) (1)" in out
    assert "code and account differ (1)" in out
    assert "code/main.tf:4:3" in out


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("more", [(), ("--verbose",)], ids=["short", "verbose"])
def test_the_table_fits_a_terminal(
    language: str, more: tuple[str, ...], shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account(shop, {**DATABASE, "multi_az": False, "backup_retention_period": 3}, [])
    assert drift("--lang", language, *more) == 1
    out = capsys.readouterr().out
    assert max(cell_len(line) for line in out.splitlines()) <= 80
    assert ("문서·코드·계정 비교" in out) is (language == "ko")
    assert "≥ 7" in out


def test_json_is_valid_and_read_back(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    account(shop, {**DATABASE, "multi_az": False}, [])
    assert drift("--format", "json") == 1
    text = capsys.readouterr().out
    data = json.loads(text)
    jsonschema.validate(data, json.loads(SCHEMA.read_text(encoding="utf-8")))
    (line,) = [item for item in data["drift"] if item["meaning"] == "changed_by_hand"]
    assert (line["document"], line["code"], line["account"]) == (True, "true", "false")
    assert (line["component"], line["matched_by"], line["requirements"]) == ("db", "binding", ["SHOP-DB-001"])
    back = read_report(text, "report.json", ".")
    assert [item.meaning.value for item in back.drift] == [item["meaning"] for item in data["drift"]]
    assert {item.severity.value for item in back.drift if item.path == "multi_az"} == {"critical"}


@pytest.mark.parametrize("name", ["sarif", "junit", "gitlab", "csv", "markdown", "github"])
def test_every_format_has_the_findings(name: str, shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    account(shop, {**DATABASE, "multi_az": False}, [{"name": "other"}])
    assert drift("--format", name) == 1
    out = capsys.readouterr().out
    for rule in ("drift-changed", "drift-missing", "drift-unmanaged"):
        assert rule in out


ACCEPTED = 'drift: {ignore: [{type: aws_db_instance, path: multi_az, reason: a test, until: "%s"}]}\n'


def test_what_is_accepted_does_not_count(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "asbuilt.yaml").write_text("baseline: ./shop.yaml\nlang: en\n" + ACCEPTED % "2999-12-31", encoding="utf-8")
    account(shop, {**DATABASE, "multi_az": False})
    assert drift() == 0
    assert "accepted until 2999-12-31: a test" in " ".join(capsys.readouterr().out.split())


def test_what_was_accepted_counts_again(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "asbuilt.yaml").write_text("baseline: ./shop.yaml\nlang: en\n" + ACCEPTED % "2020-01-31", encoding="utf-8")
    account(shop, {**DATABASE, "multi_az": False})
    assert drift() == 1
    assert "was accepted until 2020-01-31" in " ".join(capsys.readouterr().out.split())


def test_an_entry_that_fits_nothing_is_told(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "asbuilt.yaml").write_text("baseline: ./shop.yaml\nlang: en\n" + ACCEPTED % "2999-12-31", encoding="utf-8")
    account(shop, DATABASE)
    assert drift() == 0
    assert "fits no difference any more" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{type: aws_ecr_repository, until: 2999-12-31}", "reason is missing"),
        ("{type: aws_ecr_repository, reason: x}", "until is missing"),
        ("{reason: x, until: 2999-12-31}", "name what is accepted"),
        ("{type: aws_ecr_repository, reason: x, until: soon}", "must be a day"),
        ("{kind: aws_ecr_repository, reason: x, until: 2999-12-31}", "unknown key"),
    ],
)
def test_entries_must_say_what_and_why(
    entry: str, message: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"baseline: ./shop.yaml\ndrift: {{ignore: [{entry}]}}\n"
    (shop / "asbuilt.yaml").write_text(text, encoding="utf-8")
    account(shop, DATABASE)
    assert drift() == 2
    assert message in capsys.readouterr().err


def test_only_documented(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    account(shop, {**DATABASE, "tags": {}}, [])
    assert drift("--documented") == 0
    assert "No drift." in capsys.readouterr().out


def test_a_state_pairs_by_id(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state = {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 1,
        "lineage": "x",
        "outputs": {},
        "resources": [
            {
                "mode": "managed",
                "type": "aws_ecr_repository",
                "name": "jobs",
                "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
                "instances": [{"schema_version": 0, "attributes": {"id": "renamed", "name": "jobs"}}],
            }
        ],
    }
    (shop / "terraform.tfstate").write_text(json.dumps(state), encoding="utf-8")
    account(shop, DATABASE, [{"name": "renamed"}])
    assert drift("--state", "terraform.tfstate", "--format", "json") == 1
    (line,) = [item for item in json.loads(capsys.readouterr().out)["drift"] if item["type"] == "aws_ecr_repository"]
    assert (line["matched_by"], line["path"], line["code"], line["account"]) == ("state", "name", "jobs", "renamed")


def test_what_was_not_read_is_neither_missing_nor_as_built(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header = Header("2026-01-02T00:00:00Z", "aws", {}, (), TYPES - {"aws_ecr_repository"})
    write_snapshot(shop / "account.jsonl", header, iter([live("aws_db_instance", "db-1", **DATABASE)]))
    assert drift("--format", "json") == 3
    report = json.loads(capsys.readouterr().out)
    assert [item for item in report["drift"] if item["type"] == "aws_ecr_repository"] == []


def test_several_that_fit_are_told(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    account(shop, DATABASE, [{"name": "jobs"}, {"name": "jobs", "tags": {"copy": "yes"}}])
    assert drift("--format", "json", "--strict") == 3
    (finding,) = [item for item in json.loads(capsys.readouterr().out)["findings"] if item["verdict"] == "unknown"]
    assert "several of the account fit it" in finding["message"]["en"]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Not as built: 2 differences (1 critical, 1 medium)."), ("ko", "설계와 다름: 차이 2건(심각 1, 보통 1).")],
)
def test_every_difference_is_counted(language: str, said: str, shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    account(shop, {**DATABASE, "multi_az": False, "tags": {"Team": "other"}})
    assert drift("--lang", language) == 1
    assert said in " ".join(capsys.readouterr().out.split())


SINGLE = "db: {type: aws_db_instance, match: [{identifier: shop-db}]"
VAGUE = "db: {type: aws_db_instance, match: [{identifier: 'shop-*'}]"


def test_a_component_of_two_resources_is_undecided_and_ends_nothing(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "shop.yaml").write_text(BASELINE.replace(SINGLE, VAGUE), encoding="utf-8")
    copy = MAIN.replace('"db"', '"copy"').replace('"shop-db"', '"shop-copy"').partition('resource "aws_ecr')[0]
    (shop / "code" / "copy.tf").write_text(copy, encoding="utf-8")
    account(shop, {**DATABASE, "multi_az": False}, [])
    assert drift("--format", "json") == 1
    report = json.loads(capsys.readouterr().out)
    (said,) = [item["what"] for item in report["notifications"] if item["level"] == "error"]
    assert said.startswith("in code: the component db fits 2 resources: ")
    (vague,) = [item for item in report["findings"] if item["verdict"] == "unknown"]
    assert vague["component"] == "db"
    assert vague["policy"] == "drift-changed"
    assert vague["message"]["en"].startswith("whether SHOP-DB-001 holds on both sides is not known: ")
    meanings = {(item["type"], item["path"]): item["meaning"] for item in report["drift"]}
    assert meanings["aws_db_instance", "multi_az"] == "plain_drift"
    assert meanings["aws_ecr_repository", None] == "not_deployed"
    assert "as_built" not in meanings.values()


WAIVED = 'waivers: [{id: SHOP-DB-001, reason: the budget, owner: ops, until: "2999-12-31"}]\n'


def single_zone(shop: Path, waivers: str = WAIVED) -> None:
    """Code that breaks the document, and a configuration that may accept it."""
    main = shop / "code" / "main.tf"
    main.write_text(main.read_text(encoding="utf-8").replace("= true", "= false"), encoding="utf-8")
    (shop / "asbuilt.yaml").write_text(f"baseline: ./shop.yaml\nlang: en\n{waivers}", encoding="utf-8")


def test_a_waived_violation_is_shown_as_accepted(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    single_zone(shop, "")
    account(shop, {**DATABASE, "multi_az": False})
    assert drift() == 1
    single_zone(shop)
    assert drift() == 0
    assert "accepted until 2999-12-31: the budget" in " ".join(capsys.readouterr().out.split())


def test_a_waiver_accepts_no_difference(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    single_zone(shop)
    account(shop, DATABASE)
    assert drift("--format", "json") == 1
    (line,) = [item for item in json.loads(capsys.readouterr().out)["drift"] if item["path"] == "multi_az"]
    assert (line["meaning"], line["suppression"]) == ("next_apply_breaks", None)


def test_a_waiver_beside_the_code_counts(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    single_zone(shop, "")
    main = shop / "code" / "main.tf"
    comment = '# asbuilt:waive SHOP-DB-001 reason="the budget" until=2999-12-31\nresource "aws_db'
    main.write_text(main.read_text(encoding="utf-8").replace('resource "aws_db', comment), encoding="utf-8")
    account(shop, {**DATABASE, "multi_az": False})
    assert drift() == 0
    assert "accepted until 2999-12-31: the budget" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--live", "kubernetes"], "there is no kubernetes"),
        (["--live", "code/main.tf"], "is no snapshot"),
        (["--live", "account.jsonl", "--profile", "x"], "leave the options that choose one out"),
        (["--live", "account.jsonl", "--state", "code/main.tf"], "is no state"),
    ],
)
def test_what_cannot_be_compared(
    arguments: list[str], message: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account(shop, DATABASE)
    assert run(["drift", "--code", "code", *arguments]) == 2
    assert message in capsys.readouterr().err
