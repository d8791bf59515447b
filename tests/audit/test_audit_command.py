"""`asbuilt audit` and `asbuilt collect`, from the command line to the exit code."""

import json
from pathlib import Path

import cli_project
import jsonschema
import pytest
from audited import DENIED, HEADER, FakeSource, data, database, everything, live, stored

from scanner.cli.main import run
from scanner.history import History
from scanner.model.inventory import Inventory, Level, Notification
from scanner.model.resource import Origin, Resource
from scanner.sources import live as live_sources
from scanner.sources.live import Opened
from scanner.sources.snapshot import Header, Snapshot

SCHEMA = json.loads((Path(__file__).parents[2] / "scanner/schemas/report.schema.json").read_text(encoding="utf-8"))
NOW = "2026-11-20T18:00:00Z"
LIVE = """\
  - id: SHOP-DB-004
    section: "5-4"
    title: {en: The database is up, ko: 데이터베이스 가동}
    severity: high
    category: availability
    kind: live
    component: db
    assert: [{path: status, op: equals, value: available}]
  - id: SHOP-CODE-001
    section: "7"
    title: {en: Nobody can destroy it, ko: 삭제 방지}
    severity: high
    category: process
    component: db
    assert: [{path: lifecycle.prevent_destroy, op: equals, value: true}]
  - id: SHOP-CODE-002
    section: "7"
    title: {en: State is kept apart, ko: 상태 분리}
    severity: high
    category: process
    select: {type: terraform.backend}
    expect: some
    assert: [{path: type, op: equals, value: s3}]
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A directory with a baseline; the account answers with what the test gives it."""
    (tmp_path / "shop.yaml").write_text(cli_project.BASELINE + cli_project.CACHE + LIVE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    account = FakeSource([])

    def opened(reach, types):
        account.reach, account.types = reach, types
        return Opened(account, frozenset(types) if types is not None else frozenset({"aws_*"}))

    monkeypatch.setitem(live_sources._OPEN, Origin.AWS, opened)
    return account


def good() -> list[Resource]:
    return [database(status="available"), live("aws_elasticache_cluster", "c", cache())]


def cache(**changed):
    return {"cluster_id": "shop-cache", "node_type": "cache.t4g.small"} | changed


def audit(capfd, *arguments: str) -> tuple[int, dict]:
    code = run(["audit", "aws", "--baseline", "shop.yaml", "--format", "json", *arguments])
    report = json.loads(capfd.readouterr().out)
    jsonschema.validate(report, SCHEMA)
    return code, report


def verdicts(report: dict) -> dict[str, str]:
    return {finding["requirement"]: finding["verdict"] for finding in report["findings"]}


def test_an_account_as_built_is_clean(project, capfd):
    project.items = good()
    code, report = audit(capfd)
    assert code == 0
    assert verdicts(report) == {
        "SHOP-DB-001": "pass",
        "SHOP-DB-002": "pass",
        "SHOP-DB-003": "pass",
        "SHOP-CACHE-001": "pass",
        "SHOP-DB-004": "pass",
        "SHOP-CODE-001": "not_applicable",
        "SHOP-CODE-002": "not_applicable",
    }
    assert report["run"]["identity"] == HEADER.identity
    assert report["run"]["command"] == "audit"
    assert report["findings"][0]["resource"]["root"] == "123456789012/ap-northeast-2"
    assert project.types == {"aws_db_instance", "aws_elasticache_cluster"}


def test_what_was_changed_by_hand_is_found(project, capfd):
    project.items = [database(status="stopped", multi_az=False), live("aws_elasticache_cluster", "c", cache())]
    code, report = audit(capfd)
    assert code == 1
    assert [key for key, verdict in verdicts(report).items() if verdict == "fail"] == ["SHOP-DB-001", "SHOP-DB-004"]


def test_what_is_missing_is_missing_in_the_account(project, capfd):
    project.items = good()[:1]
    _, report = audit(capfd)
    finding = next(item for item in report["findings"] if item["requirement"] == "SHOP-CACHE-001")
    assert finding["verdict"] == "fail"
    assert finding["message"]["en"].endswith("the account has no such aws_elasticache_cluster")


def test_what_could_not_be_read_is_unknown_and_the_run_incomplete(project, capfd):
    project.items = [*good()[:1], Notification(Level.ERROR, "denied", hides=("aws_elasticache_cluster",))]
    code, report = audit(capfd)
    assert code == 3
    assert verdicts(report)["SHOP-CACHE-001"] == "unknown"
    assert report["run"]["complete"] is False


@pytest.mark.parametrize(("strict", "expected"), [([], 0), (["--strict"], 3)])
def test_what_no_source_reads_is_unknown_and_leaves_no_run_incomplete(project, capfd, strict, expected):
    project.items = [*good(), Notification(Level.WARNING, "nobody reads x", hides=("aws_elasticache_cluster",))]
    project.items.pop(1)
    code, report = audit(capfd, *strict)
    assert code == expected
    assert verdicts(report)["SHOP-CACHE-001"] == "unknown"
    assert report["run"]["complete"] is True


def test_strict_takes_nothing_undecided(project, capfd):
    project.items = [database(), live("aws_elasticache_cluster", "c", cache(node_type=None))]
    assert audit(capfd, "--only", "fail")[0] == 1
    project.items = everything()[:1]
    assert audit(capfd)[0] == 1


@pytest.mark.parametrize("suffix", ["jsonl", "jsonl.gz"])
def test_a_snapshot_gives_the_same_report_as_the_account(project, capfd, suffix):
    project.items = [*reversed(good()), live("aws_s3_bucket", "b", {}, root="123456789012/global")]
    assert run(["collect", "aws", "-o", f"account.{suffix}", "--baseline", "shop.yaml"]) == 0
    assert "3 resources" in capfd.readouterr().out
    _, direct = audit(capfd)
    code, offline = audit(capfd, "--snapshot", f"account.{suffix}")
    assert code == 0
    assert offline["findings"] == direct["findings"]
    assert offline["run"]["identity"].items() >= HEADER.identity.items()


def test_a_snapshot_that_was_never_asked_for_a_type_does_not_tell_that_there_is_none(project, capfd, tmp_path):
    header = Header(NOW, "aws", {"account": "1"}, (), frozenset({"aws_db_instance"}))
    stored(tmp_path / "a.jsonl", [database(status="available")], header)
    code, report = audit(capfd, "--snapshot", "a.jsonl")
    assert code == 3
    assert verdicts(report)["SHOP-CACHE-001"] == "unknown"
    assert report["notifications"][0]["what"] == "the snapshot a.jsonl was taken without aws_elasticache_cluster"


def test_a_torn_snapshot_is_never_clean(project, capfd, tmp_path):
    path = stored(tmp_path / "a.jsonl", good())
    path.write_bytes(path.read_bytes()[:-15])
    code, report = audit(capfd, "--snapshot", "a.jsonl")
    assert code == 3
    assert report["run"]["complete"] is False


def test_the_report_says_what_was_asked_for(project, capfd):
    project.items = good()
    arguments = ["--role-arn", "{account}", "--account", "1", "--account", "2", "--region", "b", "--region", "a"]
    _, direct = audit(capfd, *arguments)
    assert direct["run"]["identity"] == {**HEADER.identity, "account": "1, 2", "regions": "a, b"}
    assert run(["collect", "aws", "-o", "a.jsonl", "--baseline", "shop.yaml", *arguments]) == 0
    capfd.readouterr()
    _, offline = audit(capfd, "--snapshot", "a.jsonl")
    assert offline["run"]["identity"].items() >= direct["run"]["identity"].items()


def test_several_snapshots_are_one_inventory(project, capfd, tmp_path):
    stored(tmp_path / "a.jsonl", good()[:1])
    stored(tmp_path / "b.jsonl", good()[1:])
    code, report = audit(capfd, "--snapshot", "a.jsonl", "--snapshot", "b.jsonl")
    assert code == 0
    assert report["run"]["inputs"] == ["a.jsonl", "b.jsonl"]


def test_snapshots_of_several_accounts_have_one_history_in_any_order_and_as_a_directory(project, capfd, tmp_path):
    (tmp_path / "night").mkdir()
    for number, name in (("2", "a"), ("1", "b")):
        items = [database(status="available", multi_az=number == "1"), live("aws_elasticache_cluster", "c", cache())]
        for item in items:
            item.root = f"{number}/ap-northeast-2"
        header = Header(NOW, "aws", {"account": number, "arn": f"arn:{number}"}, ("ap-northeast-2",))
        stored(tmp_path / "night" / f"{name}.jsonl", items, header)
    files = ["night/a.jsonl", "night/b.jsonl"]
    expected = ["new", "persisting", "persisting"]
    for given, said in zip((files, files[::-1], ["night"]), expected, strict=True):
        arguments = [part for path in given for part in ("--snapshot", path)]
        code = run(["audit", "aws", "--baseline", "shop.yaml", "--history", "h.sqlite", *arguments, "--format", "json"])
        report = json.loads(capfd.readouterr().out)
        assert (code, report["run"]["identity"]["account"]) == (1, "1, 2")
        history = History(tmp_path / "h.sqlite")
        (entry,) = getattr(history.changes(history.runs()[-1]), said)
        assert (entry.rule, entry.where) == ("SHOP-DB-001", "2/ap-northeast-2//aws_db_instance/shop-db")
    assert len({item.scope for item in history.runs()}) == 1


def test_the_same_component_in_two_regions_is_checked_in_each(project, capfd):
    other = database(status="available", multi_az=False)
    other.root = "123456789012/ap-northeast-1"
    project.items = [*good(), other]
    _, report = audit(capfd)
    found = [item for item in report["findings"] if item["requirement"] == "SHOP-DB-001"]
    assert [(item["resource"]["root"], item["verdict"]) for item in found] == [
        ("123456789012/ap-northeast-1", "fail"),
        ("123456789012/ap-northeast-2", "pass"),
    ]


def test_bindings_to_code_and_to_the_account_live_side_by_side(project, capfd, tmp_path):
    project.items = [*good(), live("aws_db_instance", "orders", {"multi_az": False})]
    bind = "bind: {db: [module.data.aws_db_instance.main, aws_db_instance/orders]}\n"
    (tmp_path / "asbuilt.yaml").write_text(bind, encoding="utf-8")
    _, report = audit(capfd)
    assert {item["resource"]["address"] for item in report["findings"] if item["component"] == "db"} == {
        "aws_db_instance/orders"
    }


def test_the_text_report_says_who_read(project, capfd):
    project.items = good()
    assert run(["audit", "aws", "--baseline", "shop.yaml", "--lang", "en"]) == 0
    shown = capfd.readouterr().out
    assert "aws against shop" in shown
    assert "read as account 123456789012, arn" in shown
    assert "assumed-role/auditor" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["aws"], "there is no baseline to audit against"),
        (["kubernetes", "--baseline", "shop.yaml", "--account", "1"], "an option is not meant for kubernetes"),
        (["azure", "--baseline", "shop.yaml", "--region", "x"], "an option is not meant for azure"),
        (["aws", "--baseline", "shop.yaml", "--subscription", "x"], "an option is not meant for aws"),
        (["aws", "--baseline", "shop.yaml", "--snapshot", "shop.yaml", "--region", "x"], "reads no account"),
        (["moon", "--baseline", "shop.yaml"], "is not one of"),
        (["aws", "--baseline", "shop.yaml", "--snapshot", "x.jsonl"], "there is no x.jsonl"),
        (["aws", "--baseline", "shop.yaml", "--account", "1"], "read through a role"),
        (["aws", "--baseline", "shop.yaml", "--account", "1", "--account", "2", "--role-arn", "r"], "through a role"),
        (["aws", "--baseline", "shop.yaml", "--notify", "slack"], "has no URL"),
        (["aws", "--baseline", "shop.yaml", "--notify-url-from", "X"], "needs --notify"),
        (["aws", "--baseline", "shop.yaml", "--history", "none/h.sqlite"], "the directory none does not exist"),
        (["aws", "--baseline", "shop.yaml", "-q", "-v"], "exclude each other"),
        (["kubernetes", "--baseline", "shop.yaml", "--permissions"], "permissions are listed for aws and azure"),
    ],
)
def test_what_makes_no_sense_is_said(project, capfd, arguments, said):
    assert run(["audit", *arguments]) == 2
    assert said in capfd.readouterr().err


