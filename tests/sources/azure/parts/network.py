"""Network, gateway and firewall of TripGen."""

from __future__ import annotations

import uuid
from typing import Any

from tests.sources.azure.parts.bodies import (
    GROUP,
    Body,
    Subscription,
)


def rule(
    name: str, priority: int, direction: str, source: str, target: str, port: str | list[str], **more: Any
) -> Body:
    """A security rule: several ports stand in a field of their own."""
    ports = {"destinationPortRange": port} if isinstance(port, str) else {"destinationPortRanges": port}
    properties = {
        "priority": priority,
        "direction": direction,
        "access": "Allow",
        "protocol": "TCP",
        "sourcePortRange": "*",
        "sourceAddressPrefix": source,
        "destinationAddressPrefix": target,
        "sourcePortRanges": [],
        "destinationPortRanges": [],
        "sourceAddressPrefixes": [],
        "destinationAddressPrefixes": [],
        **ports,
        **more,
    }
    return {"name": name, "properties": properties}


def network(all_: Subscription) -> dict[str, str]:
    provider = f"{GROUP}/providers/Microsoft.Network"
    gateway, application, database = "10.0.4.0/24", "10.0.1.0/24", "10.0.2.0/24"
    built_in = [rule("AllowVnetInBound", 65000, "Inbound", "VirtualNetwork", "VirtualNetwork", "*", protocol="*")]
    groups = {
        "gateway": [
            rule("HTTPS", 100, "Inbound", "AzureFrontDoor.Backend", "*", "443"),
            rule("GatewayManager", 110, "Inbound", "GatewayManager", "*", "65200-65535"),
            rule("AzureLoadBalancer", 120, "Inbound", "AzureLoadBalancer", "*", "*", protocol="*"),
        ],
        "aks": [
            rule("AppGateway", 100, "Inbound", gateway, application, ["80", "443"]),
            rule("AppGatewayPods", 110, "Inbound", gateway, application, "8080"),
            rule("Database", 100, "Outbound", application, database, "5432"),
            rule("Cache", 110, "Outbound", application, "10.0.3.0/24", ["6380", "15000-15005"]),
        ],
        "database": [
            rule("Application", 100, "Inbound", application, database, "5432"),
            rule("DenyOthers", 4096, "Inbound", "*", "*", "*", access="Deny", protocol="*"),
        ],
    }
    ids = {}
    for name, rules in groups.items():
        properties = {"securityRules": rules, "defaultSecurityRules": built_in}
        ids[name] = all_.add(f"{provider}/networkSecurityGroups/nsg-{name}-tripgen-prod", properties)
    network = f"{provider}/virtualNetworks/vnet-tripgen-prod"
    subnets = {
        "application": ("snet-application", application, ids["aks"]),
        "database": ("snet-database", database, ids["database"]),
        "cache": ("snet-cache", "10.0.3.0/24", None),
        "gateway": ("ApplicationGatewaySubnet", gateway, ids["gateway"].replace("resourceGroups", "resourcegroups")),
    }
    content = []
    for name, (full, prefix, group) in subnets.items():
        guarded = {"networkSecurityGroup": {"id": group}} if group else {}
        policies = {"privateEndpointNetworkPolicies": "Disabled" if name == "gateway" else "Enabled"}
        written = {"addressPrefix": prefix} if name == "cache" else {"addressPrefixes": [prefix]}
        properties = {**written, **guarded, **policies, "delegations": []}
        if name == "application":
            properties["serviceEndpoints"] = [{"service": "Microsoft.ContainerRegistry", "locations": ["*"]}]
        content.append({"id": f"{network}/subnets/{full}", "name": full, "properties": properties})
    all_.add(network, {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": content})
    return {name: f"{network}/subnets/{full}" for name, (full, _, _) in subnets.items()}


def gateway(all_: Subscription, subnets: dict[str, str], identities: dict[str, str]) -> str:
    provider = f"{GROUP}/providers/Microsoft.Network"
    address = all_.add(
        f"{provider}/publicIPAddresses/pip-agw-tripgen-prod",
        {
            "publicIPAllocationMethod": "Static",
            "publicIPAddressVersion": "IPv4",
            "ipAddress": "20.30.40.50",
            "dnsSettings": {"domainNameLabel": "tripgen-prod"},
        },
        sku={"name": "Standard", "tier": "Regional"},
        zones=["1", "2", "3"],
    )
    firewall = all_.add(f"{provider}/ApplicationGatewayWebApplicationFirewallPolicies/waf-tripgen-prod", _firewall())
    id_ = f"{provider}/applicationGateways/agw-tripgen-prod"

    def own(kind: str, name: str) -> Body:
        return {"id": f"{id_}/{kind}/{name}"}

    def parts(kind: str, content: dict[str, Body]) -> list[Body]:
        return [{"name": name, **own(kind, name), "properties": properties} for name, properties in content.items()]

    path_rules = {
        "api": {
            "paths": ["/api/*"],
            "backendAddressPool": own("backendAddressPools", "aks-backend"),
            "backendHttpSettings": own("backendHttpSettingsCollection", "api"),
        }
    }
    properties = {
        "sku": {"name": "WAF_v2", "tier": "WAF_v2", "family": "Generation_1"},
        "autoscaleConfiguration": {"minCapacity": 2, "maxCapacity": 10},
        "enableHttp2": True,
        "firewallPolicy": {"id": firewall},
        "sslPolicy": {"policyType": "Predefined", "policyName": "AppGwSslPolicy20220101"},
        "gatewayIPConfigurations": parts(
            "gatewayIPConfigurations", {"gateway": {"subnet": {"id": subnets["gateway"]}}}
        ),
        "frontendIPConfigurations": parts(
            "frontendIPConfigurations",
            {
                "public": {"privateIPAllocationMethod": "Dynamic", "publicIPAddress": {"id": address}},
                "private": {
                    "privateIPAllocationMethod": "Static",
                    "privateIPAddress": "10.0.4.10",
                    "subnet": {"id": subnets["gateway"]},
                },
            },
        ),
        "frontendPorts": parts("frontendPorts", {"https": {"port": 443}}),
        "sslCertificates": parts(
            "sslCertificates",
            {
                "ssl-wildcard-cert": {
                    "keyVaultSecretId": "https://kv-tripgen-prod.vault.azure.net/secrets/ssl-wildcard-cert"
                }
            },
        ),
        "backendAddressPools": parts(
            "backendAddressPools", {"aks-backend": {"backendAddresses": [{"ipAddress": "10.0.1.7"}]}}
        ),
        "backendHttpSettingsCollection": parts(
            "backendHttpSettingsCollection",
            {
                "api": {
                    "port": 8080,
                    "protocol": "Http",
                    "cookieBasedAffinity": "Disabled",
                    "requestTimeout": 60,
                    "probe": own("probes", "api"),
                }
            },
        ),
        "probes": parts(
            "probes",
            {
                "api": {
                    "protocol": "Http",
                    "host": "api.tripgen.example",
                    "path": "/actuator/health/readiness",
                    "interval": 30,
                    "timeout": 10,
                    "unhealthyThreshold": 3,
                    "match": {"statusCodes": ["200-399"]},
                }
            },
        ),
        "httpListeners": parts(
            "httpListeners",
            {
                "https-listener": {
                    "frontendIPConfiguration": own("frontendIPConfigurations", "public"),
                    "frontendPort": own("frontendPorts", "https"),
                    "protocol": "Https",
                    "sslCertificate": own("sslCertificates", "ssl-wildcard-cert"),
                    "hostNames": [],
                }
            },
        ),
        "requestRoutingRules": parts(
            "requestRoutingRules",
            {
                "api-routing": {
                    "ruleType": "PathBasedRouting",
                    "priority": 100,
                    "httpListener": own("httpListeners", "https-listener"),
                    "urlPathMap": own("urlPathMaps", "api"),
                }
            },
        ),
        "urlPathMaps": parts(
            "urlPathMaps",
            {
                "api": {
                    "defaultBackendAddressPool": own("backendAddressPools", "aks-backend"),
                    "defaultBackendHttpSettings": own("backendHttpSettingsCollection", "api"),
                    "pathRules": parts("urlPathMaps/api/pathRules", path_rules),
                }
            },
        ),
        "redirectConfigurations": [],
    }
    user = {"type": "UserAssigned", "userAssignedIdentities": {identities["id-gateway-tripgen-prod"]: {}}}
    return all_.add(id_, properties, zones=["1", "2", "3"], identity=user)


def _firewall() -> Body:
    def condition(variable: str, operator: str, values: list[str], negated: bool = False, **more: str) -> list[Body]:
        matched = {"matchVariables": [{"variableName": variable, **more}], "operator": operator, "matchValues": values}
        return [{**matched, "negationConditon": negated, "transforms": []}]

    quieter = {
        "ruleGroupName": "REQUEST-942-APPLICATION-ATTACK-SQLI",
        "rules": [{"ruleId": "942430", "state": "Enabled", "action": "Log"}],
    }
    return {
        "policySettings": {
            "state": "Enabled",
            "mode": "Prevention",
            "requestBodyCheck": True,
            "maxRequestBodySizeInKb": 128,
            "fileUploadLimitInMb": 20,
        },
        "managedRules": {
            "managedRuleSets": [
                {"ruleSetType": "OWASP", "ruleSetVersion": "3.2", "ruleGroupOverrides": [quieter]},
                {"ruleSetType": "Microsoft_BotManagerRuleSet", "ruleSetVersion": "1.1", "ruleGroupOverrides": []},
            ],
            "exclusions": [],
        },
        "customRules": [
            {
                "name": "RateLimiting",
                "priority": 10,
                "ruleType": "RateLimitRule",
                "action": "Block",
                "state": "Enabled",
                "rateLimitDuration": "OneMin",
                "rateLimitThreshold": 100,
                "groupByUserSession": [{"groupByVariables": [{"variableName": "ClientAddrXFFHeader"}]}],
                "matchConditions": condition("RequestUri", "BeginsWith", ["/"]),
            },
            {
                "name": "GeoBlocking",
                "priority": 20,
                "ruleType": "MatchRule",
                "action": "Block",
                "state": "Enabled",
                "matchConditions": condition("RemoteAddr", "GeoMatch", ["CN", "RU"]),
            },
            {
                "name": "OnlyFrontDoor",
                "priority": 30,
                "ruleType": "MatchRule",
                "action": "Block",
                "state": "Enabled",
                "matchConditions": condition(
                    "RequestHeaders", "Equal", [str(uuid.UUID(int=0xFD))], True, selector="X-Azure-FDID"
                ),
            },
        ],
    }


def endpoints(all_: Subscription, targets: dict[str, tuple[str, str, str, str]], subnets: dict[str, str]) -> None:
    provider = f"{GROUP}/providers/Microsoft.Network"
    network = subnets["cache"].partition("/subnets/")[0]
    for name, (target, kind, where, suffix) in targets.items():
        zone = f"{provider}/privateDnsZones/privatelink.{suffix}"
        approved = {"status": "Approved", "description": "", "actionsRequired": "None"}
        connection = {"privateLinkServiceId": target, "groupIds": [kind], "privateLinkServiceConnectionState": approved}
        endpoint = all_.add(
            f"{provider}/privateEndpoints/pe-{target.rpartition('/')[2]}",
            {
                "provisioningState": "Succeeded",
                "subnet": {"id": subnets[where]},
                "privateLinkServiceConnections": [{"name": target.rpartition("/")[2], "properties": connection}],
                "manualPrivateLinkServiceConnections": [],
            },
        )
        configs = [{"name": "zone", "properties": {"privateDnsZoneId": zone}}]
        group = {"psql": "postgres", "redi": "redis", "sb": "servicebus", "kv": "vault"}[name[:4].rstrip("-")]
        all_.part(endpoint, f"privateDnsZoneGroups/{group}", {"privateDnsZoneConfigs": configs})
        all_.add(zone, {"numberOfRecordSets": 2}, "global")
        link = {"virtualNetwork": {"id": network}, "registrationEnabled": False, "virtualNetworkLinkState": "Completed"}
        all_.add(f"{zone}/virtualNetworkLinks/vnet-tripgen-prod", link, "global")
        record = {"ttl": 10, "fqdn": f"{name}.privatelink.{suffix}.", "aRecords": [{"ipv4Address": "10.0.2.5"}]}
        all_.part(zone, f"A/{name}", record)
