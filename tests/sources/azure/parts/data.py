"""Database, cache, queues and storage of TripGen."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from tests.sources.azure.parts.bodies import (
    CONNECTION,
    GROUP,
    PLACE,
    RECOVERY,
    SECOND,
    SERVICES_PRINCIPAL,
    TENANT,
    Body,
    Subscription,
)


def database(all_: Subscription) -> list[str]:
    provider = "providers/Microsoft.DBforPostgreSQL/flexibleServers"
    shared = {
        "version": "16",
        "network": {"publicNetworkAccess": "Disabled"},
        "state": "Ready",
        "availabilityZone": "1",
        "storage": {"storageSizeGB": 256, "autoGrow": "Enabled", "tier": "P15"},
        "authConfig": {"activeDirectoryAuth": "Enabled", "passwordAuth": "Disabled", "tenantId": TENANT},
        "dataEncryption": {"type": "SystemManaged"},
    }
    sku = {"name": "Standard_D4s_v3", "tier": "GeneralPurpose"}
    own = {
        "createMode": "Default",
        "replicationRole": "Primary",
        "backup": {
            "backupRetentionDays": 35,
            "geoRedundantBackup": "Enabled",
            "earliestRestoreDate": (datetime.now(UTC) - timedelta(days=35)).isoformat(),
        },
        "highAvailability": {"mode": "ZoneRedundant", "state": "Healthy", "standbyAvailabilityZone": "2"},
        "maintenanceWindow": {"customWindow": "Enabled", "dayOfWeek": 6, "startHour": 17, "startMinute": 0},
    }
    main = all_.add(f"{GROUP}/{provider}/psql-tripgen-prod", {**shared, **own}, "Korea Central", sku=sku)
    ids = [main]
    for name, (group, place) in {"read": (GROUP, PLACE), "recovery": (RECOVERY, SECOND)}.items():
        copy = {
            **shared,
            "sourceServerResourceId": main.replace("rg-tripgen-prod", "RG-TRIPGEN-PROD"),
            "replicationRole": "AsyncReplica",
            "replica": {"role": "AsyncReplica", "replicationState": "Active"},
            "backup": {"backupRetentionDays": 7, "geoRedundantBackup": "Disabled"},
            "highAvailability": {"mode": "Disabled"},
            "maintenanceWindow": {"customWindow": "Disabled"},
            "storage": {"storageSizeGB": 256, "autoGrow": "Disabled", "tier": "P15"},
        }
        ids.append(all_.add(f"{group}/{provider}/psql-tripgen-prod-{name}", copy, place, sku=sku))
    for name, value in {"require_secure_transport": "ON", "ssl_min_protocol_version": "TLSv1.2"}.items():
        for server in ids:
            all_.part(server, f"configurations/{name}", {"value": value, "source": "user-override"})
    all_.part(
        main,
        f"administrators/{uuid.UUID(int=0xE1)}",
        {
            "principalName": "tripgen-deployment",
            "principalType": "ServicePrincipal",
            "objectId": str(uuid.UUID(int=0xE1)),
            "tenantId": TENANT,
        },
    )
    taken = {
        "backupType": "Full",
        "completedTime": (datetime.now(UTC) - timedelta(hours=9)).isoformat(),
        "source": "Automatic",
    }
    all_.part(main, "backups/last", taken)
    return ids


def cache(all_: Subscription) -> str:
    properties = {
        "sku": {"name": "Premium", "family": "P", "capacity": 2},
        "redisVersion": "6.0",
        "shardCount": 3,
        "enableNonSslPort": False,
        "minimumTlsVersion": "1.2",
        "publicNetworkAccess": "Disabled",
        "sslPort": 6380,
        "redisConfiguration": {
            "aad-enabled": "True",
            "aof-backup-enabled": "true",
            "aof-storage-connection-string-0": CONNECTION,
            "maxmemory-policy": "volatile-lru",
        },
    }
    id_ = f"{GROUP}/providers/Microsoft.Cache/Redis/redis-tripgen-prod"
    all_.add(id_, properties, "Korea Central", zones=["1", "2"])
    schedule = {"scheduleEntries": [{"dayOfWeek": "Saturday", "startHourUtc": 17, "maintenanceWindow": "PT5H"}]}
    all_.part(id_, "patchSchedules/default", schedule)
    assigned = {
        "accessPolicyName": "Data Contributor",
        "objectId": SERVICES_PRINCIPAL,
        "objectIdAlias": "tripgen-services",
    }
    all_.part(id_, "accessPolicyAssignments/tripgen-services", assigned)
    return id_


def bus(all_: Subscription) -> str:
    properties = {
        "premiumMessagingPartitions": 2,
        "minimumTlsVersion": "1.2",
        "disableLocalAuth": True,
        "publicNetworkAccess": "Disabled",
        "zoneRedundant": True,
    }
    sku = {"name": "Premium", "tier": "Premium", "capacity": 4}
    identity = {"type": "SystemAssigned", "principalId": str(uuid.UUID(int=0xB1)), "tenantId": TENANT}
    provider = "providers/Microsoft.ServiceBus/namespaces"
    main = all_.add(f"{GROUP}/{provider}/sb-tripgen-prod", properties, sku=sku, identity=identity)
    other = all_.add(f"{RECOVERY}/{provider}/sb-tripgen-prod-dr", properties, SECOND, sku=sku, identity=identity)
    for one, partner, role in ((main, other, "Primary"), (other, main, "Secondary")):
        pair = {"provisioningState": "Succeeded", "partnerNamespace": partner, "role": role}
        all_.part(one, "disasterRecoveryConfigs/sb-tripgen", pair)
    never = "P10675199DT2H48M5.4775807S"
    shared = {
        "enablePartitioning": True,
        "lockDuration": "PT1M",
        "maxDeliveryCount": 10,
        "requiresSession": False,
        "requiresDuplicateDetection": False,
        "deadLetteringOnMessageExpiration": True,
        "defaultMessageTimeToLive": never,
        "autoDeleteOnIdle": never,
        "status": "Active",
    }
    queues: dict[str, Body] = {
        "ai_schedule_generation": {
            "maxSizeInMegabytes": 5120,
            "requiresDuplicateDetection": True,
            "requiresSession": True,
        },
        "location_search": {"maxSizeInMegabytes": 2048, "autoDeleteOnIdle": "P14D"},
        "notification": {"maxSizeInMegabytes": 1024, "requiresDuplicateDetection": True},
    }
    for name, own in queues.items():
        all_.part(main, f"queues/{name}", {**shared, **own})
    topic = {
        "enablePartitioning": True,
        "maxSizeInMegabytes": 1024,
        "status": "Active",
        "defaultMessageTimeToLive": never,
        "autoDeleteOnIdle": never,
    }
    events = all_.part(main, "topics/system_events", topic)
    for name in ("audit_subscription", "monitoring_subscription", "analytics_subscription"):
        all_.part(events, f"subscriptions/{name}", shared)
    return main


def storage(all_: Subscription) -> None:
    provider = f"{GROUP}/providers/Microsoft.Storage/storageAccounts"
    encrypted = {"keySource": "Microsoft.Storage", "services": {"blob": {"enabled": True}, "file": {"enabled": True}}}
    properties = {
        "minimumTlsVersion": "TLS1_2",
        "supportsHttpsTrafficOnly": True,
        "allowBlobPublicAccess": False,
        "accessTier": "Hot",
        "networkAcls": {"bypass": "AzureServices", "defaultAction": "Deny", "ipRules": [], "virtualNetworkRules": []},
        "encryption": encrypted,
    }
    all_.add(
        f"{provider}/sttripgenprod", properties, kind="StorageV2", sku={"name": "Standard_ZRS", "tier": "Standard"}
    )
    exports = all_.add(
        f"{provider}/sttripgenprodexports",
        {**properties, "allowSharedKeyAccess": False},
        kind="StorageV2",
        sku={"name": "Standard_GRS", "tier": "Standard"},
    )

    def lifecycle(name: str, prefix: str, **base: Body) -> Body:
        definition = {"filters": {"blobTypes": ["blockBlob"], "prefixMatch": [prefix]}, "actions": {"baseBlob": base}}
        return {"name": name, "enabled": True, "type": "Lifecycle", "definition": definition}

    rules = [
        lifecycle("cache-exports", "redis/", delete={"daysAfterCreationGreaterThan": 7}),
        lifecycle(
            "usage-reports",
            "reports/",
            tierToCool={"daysAfterModificationGreaterThan": 30},
            tierToArchive={"daysAfterModificationGreaterThan": 90},
            delete={"daysAfterModificationGreaterThan": 730},
        ),
    ]
    all_.part(exports, "managementPolicies/default", {"policy": {"rules": rules}})
