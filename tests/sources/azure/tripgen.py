"""A subscription with TripGen in it, as the Resource Manager tells it."""

from __future__ import annotations

from tests.sources.azure.parts.bodies import (
    BASE,
    GROUP,
    PLACE,
    RECOVERY,
    SECOND,
    SUBSCRIPTION,
    TENANT,
    Body,
    Subscription,
)
from tests.sources.azure.parts.data import bus, cache, database, storage
from tests.sources.azure.parts.edge import edge
from tests.sources.azure.parts.network import endpoints, gateway, network
from tests.sources.azure.parts.platform import cluster, identities, rights, vault
from tests.sources.azure.parts.watch import audit, observation, rules

__all__ = ["BASE", "SUBSCRIPTION", "TENANT", "Body", "tripgen"]


def tripgen() -> Subscription:
    """Everything as the document wants it."""
    all_ = Subscription()
    for group in (GROUP, RECOVERY):
        name = group.rpartition("/")[2]
        top = {"name": name, "type": "Microsoft.Resources/resourceGroups"}
        all_.add(group, {"provisioningState": "Succeeded"}, SECOND if name.endswith("dr") else PLACE, **top)
    subnets = network(all_)
    workspace = observation(all_)
    persons = identities(all_)
    entry = gateway(all_, subnets, persons)
    edge(all_)
    kubernetes = cluster(all_, subnets, entry, workspace)
    servers = database(all_)
    targets = {
        "psql": (servers[0], "postgresqlServer", "database", "postgres.database.azure.com"),
        "psql-read": (servers[1], "postgresqlServer", "database", "postgres.database.azure.com"),
        "psql-recovery": (servers[2], "postgresqlServer", "database", "postgres.database.azure.com"),
        "redis": (cache(all_), "redisCache", "cache", "redis.cache.windows.net"),
        "sb": (bus(all_), "namespace", "application", "servicebus.windows.net"),
        "kv": (vault(all_), "vault", "application", "vaultcore.azure.net"),
    }
    endpoints(all_, targets, subnets)
    rights(all_, targets["sb"][0])
    rules(all_, workspace, kubernetes)
    audit(
        all_, workspace, {"kube-audit-admin": kubernetes, "AuditEvent": targets["kv"][0], "PostgreSQLLogs": servers[0]}
    )
    storage(all_)
    return all_
