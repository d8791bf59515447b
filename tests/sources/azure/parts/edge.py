"""Front Door of TripGen."""

from __future__ import annotations

import uuid

from tests.sources.azure.parts.bodies import (
    GROUP,
    TAGS,
    Subscription,
)


def edge(all_: Subscription) -> None:
    provider = f"{GROUP}/providers/Microsoft.Cdn"
    profile = all_.add(
        f"{provider}/profiles/afd-tripgen-prod",
        {"frontDoorId": str(uuid.UUID(int=0xFD)), "originResponseTimeoutSeconds": 60},
        "Global",
        sku={"name": "Premium_AzureFrontDoor"},
    )
    zone = f"{GROUP}/providers/Microsoft.Network/dnsZones/tripgen.example"
    gateway = f"{GROUP}/providers/Microsoft.Network/publicIPAddresses/pip-agw-tripgen-prod"
    all_.add(zone, {"zoneType": "Public"}, "global")
    record = {"TTL": 300, "fqdn": "origin.tripgen.example.", "targetResource": {"id": gateway}, "metadata": dict(TAGS)}
    all_.part(zone, "A/origin", record)
    endpoint = all_.add(
        f"{profile}/afdEndpoints/tripgen-prod", {"enabledState": "Enabled", "hostName": "t.azurefd.net"}, "Global"
    )
    domain = all_.part(
        profile,
        "customDomains/api",
        {
            "hostName": "api.tripgen.example",
            "tlsSettings": {"certificateType": "ManagedCertificate", "minimumTlsVersion": "TLS12"},
        },
    )
    group = all_.part(
        profile,
        "originGroups/gateways",
        {
            "healthProbeSettings": {
                "probeProtocol": "Https",
                "probePath": "/api/health",
                "probeRequestType": "HEAD",
                "probeIntervalInSeconds": 30,
            },
            "loadBalancingSettings": {
                "sampleSize": 4,
                "successfulSamplesRequired": 3,
                "additionalLatencyInMilliseconds": 50,
            },
            "sessionAffinityState": "Enabled",
        },
    )
    all_.part(
        group,
        "origins/gateway-koreacentral",
        {
            "hostName": "origin.tripgen.example",
            "originHostHeader": "api.tripgen.example",
            "httpPort": 80,
            "httpsPort": 443,
            "priority": 1,
            "weight": 1000,
            "enabledState": "Enabled",
            "enforceCertificateNameCheck": True,
        },
    )
    compressed = {
        "isCompressionEnabled": True,
        "contentTypesToCompress": ["text/css", "text/javascript", "application/json", "image/svg+xml"],
    }
    cached = {"queryStringCachingBehavior": "IgnoreQueryString", "compressionSettings": compressed}
    for name, cache in {"api": None, "static": cached}.items():
        properties = {
            "originGroup": {"id": group},
            "customDomains": [{"id": domain, "isActive": True}],
            "patternsToMatch": [f"/{name}/*"],
            "supportedProtocols": ["Http", "Https"],
            "httpsRedirect": "Enabled",
            "forwardingProtocol": "HttpsOnly",
            "linkToDefaultDomain": "Disabled",
            "enabledState": "Enabled",
            "cacheConfiguration": cache,
            "ruleSets": [],
        }
        all_.part(endpoint, f"routes/{name}", properties)
    geo = {"matchVariable": "RemoteAddr", "operator": "GeoMatch", "negateCondition": False, "matchValue": ["CN", "RU"]}
    firewall = all_.add(
        f"{GROUP}/providers/Microsoft.Network/FrontDoorWebApplicationFirewallPolicies/wafafdtripgenprod",
        {
            "policySettings": {"enabledState": "Enabled", "mode": "Prevention", "requestBodyCheck": "Enabled"},
            "customRules": {
                "rules": [
                    {
                        "name": "GeoBlocking",
                        "enabledState": "Enabled",
                        "priority": 10,
                        "ruleType": "MatchRule",
                        "action": "Block",
                        "matchConditions": [geo],
                    }
                ]
            },
            "managedRules": {
                "managedRuleSets": [
                    {"ruleSetType": "Microsoft_DefaultRuleSet", "ruleSetVersion": "2.1", "ruleSetAction": "Block"}
                ]
            },
        },
        "Global",
        sku={"name": "Premium_AzureFrontDoor"},
    )
    reached = [
        {"patternsToMatch": ["/*"], "domains": [{"id": endpoint, "isActive": True}, {"id": domain, "isActive": True}]}
    ]
    all_.part(
        profile,
        "securityPolicies/waf",
        {
            "parameters": {
                "type": "WebApplicationFirewall",
                "wafPolicy": {"id": firewall.replace("resourceGroups", "resourcegroups")},
                "associations": reached,
            }
        },
    )
