"""Prefix lists: networks where code lists their entries, names where only AWS knows them."""

from __future__ import annotations

from typing import Final

from scanner.model.inventory import Inventory
from scanner.model.resource import Resource
from scanner.model.value import Value
from scanner.network.peers import ANY, NOBODY, Kind, Name, Peers, any_of, cidr
from scanner.network.reading import Index, Read, hidden_by, item, items, linked_peer, settled, text, undecided, unset

_LIST: Final = "aws_ec2_managed_prefix_list"
_ENTRY: Final = "aws_ec2_managed_prefix_list_entry"
_LOOKED_UP: Final = ("data.aws_ec2_managed_prefix_list", "data.aws_prefix_list")


class PrefixLists:
    """The prefix lists of an inventory."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._lists = Index(inventory, (_LIST,), ("id", "name"))
        self._looked_up = Index(inventory, _LOOKED_UP, ("id", "prefix_list_id"))
        self._entries: dict[int, list[Resource]] | None = None
        self._peers: dict[int, Peers | None] = {}

    def peer(self, value: Value, root: str) -> Read:
        """The peers of a value that names a prefix list.

        A list whose entries are in code is its networks. One that AWS keeps is known by its name or id.
        """
        found = self._lists.find(value, root)
        if found and len(found) == 1:
            peers = self._networks(found[0])
            if peers is not None:
                return peers, None
        looked_up = self._looked_up.find(value, root) if value.refs else None
        if looked_up and len(looked_up) == 1 and settled(value):
            name = text(item(looked_up[0].attributes, "name"))
            if name is not None:
                return Peers(names=frozenset([Name(Kind.PREFIX_LIST, name)])), None
        peers, reason = linked_peer(self._lists, Kind.PREFIX_LIST, value, root)
        return (peers, None) if reason is None else (Peers(ANY.addresses) | any_of(Kind.PREFIX_LIST), reason)

    def _networks(self, resource: Resource) -> Peers | None:
        """The networks of a list; None where they are not all known."""
        if id(resource) not in self._peers:
            self._peers[id(resource)] = self._read(resource)
        return self._peers[id(resource)]

    def _read(self, resource: Resource) -> Peers | None:
        entries = self._entries_of(resource)
        inline = item(resource.attributes, "entry")
        if entries is None or (unset(inline) and not entries):
            return None
        peers = NOBODY
        for block in [*([] if unset(inline) else items(inline)), *(entry.attributes for entry in entries)]:
            written = text(item(block, "cidr"))
            networks = cidr(written) if written else None
            if networks is None:
                return None
            peers |= networks
        return peers

    def _entries_of(self, resource: Resource) -> list[Resource] | None:
        """The entry resources of a list; None where it is not known whether these are all."""
        if self._entries is None:
            self._entries = self._link()
        if hidden_by(self._inventory, [_ENTRY]) or -1 in self._entries:
            return None
        found = self._entries.get(id(resource), [])
        return None if any(undecided(entry) for entry in found) else found

    def _link(self) -> dict[int, list[Resource]]:
        links: dict[int, list[Resource]] = {}
        for entry in self._inventory.of_type(_ENTRY):
            found = self._lists.find(item(entry.attributes, "prefix_list_id"), entry.root)
            for target in [-1] if found is None else [id(resource) for resource in found]:
                links.setdefault(target, []).append(entry)
        return links
