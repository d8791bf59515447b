"""TripGen as it runs: what the document wants holds, and what somebody changed by hand is found."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from scanner.facts import load_facts
from scanner.model.finding import Finding, Kind, Verdict
from scanner.model.resource import Origin
from scanner.policy.baseline import Baseline, load_baseline
from scanner.policy.evaluate import evaluate_baseline
from scanner.policy.library import Library
from scanner.policy.needs import needed_types
from scanner.sources.collect import collect_code
from tests.sources.azure.parts.network import rule
from tests.sources.azure.support import collect
from tests.sources.azure.tripgen import TENANT, Body, tripgen

Bodies = dict[str, Body]
INPUTS = {"tenant_id": TENANT, "gateway_host_names": [], "support_day": "2026-09-01"}
OUT_OF_SIGHT = {"TRIPGEN-SECRETS-011", "TRIPGEN-IAM-001"}
"""Certificates are told by the vault itself, app registrations by Entra ID."""


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return load_baseline("tripgen-production", Library.load(None, load_facts()), load_facts())


@pytest.fixture(scope="module")
def healthy() -> Bodies:
    return tripgen().bodies


def findings(baseline: Baseline, bodies: Bodies) -> list[Finding]:
    inventory, _ = collect(bodies, needed_types(baseline))
    shown = {Origin.AZURE}
    return list(evaluate_baseline(baseline, inventory, load_facts(), inputs=INPUTS, live=True, origins=shown))


@pytest.fixture(scope="module")
def compliant(baseline: Baseline, healthy: Bodies) -> list[Finding]:
    return findings(baseline, healthy)


def test_nothing_is_wrong_with_it(compliant: list[Finding]) -> None:
    assert [(item.requirement, item.message.en) for item in compliant if item.verdict is Verdict.FAIL] == []


def test_what_code_can_decide_is_decided(compliant: list[Finding]) -> None:
    static = [item for item in compliant if item.kind is Kind.STATIC]
    unknown = {item.requirement for item in static if item.verdict is Verdict.UNKNOWN}
    assert unknown == OUT_OF_SIGHT
    assert len({item.requirement for item in static if item.verdict is Verdict.PASS}) > 130


def test_code_and_account_have_the_same_verdicts(baseline: Baseline, compliant: list[Finding]) -> None:
    example = Path(__file__).parents[3] / "examples" / "tripgen"
    written = evaluate_baseline(baseline, collect_code([example], example), load_facts(), inputs=INPUTS)
    code, account = verdicts(written), verdicts(compliant)
    seen = {id_: found for id_, found in account.items() if found != {Verdict.NOT_APPLICABLE}}
    assert {id_ for id_, found in seen.items() if found != code[id_]} == OUT_OF_SIGHT
    assert len(seen) > 140


def verdicts(found: Iterable[Finding]) -> dict[str, set[Verdict]]:
    """The verdicts of static requirements."""
    by_id: dict[str, set[Verdict]] = {}
    for finding in found:
        if finding.kind is Kind.STATIC:
            by_id.setdefault(finding.requirement or "", set()).add(finding.verdict)
    return by_id


def test_it_is_only_read(healthy: Bodies) -> None:
    inventory, asked = collect(healthy)
    assert {request.method for request in asked} == {"GET"}
    assert {item.origin for item in inventory.resources} == {Origin.AZURE}
    text = repr([(item.identity, item.attributes) for item in inventory.resources])
    assert not [secret for secret in ("sig=secret", "integration/secret", "key hidden", "never read") if secret in text]


def at(end: str, path: str, value: Any) -> Callable[[Bodies], None]:
    """Sets a value of the only body whose id ends so."""

    def change(bodies: Bodies) -> None:
        (body,) = [body for id_, body in bodies.items() if id_.endswith(end)]
        *steps, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
        here: Any = body
        for step in steps:
            here = here[step]
        here[last] = value

    return change


def gone(end: str) -> Callable[[Bodies], None]:
    """Takes away everything whose id ends so."""

    def change(bodies: Bodies) -> None:
        found = [id_ for id_ in bodies if id_.endswith(end)]
        assert found
        for id_ in found:
            del bodies[id_]

    return change


def opened(bodies: Bodies) -> None:
    (body,) = [body for id_, body in bodies.items() if id_.endswith("/nsg-database-tripgen-prod")]
    body["properties"]["securityRules"].append(rule("Temporary", 200, "Inbound", "Internet", "*", "5432"))


def detached(bodies: Bodies) -> None:
    (body,) = [
        body for id_, body in bodies.items() if id_.endswith("/vnet-tripgen-prod") and "subnets" in body["properties"]
    ]
    (subnet,) = [item for item in body["properties"]["subnets"] if item["name"] == "ApplicationGatewaySubnet"]
    del subnet["properties"]["networkSecurityGroup"]


SERVER, CLUSTER, REDIS, VAULT = "/psql-tripgen-prod", "/aks-tripgen-prod", "/redis-tripgen-prod", "/kv-tripgen-prod"
RIGHTS = "properties.accessPolicies.0.permissions"
CHANGES: list[tuple[str, Callable[[Bodies], None], str]] = [
    ("high availability is switched off", at(SERVER, "properties.highAvailability.mode", "Disabled"), "PG-004"),
    ("backups are kept for a week", at(SERVER, "properties.backup.backupRetentionDays", 7), "PG-007"),
    ("the database is public", at(SERVER, "properties.network.publicNetworkAccess", "Enabled"), "PG-011"),
    ("a rule is added by hand", opened, "PG-012"),
    ("a group is taken from its subnet", detached, "NET-010"),
    ("the API of the cluster is public", at(CLUSTER, "properties.apiServerAccessProfile", {}), "AKS-008"),
    ("the application pool has fewer nodes", at(CLUSTER, "properties.agentPoolProfiles.1.minCount", 1), "AKS-014"),
    ("the firewall only detects", at("/waf-tripgen-prod", "properties.policySettings.mode", "Detection"), "WAF-002"),
    ("the gateway lies in one zone", at("/agw-tripgen-prod", "zones", ["1"]), "AGW-003"),
    ("the cache answers without TLS", at(REDIS, "properties.enableNonSslPort", True), "REDIS-010"),
    ("the cache has fewer shards", at(REDIS, "properties.shardCount", 1), "REDIS-002"),
    ("the services may delete secrets", at(VAULT, f"{RIGHTS}.secrets.1", "delete"), "SECRETS-004"),
    ("the namespace is Standard", at("/sb-tripgen-prod", "sku", {"name": "Standard", "tier": "Standard"}), "SB-001"),
    ("a queue is deleted", gone("/queues/location_search"), "SB-013"),
    ("logs are kept for a month", at("/law-tripgen-prod", "properties.retentionInDays", 30), "LOG-001"),
    ("an alert is switched off", at("/alert-high-error-rate-tripgen-prod", "properties.enabled", False), "ALARM-001"),
    ("a private endpoint is deleted", gone("/pe-redis-tripgen-prod"), "PE-002"),
    ("audit logs go nowhere", gone(f"{VAULT}/providers/Microsoft.Insights/diagnosticSettings/audit"), "LOG-012"),
]  # fmt: skip


@pytest.fixture(scope="module")
def changed(baseline: Baseline, healthy: Bodies) -> set[str]:
    """The requirements that fail when everything above has happened."""
    bodies = copy.deepcopy(healthy)
    for _, change, _ in CHANGES:
        change(bodies)
    found = findings(baseline, bodies)
    return {(item.requirement or "").removeprefix("TRIPGEN-") for item in found if item.verdict is Verdict.FAIL}


@pytest.mark.parametrize(("what", "requirement"), [(what, id_) for what, _, id_ in CHANGES])
def test_a_change_by_hand_is_found(changed: set[str], what: str, requirement: str) -> None:
    assert requirement in changed


def test_one_change_breaks_nothing_else(baseline: Baseline, healthy: Bodies) -> None:
    bodies = copy.deepcopy(healthy)
    at(SERVER, "properties.backup.backupRetentionDays", 7)(bodies)
    failed = [item.requirement for item in findings(baseline, bodies) if item.verdict is Verdict.FAIL]
    assert failed == ["TRIPGEN-PG-007"]