def test_a_snapshot_of_another_system_is_refused(project, capfd, tmp_path):
    stored(tmp_path / "a.jsonl", [], Header(NOW, "azure"))
    assert run(["audit", "aws", "--baseline", "shop.yaml", "--snapshot", "a.jsonl"]) == 2
    assert "is a snapshot of azure, not of aws" in capfd.readouterr().err


def test_collecting_says_what_was_not_read(project, capfd, tmp_path):
    project.items = everything()
    assert run(["collect", "aws", "-o", "a.jsonl.gz"]) == 3
    said = capfd.readouterr()
    assert "missing permission elasticache:DescribeReplicationGroups" in said.err
    assert "3 resources in a.jsonl.gz" in said.out
    read: Inventory = Snapshot(tmp_path / "a.jsonl.gz").collect()
    assert read.notifications == [DENIED]
    assert data(read.resources[0])[0] == "aws_s3_bucket"
    assert project.types is None


@pytest.mark.parametrize("name", ["none/a.jsonl", "."])
def test_a_snapshot_needs_a_place(project, capfd, name):
    assert run(["collect", "aws", "-o", name]) == 2
    assert "no file that can be written to" in capfd.readouterr().err


def test_permissions_are_a_policy_that_only_reads(project, capfd):
    pytest.importorskip("boto3")
    assert run(["audit", "aws", "--baseline", "shop.yaml", "--permissions"]) == 0
    policy = json.loads(capfd.readouterr().out)
    actions = policy["Statement"][0]["Action"]
    assert "rds:DescribeDBInstances" in actions
    assert all(action.partition(":")[2].startswith(("Describe", "Get", "List")) for action in actions)
    assert not any(action.startswith("s3:") for action in actions)


