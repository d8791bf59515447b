"""The Onno account as terraform made it, against its document: clean, like the code, and no change unseen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import boto3
import pytest

from scanner.facts import load_facts
from scanner.model.finding import Enforce, Finding, Verdict
from scanner.model.inventory import Inventory, Level
from scanner.model.resource import Origin
from scanner.policy.baseline import Baseline, load_baseline
from scanner.policy.evaluate import evaluate_baseline, evaluate_policies
from scanner.policy.library import Library
from scanner.sources.collect import collect_code
from tests.live.account import ACCOUNT, LocalAccount
from tests.live.beside import OPERATIONS, amended, standby
from tests.live.changes import CHANGES, Change
from tests.live.conftest import source

Sessions = Callable[[], boto3.Session]
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "onno"
INPUTS = {"office_cidrs": ["203.0.113.0/28", "198.51.100.16/29"]}

ELSEWHERE = {
    "ONNO-GEN-001": "the account that Terraform is bound to is written in the code",
    "ONNO-GEN-003": "needs the stack of the other environment",
    "ONNO-GEN-004": "needs the stack of the other environment",
    "ONNO-GEN-014": "where the state is kept is written in the code",
    "ONNO-DNS-004": "the record is held by another provider of DNS",
    "ONNO-BAST-007": "a boot script may hold secrets, so it is masked when it is read",
    "ONNO-REDIS-011": "an account does not tell where a token comes from",
    "ONNO-SECRETS-007": "versions of a secret are never read",
    "ONNO-DR-005": "which regions a provider may use is written in the code",
    "ONNO-S3-022": "the bucket of the packages is not made by the example",
}
"""What is decided otherwise on the account than on the code, and why: the requirements beside those on files."""

MASKED = "ONNO-BAST-005"
"""Asks, of what runs alone, for the text of the boot script."""


@cache
def baseline() -> Baseline:
    return load_baseline("onno-production", Library.load(None, load_facts()), load_facts())


def findings(inventory: Inventory) -> list[Finding]:
    return list(evaluate_baseline(baseline(), inventory, load_facts(), inputs=INPUTS))


def verdicts(found: list[Finding]) -> dict[str, set[Verdict]]:
    result: dict[str, set[Verdict]] = defaultdict(set)
    for finding in found:
        result[finding.requirement or ""].add(finding.verdict)
    return result


def failing(inventory: Inventory) -> set[str]:
    return {name for name, found in verdicts(findings(inventory)).items() if Verdict.FAIL in found}


def on_files(requirement: str) -> bool:
    """Whether a requirement speaks of files, which no account has."""
    return requirement.startswith(("ONNO-CICD-", "ONNO-DOCKER-")) or requirement in ("ONNO-GEN-005", "ONNO-GEN-006")


def test_what_is_read_and_what_is_not(inventory: Inventory) -> None:
    assert [item.what for item in inventory.notifications if item.level is Level.ERROR] == []
    assert {item.origin for item in inventory.resources} == {Origin.AWS}
    assert {item.root for item in inventory.resources} == {
        f"{ACCOUNT}/ap-northeast-2", f"{ACCOUNT}/ap-northeast-1", f"{ACCOUNT}/global"
    }  # fmt: skip
    addresses = [(item.root, item.address) for item in inventory.resources]
    assert len(addresses) == len(set(addresses))


def test_the_account_is_clean(inventory: Inventory) -> None:
    found = [item for item in findings(inventory) if item.enforce is Enforce.REQUIRED]
    wrong = {
        item.requirement or "": str(item.message)
        for item in found
        if item.verdict in (Verdict.FAIL, Verdict.UNKNOWN) and not on_files(item.requirement or "")
    }
    assert wrong.keys() - ELSEWHERE.keys() - {MASKED} == set(), wrong
    assert sum(item.verdict is Verdict.PASS for item in found) > 250


def test_code_and_account_have_the_same_verdicts(inventory: Inventory) -> None:
    code = verdicts(findings(collect_code([EXAMPLE], EXAMPLE, files=True)))
    live = verdicts(findings(inventory))
    other = {name for name in live.keys() | code.keys() if live[name] != code[name] and not on_files(name)}
    assert other == ELSEWHERE.keys()


def after(change: Change, account: LocalAccount, inventory: Inventory, sessions: Sessions) -> Inventory:
    """The inventory with what a change may have touched read again."""
    kept = [item for item in inventory.resources if item.type not in change.types]
    fresh = source(account, *change.types, sessions=sessions).collect()
    return Inventory(kept + fresh.resources, [*inventory.notifications, *fresh.notifications])


@pytest.fixture
def undoing(account: LocalAccount) -> Iterator[list[Change]]:
    done: list[Change] = []
    yield done
    for change in done:
        change.undone.make(account)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.what)
def test_a_change_by_hand_is_found(
    change: Change,
    account: LocalAccount,
    inventory: Inventory,
    sessions: Sessions,
    undoing: list[Change],
    before: set[str],
) -> None:
    undoing.append(change)
    change.done.make(account)
    assert failing(after(change, account, inventory, sessions)) - before == {change.found_by} | change.also


@pytest.fixture(scope="session")
def before(inventory: Inventory) -> set[str]:
    return failing(inventory)


def test_a_database_that_is_not_encrypted_is_found(
    account: LocalAccount,
    inventory: Inventory,
    sessions: Sessions,
    before: set[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither AWS nor moto decrypts a database that is there, so its answer is changed."""

    def plain(text: str) -> str:
        return standby(text).replace("<StorageEncrypted>true<", "<StorageEncrypted>false<")

    monkeypatch.setitem(OPERATIONS, ("rds", "DescribeDBInstances"), amended(plain))
    kept = [item for item in inventory.resources if item.type != "aws_db_instance"]
    fresh = source(account, "aws_db_instance", sessions=sessions).collect()
    assert failing(Inventory(kept + fresh.resources, inventory.notifications)) - before == {
        "ONNO-RDS-014",
        "ONNO-GEN-008",
    }


def test_a_web_acl_that_guards_nothing_is_found(account: LocalAccount) -> None:
    waf, elb = account.client("wafv2"), account.client("elbv2")
    seen = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "x"}
    made = waf.create_web_acl(Name="guard", Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=seen)
    (balancer,) = elb.describe_load_balancers(Names=["onno-alb"])["LoadBalancers"]
    guarded = {"WebACLArn": made["Summary"]["ARN"], "ResourceArn": balancer["LoadBalancerArn"]}
    waf.associate_web_acl(**guarded)
    assert guards(account) == {Verdict.PASS}
    waf.disassociate_web_acl(ResourceArn=guarded["ResourceArn"])
    assert guards(account) == {Verdict.FAIL}


def guards(account: LocalAccount) -> set[Verdict]:
    library = Library.load(None, load_facts())
    read = source(account, "aws_lb", "aws_wafv2_web_acl", "aws_wafv2_web_acl_association").collect()
    found = evaluate_policies([library.policy("alb-waf-associated")], read, load_facts())
    return {item.verdict for item in found if item.resource is not None and "onno-alb" in item.resource.address}
