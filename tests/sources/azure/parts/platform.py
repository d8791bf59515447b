"""Identities, cluster, rights and vault of TripGen."""

from __future__ import annotations

import uuid

from tests.sources.azure.parts.bodies import (
    BASE,
    GROUP,
    SERVICES,
    SERVICES_PRINCIPAL,
    TAGS,
    TENANT,
    Body,
    Subscription,
)


def identities(all_: Subscription) -> dict[str, str]:
    ids = {}
    for name, principal in {
        "tripgen-services": SERVICES_PRINCIPAL,
        "id-gateway-tripgen-prod": str(uuid.UUID(int=0xC2)),
    }.items():
        id_ = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
        properties = {"tenantId": TENANT, "principalId": principal, "clientId": str(uuid.UUID(int=0xD1))}
        ids[name] = all_.add(id_, properties)
    for service in SERVICES:
        properties = {
            "issuer": "https://koreacentral.oic.prod-aks.azure.com/a/b/",
            "subject": f"system:serviceaccount:production:{service}-sa",
            "audiences": ["api://AzureADTokenExchange"],
        }
        all_.part(ids["tripgen-services"], f"federatedIdentityCredentials/{service}", properties)
    return ids


def cluster(all_: Subscription, subnets: dict[str, str], gateway: str, workspace: str) -> str:
    shared = {
        "type": "VirtualMachineScaleSets",
        "vnetSubnetID": subnets["application"],
        "availabilityZones": ["1", "2", "3"],
        "enableAutoScaling": True,
        "count": 3,
        "minCount": 3,
        "osType": "Linux",
        "upgradeSettings": {"maxSurge": "1"},
    }
    taints = ["application-workload=true:NoSchedule"]
    properties = {
        "kubernetesVersion": "1.35",
        "currentKubernetesVersion": "1.35.1",
        "dnsPrefix": "tripgen-prod",
        "nodeResourceGroup": "rg-aks-nodes-tripgen-prod",
        "enableRBAC": True,
        "disableLocalAccounts": True,
        "agentPoolProfiles": [
            {**shared, "name": "system", "mode": "System", "vmSize": "Standard_D2s_v3", "maxCount": 5},
            {
                **shared,
                "name": "application",
                "mode": "User",
                "vmSize": "Standard_D4s_v3",
                "maxCount": 10,
                "nodeTaints": taints,
                "tags": dict(TAGS),
            },
        ],
        "apiServerAccessProfile": {"enablePrivateCluster": True},
        "oidcIssuerProfile": {"enabled": True, "issuerURL": "https://koreacentral.oic.prod-aks.azure.com/a/b/"},
        "securityProfile": {"workloadIdentity": {"enabled": True}},
        "autoUpgradeProfile": {"upgradeChannel": "patch", "nodeOSUpgradeChannel": "NodeImage"},
        "aadProfile": {"managed": True, "enableAzureRBAC": True, "tenantID": TENANT, "adminGroupObjectIDs": []},
        "networkProfile": {
            "networkPlugin": "azure",
            "networkPluginMode": "overlay",
            "networkPolicy": "azure",
            "podCidr": "10.244.0.0/16",
            "serviceCidr": "172.16.0.0/16",
            "dnsServiceIP": "172.16.0.10",
            "loadBalancerSku": "Standard",
            "outboundType": "loadBalancer",
        },
        "addonProfiles": {
            "IngressApplicationGateway": {
                "enabled": True,
                "config": {"applicationGatewayId": gateway},
                "identity": {"objectId": str(uuid.UUID(int=0xA9))},
            },
            "azureKeyvaultSecretsProvider": {
                "enabled": True,
                "config": {"enableSecretRotation": "true", "rotationPollInterval": "2m"},
            },
            "omsAgent": {
                "enabled": True,
                "config": {"logAnalyticsWorkspaceResourceID": workspace.lower(), "useAADAuth": "true"},
            },
        },
        "servicePrincipalProfile": {"clientId": "msi"},
        "identityProfile": {"kubeletidentity": {"objectId": str(uuid.UUID(int=0xA8))}},
    }
    identity = {"type": "SystemAssigned", "principalId": str(uuid.UUID(int=0xA7)), "tenantId": TENANT}
    sku = {"name": "Base", "tier": "Standard"}
    id_ = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/aks-tripgen-prod"
    all_.add(id_, properties, sku=sku, identity=identity)
    for name in ("aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"):
        weekly = {"weekly": {"intervalWeeks": 1, "dayOfWeek": "Sunday"}}
        window = {
            "schedule": weekly,
            "durationHours": 4,
            "utcOffset": "+09:00",
            "startTime": "02:00",
            "startDate": "2026-01-01",
        }
        all_.part(id_, f"maintenanceConfigurations/{name}", {"maintenanceWindow": window})
    all_.add(
        f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/crtripgenprod",
        {"adminUserEnabled": False, "publicNetworkAccess": "Enabled", "zoneRedundancy": "Enabled"},
        sku={"name": "Premium"},
    )
    return id_


