"""What somebody does to TripGen's subscription by hand, and which lines of the table must tell of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from scanner.model.drift import Meaning
from tests.drift.hand_changes import HAND, PLAIN, Line
from tests.sources.azure.parts.network import rule
from tests.sources.azure.tripgen import Body

Change = Callable[[Body], Any]


@dataclass(frozen=True)
class Azure:
    """A change of the body whose id ends so, and the lines that tell of it."""

    what: str
    end: str
    change: Change
    lines: tuple[Line, ...] = ()

    def make(self, bodies: dict[str, Body]) -> None:
        """Does it."""
        (body,) = [body for id_, body in bodies.items() if id_.endswith(self.end)]
        self.change(body)


def put(path: str, value: Any) -> Change:
    """A value put at a path of names and numbers."""

    def change(body: Body) -> None:
        *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
        holder: Any = body
        for step in way:
            holder = holder[step]
        holder[last] = value

    return change


def turned(path: str) -> Change:
    """A list the other way round."""

    def change(body: Body) -> None:
        found: Any = body
        for step in path.split("."):
            found = found[int(step) if step.isdigit() else step]
        found.reverse()

    return change


def setting(what: str, end: str, path: str, value: Any, type_: str, attribute: str, meaning: Meaning = HAND) -> Azure:
    """A property that is another one then."""
    return Azure(what, end, put(f"properties.{path}", value), (Line(meaning, type_, end, attribute),))


def harmless(what: str, end: str, change: Change) -> Azure:
    """A change that changes no meaning."""
    return Azure(what, end, change)


def opened(body: Body) -> None:
    """A rule that lets everybody in."""
    found = rule("Debug", 200, "Inbound", "Internet", "10.0.2.0/24", "22")
    body["properties"]["securityRules"].append(found)


def spoken_louder(body: Body) -> None:
    """Permissions in another case and order."""
    for policy in body["properties"]["accessPolicies"]:
        for names in policy["permissions"].values():
            names[:] = [name.upper() for name in reversed(names)]


def loud_group(body: Body) -> None:
    """References with their group in capitals."""
    for subnet in body["properties"]["subnets"]:
        if "networkSecurityGroup" in subnet["properties"]:
            found = subnet["properties"]["networkSecurityGroup"]
            found["id"] = found["id"].replace("rg-tripgen-prod", "RG-TRIPGEN-PROD")


_DATABASE: Final = "flexibleServers/psql-tripgen-prod"
_POOL: Final = "managedClusters/aks-tripgen-prod"

CHANGES: Final = (
    setting("backups for a week", _DATABASE, "backup.backupRetentionDays", 7,
            "azurerm_postgresql_flexible_server", "backup_retention_days"),
    setting("more storage", _DATABASE, "storage.storageSizeGB", 512,
            "azurerm_postgresql_flexible_server", "storage_mb"),
    setting("old TLS at the cache", "/redis-tripgen-prod", "minimumTlsVersion", "1.0",
            "azurerm_redis_cache", "minimum_tls_version"),
    setting("a smaller cache", "/redis-tripgen-prod", "sku.capacity", 1, "azurerm_redis_cache", "capacity"),
    setting("the port without TLS", "/redis-tripgen-prod", "enableNonSslPort", True,
            "azurerm_redis_cache", "non_ssl_port_enabled"),
    setting("logs for a month", "/law-tripgen-prod", "retentionInDays", 30,
            "azurerm_log_analytics_workspace", "retention_in_days"),
    setting("old TLS at the storage", "/sttripgenprod", "minimumTlsVersion", "TLS1_0",
            "azurerm_storage_account", "min_tls_version", PLAIN),
    setting("keys for the queues", "/sb-tripgen-prod", "disableLocalAuth", False,
            "azurerm_servicebus_namespace", "local_auth_enabled", PLAIN),
    setting("a vault that everybody reaches", "/kv-tripgen-prod", "publicNetworkAccess", "Enabled",
            "azurerm_key_vault", "public_network_access_enabled"),
    setting("fewer gateways", "/agw-tripgen-prod", "autoscaleConfiguration.minCapacity", 1,
            "azurerm_application_gateway", "autoscale_configuration.min_capacity"),
    setting("more nodes", _POOL, "agentPoolProfiles.1.maxCount", 20,
            "azurerm_kubernetes_cluster_node_pool", "max_count"),
    setting("local accounts", _POOL, "disableLocalAccounts", False,
            "azurerm_kubernetes_cluster", "local_account_disabled", PLAIN),
    setting("an alert off", "alert-high-cpu-usage-tripgen-prod", "enabled", False,
            "azurerm_monitor_scheduled_query_rules_alert_v2", "enabled"),
    setting("no redirect", "routes/static", "httpsRedirect", "Disabled",
            "azurerm_cdn_frontdoor_route", "https_redirect_enabled"),
    setting("a firewall that only watches", "/waf-tripgen-prod", "policySettings.mode", "Detection",
            "azurerm_web_application_firewall_policy", "policy_settings.mode"),
    Azure("a rule added", "/nsg-database-tripgen-prod", opened,
          (Line(HAND, "azurerm_network_security_group", "nsg-database-tripgen-prod", "security_rule"),)),
    Azure("a tag", "virtualNetworks/vnet-tripgen-prod", put("tags.Temp", "yes"),
          (Line(PLAIN, "azurerm_virtual_network", "vnet-tripgen-prod", 'tags["Temp"]'),)),
    Azure("another registry", "/crtripgenprod", put("sku.name", "Standard"),
          (Line(PLAIN, "azurerm_container_registry", "crtripgenprod", "sku"),)),
    harmless("a location with spaces", "/pip-agw-tripgen-prod", put("location", "Korea Central")),
    harmless("zones in another order", "/pip-agw-tripgen-prod", turned("zones")),
    harmless("rules in another order", "/nsg-aks-tripgen-prod", turned("properties.securityRules")),
    harmless("countries in another order", "/waf-tripgen-prod",
             turned("properties.customRules.1.matchConditions.0.matchValues")),
    harmless("custom rules in another order", "/waf-tripgen-prod", turned("properties.customRules")),
    harmless("permissions in another case", "/kv-tripgen-prod", spoken_louder),
    harmless("access policies in another order", "/kv-tripgen-prod", turned("properties.accessPolicies")),
    harmless("references in another case", "virtualNetworks/vnet-tripgen-prod", loud_group),
    harmless("subnets in another order", "virtualNetworks/vnet-tripgen-prod", turned("properties.subnets")),
    harmless("a default written", "/sttripgenprod", put("properties.allowSharedKeyAccess", True)),
    harmless("another default written", "/sttripgenprodexports", put("properties.publicNetworkAccess", "Enabled")),
    harmless("a patch of Kubernetes", _POOL, put("properties.currentKubernetesVersion", "1.35.4")),
    harmless("a patch of Redis", "/redis-tripgen-prod", put("properties.redisVersion", "6.2")),
    harmless("more nodes by the autoscaler", _POOL, put("properties.agentPoolProfiles.1.count", 6)),
    harmless("what a service does at the time", "/sb-tripgen-prod", put("properties.provisioningState", "Updating")),
    harmless("a tag of the portal", "/appi-tripgen-prod",
             put("tags.hidden-link:/subscriptions/x/resourceGroups/y", "Resource")),
    harmless("a query without its last line end", "/alert-pod-crash-loop-tripgen-prod",
             lambda body: body["properties"]["criteria"]["allOf"][0].update(
                 query=body["properties"]["criteria"]["allOf"][0]["query"].rstrip() + "  \n")),
)  # fmt: skip
