"""A running Tripgen as sources of the account and the cluster would show it: what the live requirements look at."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from scanner.model.inventory import Inventory
from scanner.model.resource import Origin, Resource
from scanner.model.value import from_plain
from scanner.sources.kubernetes import read_kubernetes

Things = dict[str, dict[str, Any]]
SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001"
REGION = "koreacentral"
SERVICES = ("user-service", "trip-service", "ai-service", "location-service")
READY = [{"type": "Ready", "status": "True"}]


def ago(**distance: float) -> str:
    """A moment before now; with negative figures after it."""
    return (datetime.now(UTC) - timedelta(**distance)).isoformat()


@dataclass
class Account:
    """Resources of the subscription by address, which begins with the type."""

    things: Things = field(default_factory=dict)

    def add(self, type_: str, name: str, **attributes: Any) -> str:
        """One more; its id comes back."""
        id_ = f"{SUBSCRIPTION}/{type_}/{name}"
        self.things[f"{type_}.{name}"] = {"id": id_, "name": name, **attributes}
        return id_


def azure() -> Things:
    """A healthy subscription."""
    account = Account()
    subnet = {
        name: account.add("azurerm_subnet", f"snet-{name}", address_prefixes=[prefix])
        for name, prefix in {
            "application": "10.0.1.0/24", "database": "10.0.2.0/24", "cache": "10.0.3.0/24", "gateway": "10.0.4.0/24",
        }.items()
    }  # fmt: skip
    _edge(account, subnet)
    targets = {
        "psql": (_database(account), "postgresqlServer", "database"),
        "redis": (_cache(account), "redisCache", "cache"),
        "sb": (_bus(account), "namespace", "application"),
        "kv": (_vault(account), "vault", "application"),
    }
    for part, (target, group, where) in targets.items():
        account.add(
            "azurerm_private_endpoint",
            f"pe-{part}",
            subnet_id=subnet[where],
            provisioning_state="Succeeded",
            private_service_connection=[
                {
                    "private_connection_resource_id": target,
                    "subresource_names": [group],
                    "private_link_service_connection_state": {"status": "Approved"},
                }
            ],
        )
    account.add(
        "azurerm_private_dns_a_record",
        "psql-tripgen-prod",
        zone_name="privatelink.postgres.database.azure.com",
        records=["10.0.2.5"],
    )
    _observation(account)
    _money(account)
    return account.things


def _edge(account: Account, subnet: dict[str, str]) -> None:
    account.add(
        "azurerm_kubernetes_cluster", "aks-tripgen-prod", default_node_pool=[{"vnet_subnet_id": subnet["application"]}]
    )
    wanted = account.add(
        "azurerm_application_gateway",
        "agw-tripgen-prod",
        gateway_ip_configuration=[{"subnet_id": subnet["gateway"]}],
        backend_http_settings=[{"name": "api", "probe_name": "api"}],
        probe=[{"name": "api"}],
    )
    healthy = {"servers": [{"health": "Unhealthy"}, {"health": "Healthy"}]}
    account.add(
        "azurerm_application_gateway_backend_health",
        "agw-tripgen-prod",
        application_gateway_id=wanted,
        backend_address_pools=[{"backend_http_settings_collection": [healthy]}],
    )


def _database(account: Account) -> str:
    server = account.add(
        "azurerm_postgresql_flexible_server",
        "psql-tripgen-prod",
        location=REGION,
        zone="2",
        high_availability=[{"mode": "ZoneRedundant", "standby_availability_zone": "1", "state": "Healthy"}],
        backup={"earliest_restore_date": ago(days=35)},
        system_data={"created_at": ago(days=400)},
        data_encryption={"type": "SystemManaged"},
    )
    account.add(
        "azurerm_postgresql_flexible_server_backup",
        "daily",
        server_id=server,
        backup_type="Full",
        completed_time=ago(hours=9),
    )
    return server


def _cache(account: Account) -> str:
    cache = account.add("azurerm_redis_cache", "redis-tripgen-prod", location=REGION)
    for day in range(7):
        account.add(
            "azurerm_monitor_activity_log_event",
            f"export-{day}",
            operation_name="Microsoft.Cache/redis/export/action",
            status="Succeeded",
            event_timestamp=ago(days=day, hours=1),
        )
    keep = {"base_blob": [{"delete_after_days_since_creation_greater_than": 7}]}
    account.add("azurerm_storage_management_policy", "exports", rule=[{"enabled": True, "actions": [keep]}])
    account.add("azurerm_storage_account", "sttripgenprod", encryption={"services": {"blob": {"enabled": True}}})
    return cache


def _bus(account: Account) -> str:
    return account.add("azurerm_servicebus_namespace", "sb-tripgen-prod", sku="Premium", location=REGION)


def _vault(account: Account) -> str:
    vault = account.add("azurerm_key_vault", "kv-tripgen-prod", location=REGION)
    for secret in ("openai-api-key", "jwt-signing-key", "encryption-keys"):
        attributes = {"enabled": True, "created": ago(days=30)}
        account.add("azurerm_key_vault_secret", secret, key_vault_id=vault, attributes=attributes)
    old = {"enabled": True, "created": ago(days=200)}
    account.add(
        "azurerm_key_vault_secret",
        "ssl-wildcard-cert",
        key_vault_id=vault,
        content_type="application/x-pkcs12",
        attributes=old,
    )
    names = {"subject_alternative_names": [{"dns_names": ["*.tripgen.example", "tripgen.example"]}]}
    account.add(
        "azurerm_key_vault_certificate",
        "ssl-wildcard-cert",
        key_vault_id=vault,
        certificate_policy=[{"x509_certificate_properties": [names]}],
        certificate_attribute=[{"expires": ago(days=-90)}],
    )
    account.add("azurerm_key_vault_certificate", "client-certificates", key_vault_id=vault)
    return vault


def _observation(account: Account) -> None:
    streams = ["Microsoft-Perf", "Microsoft-InsightsMetrics", "Microsoft-ContainerLogV2"]
    account.add(
        "azurerm_monitor_data_collection_rule", "containers", data_sources=[{"extension": [{"streams": streams}]}]
    )
    observed = {
        "json_log_percent": 99.8,
        "dependency_roles": list(SERVICES),
        "metric_names": [
            "trip_generation_success_rate", "user_satisfaction_score", "ai_response_time",
            "database_connection_pool", "cache_hit_ratio", "message_queue_depth",
        ],
    }  # fmt: skip
    account.add("azurerm_log_analytics_workspace", "law-tripgen-prod", observed=observed)
    weekly = {"days_of_week": ["Sunday"], "start_time": "02:00:00", "end_time": "04:00:00"}
    account.add(
        "azurerm_monitor_alert_processing_rule_suppression",
        "maintenance",
        enabled=True,
        schedule=[{"time_zone": "Korea Standard Time", "recurrence": [{"weekly": [weekly]}]}],
    )


def _money(account: Account) -> None:
    for kind in ("VirtualMachines", "PostgreSql"):
        account.add(
            "azurerm_reservation",
            kind.lower(),
            term="P1Y",
            reserved_resource_type=kind,
            provisioning_state="Succeeded",
        )
    account.add("azurerm_portal_dashboard", "tripgen")


@dataclass
class Cluster:
    """Objects of the cluster by kind and name."""

    things: Things = field(default_factory=dict)

    def add(self, version: str, kind: str, name: str, namespace: str | None = "production", **content: Any) -> None:
        """One more."""
        metadata = {"name": name, **({"namespace": namespace} if namespace else {}), **content.pop("metadata", {})}
        self.things[f"{kind}/{name}"] = {"apiVersion": version, "kind": kind, "metadata": metadata, **content}


def cluster() -> Things:
    """A healthy cluster."""
    objects = Cluster()
    add = objects.add
    add("apps/v1", "Deployment", "coredns", "kube-system", status={"availableReplicas": 2})
    add("v1", "Namespace", "kube-system", None, metadata={"labels": {"name": "kube-system"}})
    for number in (1, 2, 3):
        labels = {"agentpool": "application", "topology.kubernetes.io/zone": f"koreacentral-{number}"}
        add("v1", "Node", f"node-{number}", None, metadata={"labels": labels}, status={"conditions": READY})
    for service in SERVICES:
        _service(objects, service)
    paths = [{"path": "/api/*", "pathType": "Prefix", "backend": {"service": {"name": "trip-service"}}}]
    entry = {"ingressClassName": "azure-application-gateway", "rules": [{"http": {"paths": paths}}]}
    add("networking.k8s.io/v1", "Ingress", "api", spec=entry)
    peer = {"namespaceSelector": {"matchLabels": {"name": "kube-system"}}}
    policy = {"podSelector": {"matchLabels": {"tier": "application"}}, "ingress": [{"from": [peer]}]}
    add("networking.k8s.io/v1", "NetworkPolicy", "production-network-policy", spec=policy)
    synced = {"sync": {"status": "Synced"}, "health": {"status": "Healthy"}}
    add("argoproj.io/v1alpha1", "Application", "tripgen-prod", "argocd-system", status=synced)
    return objects.things


def _service(objects: Cluster, name: str) -> None:
    """A service with its two pods and its scaler; one of them is released blue-green."""
    labels = {"app": name, "tier": "application"}
    strategy = {"blueGreen": {"activeService": name}} if name == "trip-service" else {"canary": {}}
    template = {"metadata": {"labels": labels}, "spec": {"containers": []}}
    objects.add("argoproj.io/v1alpha1", "Rollout", name, spec={"strategy": strategy, "template": template})
    objects.add("v1", "Service", name, spec={"selector": {"app": name}})
    for number in (1, 2):
        spec = {"nodeName": f"node-{number}", "containers": []}
        status = {"conditions": READY}
        objects.add("v1", "Pod", f"{name}-{number}", metadata={"labels": labels}, spec=spec, status=status)
    target = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": name}
    active = [{"type": "AbleToScale", "status": "True"}, {"type": "ScalingActive", "status": "True"}]
    objects.add(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        f"{name}-hpa",
        spec={"scaleTargetRef": target, "maxReplicas": 10},
        status={"conditions": active},
    )


def without(things: Things, start: str) -> Things:
    """All things but those whose names begin so."""
    return {name: thing for name, thing in things.items() if not name.startswith(start)}


def changed(things: Things, name: str, path: str, value: Any) -> Things:
    """The things with one value set; `path` is written with dots, numbers are places in lists."""
    copy = deepcopy(things)
    *steps, last = (int(step) if step.isdecimal() else step for step in path.split("."))
    here: Any = copy[name]
    for step in steps:
        here = here[step]
    here[last] = value
    return copy


def inventory(account: Things, objects: Things) -> Inventory:
    """Both as what sources yield."""
    found = read_kubernetes({"cluster.yaml": [from_plain(thing) for thing in objects.values()]})
    for address, attributes in account.items():
        type_ = address.partition(".")[0]
        found.resources.append(
            Resource(
                type_,
                address,
                from_plain(attributes),
                None,
                Origin.AZURE,
                SUBSCRIPTION,
                identity={"id": attributes["id"]},
            )
        )
    return found