def vault(all_: Subscription) -> str:
    def allowed(object_id: str, **permissions: list[str]) -> Body:
        return {"tenantId": TENANT, "objectId": object_id, "permissions": permissions}

    properties = {
        "sku": {"family": "A", "name": "premium"},
        "tenantId": TENANT,
        "enableRbacAuthorization": False,
        "enableSoftDelete": True,
        "enablePurgeProtection": True,
        "softDeleteRetentionInDays": 90,
        "publicNetworkAccess": "Disabled",
        "vaultUri": "https://kv-tripgen-prod.vault.azure.net/",
        "networkAcls": {"bypass": "AzureServices", "defaultAction": "Deny", "ipRules": [], "virtualNetworkRules": []},
        "accessPolicies": [
            allowed(SERVICES_PRINCIPAL, secrets=["get", "list"], keys=["get", "list", "decrypt", "encrypt"]),
            allowed(str(uuid.UUID(int=0xC2)), secrets=["get"], certificates=["get"]),
        ],
    }
    vault = all_.add(f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-tripgen-prod", properties)
    for name in ("openai-api-key", "jwt-signing-key"):
        dates = {"enabled": True, "created": 1793577600, "updated": 1793577600, "nbf": 1793577600, "exp": 1801353600}
        all_.part(vault, f"secrets/{name}", {"attributes": dates})
    rotated = {"type": "rotate"}, {"timeAfterCreate": "P90D"}
    notified = {"type": "notify"}, {"timeBeforeExpiry": "P30D"}
    policy = {
        "attributes": {"expiryTime": "P120D"},
        "lifetimeActions": [{"action": action, "trigger": trigger} for action, trigger in (rotated, notified)],
    }
    key = {"kty": "RSA-HSM", "keySize": 3072, "keyOps": ["decrypt", "encrypt"], "rotationPolicy": policy}
    all_.part(vault, "keys/encryption-keys", {**key, "attributes": {"enabled": True, "created": 1793577600}})
    return vault


def rights(all_: Subscription, bus: str) -> None:
    roles = {
        "Azure Service Bus Data Sender": "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39",
        "Azure Service Bus Data Receiver": "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0",
        "Network Contributor": "4d97b98b-1d4f-4787-a291-c67834d212e7",
        "AcrPull": "7f951dda-4ed3-4680-a7ca-43fe172d538d",
        "Contributor": "b24988ac-6180-42a0-ab88-20f7382dd24c",
        "Reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        "Managed Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
    }
    ids = {}
    for name, number in roles.items():
        ids[name] = f"{BASE}/providers/Microsoft.Authorization/roleDefinitions/{number}"
        all_.add(ids[name], {"roleName": name, "type": "BuiltInRole", "permissions": []}, None)
    network = f"{GROUP}/providers/Microsoft.Network"
    subnets = f"{network}/virtualNetworks/vnet-tripgen-prod/subnets"
    cluster, kubelet, ingress = (str(uuid.UUID(int=number)) for number in (0xA7, 0xA8, 0xA9))
    for scope, name, principal in (
        (bus, "Azure Service Bus Data Sender", SERVICES_PRINCIPAL),
        (bus, "Azure Service Bus Data Receiver", SERVICES_PRINCIPAL),
        (f"{subnets}/snet-application", "Network Contributor", cluster),
        (f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/crtripgenprod", "AcrPull", kubelet),
        (f"{network}/applicationGateways/agw-tripgen-prod", "Contributor", ingress),
        (GROUP, "Reader", ingress),
        (f"{subnets}/ApplicationGatewaySubnet", "Network Contributor", ingress),
        (f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-gateway-tripgen-prod",
         "Managed Identity Operator", ingress),
    ):  # fmt: skip
        assigned = {
            "roleDefinitionId": ids[name],
            "principalId": principal,
            "principalType": "ServicePrincipal",
            "scope": scope,
        }
        number = uuid.uuid5(uuid.NAMESPACE_URL, f"{name} {principal} {scope}")
        all_.add(f"{scope}/providers/Microsoft.Authorization/roleAssignments/{number}", assigned, None)
