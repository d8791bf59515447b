"""Bodies of the Resource Manager by id, in the shape of Azure's examples.

Ids are spelled as the services spell them, which is not always alike.
"""

from __future__ import annotations

from typing import Any

Body = dict[str, Any]

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
TENANT = "00000000-0000-0000-0000-00000000000a"
SERVICES_PRINCIPAL = "00000000-0000-0000-0000-0000000000c1"
BASE = f"/subscriptions/{SUBSCRIPTION}"
GROUP = f"{BASE}/resourceGroups/rg-tripgen-prod"
RECOVERY = f"{BASE}/resourceGroups/rg-tripgen-prod-dr"
PLACE = "koreacentral"
SECOND = "koreasouth"
SERVICES = ("user-service", "location-service", "trip-service", "ai-service")
TAGS = {"Project": "tripgen", "Environment": "production", "ManagedBy": "terraform"}
CONNECTION = "DefaultEndpointsProtocol=https;AccountName=sttripgenprod;AccountKey=[key hidden]"


class Subscription:
    """Bodies by id."""

    def __init__(self) -> None:
        self.bodies: dict[str, Body] = {}

    def add(self, id_: str, properties: Any, location: str | None = PLACE, **top: Any) -> str:
        """One more; its id comes back."""
        words = id_.rpartition("/providers/")[2].split("/")
        body: Body = {"id": id_, "name": words[-1], "type": "/".join([words[0], *words[1::2]])}
        if location is not None:
            body |= {"location": location, "tags": dict(TAGS)}
        self.bodies[id_] = {**body, **top, "properties": properties}
        return id_

    def part(self, parent: str, words: str, properties: Any, **top: Any) -> str:
        """Something below a resource."""
        return self.add(f"{parent}/{words}", properties, None, **top)
