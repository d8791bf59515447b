"""Every map delivers what the provider knows, reads only, and says what it leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from scanner.facts import load_facts
from scanner.model.resource_type import Block
from scanner.sources.azure.expressions import expression
from scanner.sources.azure.ids import canonical
from scanner.sources.azure.maps import ResourceMap, all_reads, known_types, walk
from scanner.sources.azure.permissions import permissions, read_types, unread_types
from scanner.sources.mapping import ExpressionError, Field, NestedBlock
from tools import azure_unread

LIVE_ONLY = {
    "azurerm_postgresql_flexible_server": {
        "state",
        "backup",
        "system_data",
        "data_encryption",
        "high_availability.state",
    },
    "azurerm_postgresql_flexible_server_backup": {"backup_type"},
    "azurerm_key_vault_secret": {"attributes"},
    "azurerm_private_endpoint": {
        "provisioning_state",
        "private_service_connection.private_link_service_connection_state",
    },
    "azurerm_storage_account": {"encryption"},
}
"""What only a running system tells, and live requirements ask for."""
COMMON = {"id", "name", "location", "tags", "resource_group_name"}


def unknown_names(type_: str, block: Block, fields: Mapping[str, Field], path: str = "") -> Iterator[str]:
    for name, field in fields.items():
        full = f"{path}.{name}" if path else name
        if isinstance(field, NestedBlock) and name in block.blocks:
            yield from unknown_names(type_, block.blocks[name], field.fields, full)
        elif name not in block.attributes and name not in block.blocks:
            yield full


@pytest.mark.parametrize("made", list(azure_unread.every_map()), ids=lambda made: made.type)
def test_attributes_are_those_of_the_provider(made: ResourceMap) -> None:
    schema = load_facts().schema(made.type)
    assert schema is not None
    unknown = set(unknown_names(made.type, schema, made.attributes)) - COMMON
    assert unknown - LIVE_ONLY.get(made.type, set()) == set()


def test_the_list_of_what_is_not_read_is_up_to_date() -> None:
    assert azure_unread.TARGET.read_text("utf-8") == azure_unread.table(), "run python tools/azure_unread.py"


def test_every_path_has_a_version() -> None:
    paths = [path for read in walk(all_reads()) for path in (read.path, *read.details.values())]
    assert [path.text for path in paths if not path.api[:4].isdecimal() or path.api[4] != "-"] == []


def test_permissions_are_reads() -> None:
    assert [action for action in permissions() if not action.endswith("/read")] == []
    assert permissions({"azurerm_role_assignment"}) == [
        "Microsoft.Authorization/roleAssignments/read",
        "Microsoft.Authorization/roleDefinitions/read",
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.Resources/subscriptions/read",
        "Microsoft.Resources/subscriptions/resources/read",
    ]
    assert "Microsoft.ServiceBus/namespaces/networkRuleSets/read" in permissions({"azurerm_servicebus_namespace"})


def test_types_may_be_patterns() -> None:
    assert read_types(["azurerm_subnet*", "aws_vpc"]) == {
        "azurerm_subnet",
        "azurerm_subnet_nat_gateway_association",
        "azurerm_subnet_network_security_group_association",
        "azurerm_subnet_route_table_association",
    }
    assert read_types(["azurerm_*"]) == read_types(None) == known_types()


def test_what_cannot_be_read_has_its_reason() -> None:
    wanted = {"azurerm_key_vault_certificate", "azuread_application", "azurerm_batch_pool", "azurerm_*", "aws_vpc"}
    found = unread_types(wanted | {"azurerm_subnet", "azurerm_network_security_rule", "data.azurerm_subscription"})
    assert found == {
        "azuread_application": "Entra ID tells it, not the Resource Manager",
        "azurerm_batch_pool": "no path is known for it",
        "azurerm_key_vault_certificate": "the vault itself tells it, not the Resource Manager",
    }


def test_details_are_read_only_where_they_are_needed() -> None:
    by_path = {read.path.text: read for read in all_reads()}
    vaults = by_path["vaults"].wanted(frozenset({"azurerm_key_vault"}))
    assert vaults is not None
    assert vaults.then == ()
    assert by_path["vaults"].wanted(frozenset({"azurerm_subnet"})) is None


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (
            "/subscriptions/AB/resourcegroups/RG-One/providers/microsoft.cache/Redis/My-Cache",
            "/subscriptions/ab/resourceGroups/rg-one/providers/Microsoft.Cache/redis/my-cache",
        ),
        ("/SUBSCRIPTIONS/ab", "/subscriptions/ab"),
        ("https://example.com/subscriptions/AB", "https://example.com/subscriptions/AB"),
        ("Subnet-One", "Subnet-One"),
    ],
)
def test_ids_have_one_spelling(text: str, same: str) -> None:
    assert canonical(text) == same
    assert canonical(same) == same


@pytest.mark.parametrize(
    ("text", "data", "expected"),
    [
        ("switch(a)", {"a": "Enabled"}, True),
        ("switch(a)", {"a": "SecuredByPerimeter"}, "SecuredByPerimeter"),
        ("otherwise(a, `true`)", {"a": False}, False),
        ("otherwise(a, `true`)", {}, True),
        ("or_one(a, b)", {"a": "10.0.0.0/24"}, ["10.0.0.0/24"]),
        ("or_one(a, b)", {"a": "x", "b": ["y", "z"]}, ["y", "z"]),
        ("place(a)", {"a": "Korea Central"}, "koreacentral"),
        ("segment(a, 'resourceGroups')", {"a": "/subscriptions/s/resourcegroups/g/x"}, "g"),
        ("entry(a, 'omsagent').b", {"a": {"omsAgent": {"b": 1}}}, 1),
        ("identity_block(a)", {"a": {"type": "None"}}, []),
        ("moment(a)", {"a": 0}, "1970-01-01T00:00:00Z"),
        ("account_named(a)", {"a": "X=1;AccountName=st1;AccountKey=k"}, "st1"),
        ("without_keys(a)", {"a": "https://x.example/hook?sig=k"}, "https://x.example/(sensitive)"),
        ("number(a)", {"a": "60"}, 60),
        ("before(a, '/PROVIDERS/X')", {"a": "/id/providers/x/y"}, "/id"),
    ],
)
def test_functions(text: str, data: dict[str, object], expected: object) -> None:
    assert expression(text).of(data) == expected


def test_another_shape_is_an_error() -> None:
    with pytest.raises(ExpressionError):
        expression("place(a)").of({"a": 1})