def test_rights_in_azure_are_a_role_that_only_reads(project, capfd):
    arguments = ["--baseline", "tripgen-production", "--subscription", "s-1", "--permissions"]
    assert run(["audit", "azure", *arguments]) == 0
    role = json.loads(capfd.readouterr().out)
    assert role["AssignableScopes"] == ["/subscriptions/s-1"]
    assert "Microsoft.DBforPostgreSQL/flexibleServers/read" in role["Actions"]
    assert all(action.endswith("/read") for action in role["Actions"])


def test_measuring_needs_a_right_of_its_own(project, capfd, tmp_path):
    pytest.importorskip("boto3")
    metric = "kind: metric\n    metric: {source: cloudwatch, namespace: AWS/RDS, metric: CPUUtilization,"
    metric += " statistic: Average, window: 24h, op: lt, value: 80}\n    component: db\n"
    kept = LIVE.partition("  - id: SHOP-CODE-001")[0]
    body = kept.replace("kind: live\n    component: db\n", metric).partition("    assert:")[0]
    (tmp_path / "shop.yaml").write_text(cli_project.BASELINE + cli_project.CACHE + body, encoding="utf-8")
    assert run(["audit", "aws", "--baseline", "shop.yaml", "--permissions"]) == 0
    assert "cloudwatch:GetMetricData" in json.loads(capfd.readouterr().out)["Statement"][0]["Action"]


def test_a_profile_that_does_not_exist_is_a_message(project, capfd, monkeypatch):
    pytest.importorskip("boto3")
    monkeypatch.setitem(live_sources._OPEN, Origin.AWS, live_sources._aws)
    assert run(["audit", "aws", "--baseline", "shop.yaml", "--profile", "none-of-that-name"]) == 2
    assert "aws cannot be read: The config profile (none-of-that-name)" in capfd.readouterr().err


def test_an_address_of_prometheus_is_one(project, capfd):
    assert run(["audit", "aws", "--baseline", "shop.yaml", "--prometheus", "prometheus:9090"]) == 2
    assert "expected an address" in capfd.readouterr().err


def test_without_its_library_a_system_cannot_be_read(project, capfd, monkeypatch):
    def opened(*_):
        raise ModuleNotFoundError("No module named 'boto3'", name="boto3")

    monkeypatch.setitem(live_sources._OPEN, Origin.AWS, opened)
    assert run(["audit", "aws", "--baseline", "shop.yaml"]) == 2
    assert "pip install 'asbuilt[aws]'" in capfd.readouterr().err
