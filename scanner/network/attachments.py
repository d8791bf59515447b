"""Who wears which group: the resources whose network a group guards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from scanner.model.inventory import Inventory
from scanner.model.resource import Resource
from scanner.model.value import Value
from scanner.network.aws import GROUP_TYPES, RULE_TYPES
from scanner.network.azure import GROUP_TYPE, RULE_TYPE
from scanner.network.reading import Index, item, items, unset
from scanner.network.rules import Group

_NOT_WEARING: Final = frozenset({*GROUP_TYPES, *RULE_TYPES, GROUP_TYPE, RULE_TYPE})
_DIRECT: Final = (
    "vpc_security_group_ids", "security_groups", "security_group_ids", "security_group_id",
    "network_security_group_id", "source_security_group_ids",
)  # fmt: skip
_NESTED: Final = (
    "network_configuration", "vpc_config", "vpc_options", "network_interfaces", "vpc_configuration",
    "network_interface", "vpc_connector_config", "broker_node_group_info", "cluster_config", "vpc_settings", "vpc",
    "ec2_attributes", "aws_vpc_configuration", "awsvpc_configuration", "remote_access",
)  # fmt: skip


@dataclass
class Attachments:
    """The wearers of every group (by id of its resource), and whether some wearer may wear anything."""

    wearers: dict[int, list[Resource]] = field(default_factory=dict)
    unsure: bool = False

    def of(self, group: Group) -> list[Resource]:
        """The resources that certainly wear a group."""
        return self.wearers.get(id(group.resource), [])


def attachments(inventory: Inventory) -> Attachments:
    """Finds the wearers of all security groups and NSGs of an inventory."""
    index = Index(inventory, (*GROUP_TYPES, GROUP_TYPE), ("id", "name"))
    found = Attachments()
    if not any(True for _ in index.resources()):
        return found
    for resource in inventory.resources:
        if resource.type in _NOT_WEARING or resource.type.startswith(("data.", "provider.", "terraform.")):
            continue
        for value in _worn(resource.attributes):
            groups = index.find(value, resource.root)
            found.unsure |= groups is None
            for group in groups or ():
                found.wearers.setdefault(id(group), []).append(resource)
    return found


def _worn(attributes: Value) -> Iterator[Value]:
    raw = attributes.raw
    if not isinstance(raw, Mapping):
        return
    for key in _DIRECT:
        if key in raw:
            yield from _ids(item(attributes, key))
    for key in _NESTED:
        if key in raw:
            for block in items(item(attributes, key)):
                if isinstance(block.raw, Mapping):
                    yield from _worn(block)


def _ids(value: Value) -> Iterator[Value]:
    """The single ids in a list of them; what only the provider fills in names no group of ours."""
    if not unset(value):
        yield from (element for element in items(value) if not element.is_absent)
