"""The live requirements of tripgen-production hold for a healthy account, and each is broken by what it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from scanner.facts import load_facts
from scanner.model.finding import Kind, Verdict
from scanner.policy.baseline import Baseline, load_baseline
from scanner.policy.evaluate import evaluate_baseline
from scanner.policy.library import Library
from tests.baselines.tripgen_account import Things, ago, azure, changed, cluster, inventory, without

Change = Callable[[Things, Things], tuple[Things, Things]]


def in_azure(name: str, path: str, value: object) -> Change:
    return lambda account, objects: (changed(account, name, path, value), objects)


def in_cluster(name: str, path: str, value: object) -> Change:
    return lambda account, objects: (account, changed(objects, name, path, value))


def gone(name: str) -> Change:
    return lambda account, objects: (without(account, name), without(objects, name))


SERVER = "azurerm_postgresql_flexible_server.psql-tripgen-prod"
WORKSPACE = "azurerm_log_analytics_workspace.law-tripgen-prod"
WILDCARD = "azurerm_key_vault_certificate.ssl-wildcard-cert"
STREAMS = "data_sources.0.extension.0.streams"
SERVERS = "backend_address_pools.0.backend_http_settings_collection.0.servers"
APPROVAL = "private_service_connection.0.private_link_service_connection_state.status"
TECHNICAL = ["cache_hit_ratio", "database_connection_pool", "message_queue_depth"]
HEALTH = "azurerm_application_gateway_backend_health.agw-tripgen-prod"
SUPPRESSION = "azurerm_monitor_alert_processing_rule_suppression.maintenance"
ENDPOINT = "azurerm_private_endpoint.pe-psql"
SECOND_ZONE = {"topology.kubernetes.io/zone": "koreacentral-2"}
BROKEN: list[tuple[str, Change]] = [
    ("AKS-006", in_cluster("Deployment/coredns", "status.availableReplicas", 1)),
    ("AKS-018", in_cluster("Node/node-3", "metadata.labels", {"agentpool": "application"} | SECOND_ZONE)),
    ("AKS-018", in_cluster("Node/node-3", "status.conditions", [{"type": "Ready", "status": "False"}])),
    ("AGW-012", in_azure(HEALTH, SERVERS, [{"health": "Unhealthy"}])),
    ("AGW-012", in_azure("azurerm_application_gateway.agw-tripgen-prod", "backend_http_settings", [{"name": "api"}])),
    ("AGW-013", in_azure(WILDCARD, "certificate_attribute.0.expires", ago(days=-20))),
    ("AGW-013", in_azure(WILDCARD, "certificate_policy", [])),
    ("NETPOL-008", in_cluster("Namespace/kube-system", "metadata.labels", {})),
    ("K8S-003", in_cluster("Pod/ai-service-2", "spec.nodeName", "node-1")),
    ("K8S-003", in_cluster("Pod/ai-service-2", "status.conditions", [])),
    ("K8S-003", in_cluster("Node/node-1", "metadata.labels", SECOND_ZONE)),
    ("SCALE-011", in_cluster("HorizontalPodAutoscaler/ai-service-hpa", "status.conditions.1.status", "False")),
    ("PG-005", in_azure(SERVER, "high_availability.0.standby_availability_zone", "2")),
    ("PG-005", in_azure(SERVER, "high_availability", [])),
    ("PG-006", in_azure(SERVER, "high_availability.0.state", "ReplicatingData")),
    ("PG-009", in_azure(SERVER, "backup.earliest_restore_date", ago(days=20))),
    ("PG-009", in_azure(SERVER, "backup", {})),
    ("REDIS-006", gone("azurerm_monitor_activity_log_event.export-3")),
    ("REDIS-006", gone("azurerm_storage_management_policy")),
    ("PE-005", in_azure(ENDPOINT, "provisioning_state", "Failed")),
    ("PE-005", in_azure(ENDPOINT, APPROVAL, "Pending")),
    ("DNS-002", in_azure("azurerm_private_dns_a_record.psql-tripgen-prod", "records", ["20.30.40.50"])),
    ("SECRETS-006", gone("azurerm_key_vault_secret.jwt")),
    ("SECRETS-007", gone("azurerm_key_vault_certificate.client")),
    ("SECRETS-009", in_azure("azurerm_key_vault_secret.openai-api-key", "attributes.created", ago(days=91))),
    ("SEC-001", in_azure("azurerm_storage_account.sttripgenprod", "encryption.services.blob.enabled", False)),
    ("LOG-008", in_azure("azurerm_monitor_data_collection_rule.containers", STREAMS, ["Microsoft-Perf"])),
    ("LOG-010", in_azure(WORKSPACE, "observed.json_log_percent", 97.5)),
    ("LOG-015", in_azure(WORKSPACE, "observed.dependency_roles", ["user-service"])),
    ("LOG-016", in_azure(WORKSPACE, "observed.metric_names", TECHNICAL)),
    ("LOG-017", in_azure(WORKSPACE, "observed.metric_names", [])),
    ("ALARM-007", in_azure(SUPPRESSION, "schedule.0.recurrence.0.weekly.0.days_of_week", ["Sunday", "Monday"])),
    ("ALARM-007", in_azure(SUPPRESSION, "schedule", [])),
    ("BACKUP-001", in_azure("azurerm_postgresql_flexible_server_backup.daily", "completed_time", ago(hours=27))),
    ("BACKUP-001", in_azure("azurerm_postgresql_flexible_server_backup.daily", "backup_type", "Customer On-Demand")),
    ("BACKUP-002", in_azure(SERVER, "data_encryption.type", "None")),
    ("CICD-015", in_cluster("Ingress/api", "spec.ingressClassName", "nginx")),
    ("ARGO-008", in_cluster("Application/tripgen-prod", "status.health.status", "Degraded")),
    ("COST-002", in_azure("azurerm_reservation.postgresql", "term", "P3Y")),
    ("PROC-021", gone("azurerm_portal_dashboard")),
]  # fmt: skip


@pytest.fixture(scope="module")
def live() -> Baseline:
    """The baseline with its live requirements alone, decided as if the account were code."""
    whole = load_baseline("tripgen-production", Library.load(None, load_facts()), load_facts())
    chosen = tuple(replace(each, kind=Kind.STATIC) for each in whole.requirements if each.kind is Kind.LIVE)
    return replace(whole, requirements=chosen)


def verdicts(baseline: Baseline, account: Things, objects: Things) -> dict[str, set[Verdict]]:
    found: dict[str, set[Verdict]] = {}
    for finding in evaluate_baseline(baseline, inventory(account, objects), load_facts()):
        found.setdefault((finding.requirement or "").removeprefix("TRIPGEN-"), set()).add(finding.verdict)
    return found


def test_a_healthy_account_passes(live: Baseline) -> None:
    assert {id_: found for id_, found in verdicts(live, azure(), cluster()).items() if found != {Verdict.PASS}} == {}


def test_every_live_requirement_is_broken_by_something(live: Baseline) -> None:
    assert {f"TRIPGEN-{id_}" for id_, _ in BROKEN} == {requirement.id for requirement in live.requirements}


@pytest.mark.parametrize(("id_", "change"), BROKEN, ids=[f"{at}-{id_}" for at, (id_, _) in enumerate(BROKEN)])
def test_what_is_wrong_in_the_account_fails(live: Baseline, id_: str, change: Change) -> None:
    assert Verdict.FAIL in verdicts(live, *change(azure(), cluster()))[id_]


def test_a_server_of_last_week_cannot_reach_back_further(live: Baseline) -> None:
    account = changed(azure(), SERVER, "backup.earliest_restore_date", ago(days=7))
    account = changed(account, SERVER, "system_data.created_at", ago(days=7.5))
    assert verdicts(live, account, cluster())["PG-009"] == {Verdict.PASS}


def test_a_policy_that_selects_by_another_label_needs_none_of_ones_own(live: Baseline) -> None:
    objects = changed(cluster(), "NetworkPolicy/production-network-policy", "spec.ingress", [])
    objects = changed(objects, "Namespace/kube-system", "metadata.labels", {})
    assert verdicts(live, azure(), objects)["NETPOL-008"] == {Verdict.PASS}
