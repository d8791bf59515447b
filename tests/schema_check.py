"""Checks Terraform resources against the recorded schemas, where the provider itself is not at hand.

What `terraform validate` would say of names and kinds: attributes and blocks that the provider does not have or only
sets itself, required ones that are missing, too many blocks, known values of another type, expressions that are wrong,
and references to what is not declared or not exported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from scanner.facts import load_facts
from scanner.model.inventory import Inventory
from scanner.model.resource_type import Attribute, Block
from scanner.model.value import Reason, Reference, SetItems, Unknown, Value

META = frozenset({"lifecycle", "depends_on", "provider", "timeouts"})


def problems(inventory: Inventory, major: int) -> list[str]:
    """Everything wrong with the resources of an inventory whose schemas are known, for a provider's major version."""
    out: list[str] = []
    types = {resource.address.partition("[")[0]: resource.type for resource in inventory.resources}
    for resource in inventory.resources:
        schema = load_facts().schema(resource.type)
        if schema is not None:
            out += [f"{resource.address}: {text}" for text in _block(resource.attributes, schema, "", major)]
            out += [f"{resource.address}: {text}" for text in sorted(set(_expressions(resource.attributes, types)))]
        elif resource.type.removeprefix("data.").startswith(("azurerm_", "azuread_")):
            out.append(f"{resource.address}: there is no such type")
    return out


def _block(value: Value, schema: Block, prefix: str, major: int) -> Iterator[str]:
    written = value.raw
    if not isinstance(written, Mapping):
        return
    names = {name for name, item in written.items() if not item.is_absent}
    for name in sorted(names - (META if not prefix else set())):
        path = prefix + name
        attribute, block = schema.attributes.get(name), schema.blocks.get(name)
        if attribute is not None:
            yield from _attribute(written[name], attribute, path, major)
        elif block is not None:
            yield from _blocks(written[name], block, path, major)
        else:
            yield f"there is no {path}"
    for name, attribute in schema.attributes.items():
        if attribute.required and name not in names:
            yield f"{prefix}{name} is required"
    for name, block in schema.blocks.items():
        if block.min_items and name not in names and not block.until:
            yield f"a block {prefix}{name} is required"


def _blocks(value: Value, block: Block, path: str, major: int) -> Iterator[str]:
    if value.is_unknown:
        return
    if block.until and block.until <= major:
        yield f"{path} is gone since version {block.until}"
    items = value.raw if isinstance(value.raw, (list, tuple, SetItems)) else [value]
    if block.max_items and len(items) > block.max_items:
        yield f"{path} may occur {block.max_items} times at most"
    for item in items:
        yield from _block(item, block, path + ".", major)


def _attribute(value: Value, attribute: Attribute, path: str, major: int) -> Iterator[str]:
    if attribute.computed and not attribute.optional and not attribute.required:
        yield f"{path} is set by the provider"
    if attribute.until and attribute.until <= major:
        yield f"{path} is gone since version {attribute.until}"
    if not value.is_unknown and not _fits(value, attribute.type):
        yield f"{path} is no {attribute.type}"


def _fits(value: Value, type_: str) -> bool:
    raw = value.raw
    if value.is_unknown or value.is_absent or type_ in ("any", "dynamic"):
        return True
    if type_ == "bool":
        return isinstance(raw, bool) or raw in ("true", "false")
    if type_ == "number":
        return isinstance(raw, (int, Decimal)) or (isinstance(raw, str) and raw.replace(".", "", 1).isdigit())
    if type_ == "string":
        return isinstance(raw, (str, int, Decimal))
    if type_.startswith(("list(", "set(")):
        inner = type_.partition("(")[2][:-1]
        return isinstance(raw, (list, tuple, SetItems)) and all(_fits(item, inner) for item in raw)
    return isinstance(raw, Mapping) or type_.startswith("tuple(")


def _expressions(value: Value, types: Mapping[str, str]) -> Iterator[str]:
    raw = value.raw
    if isinstance(raw, Unknown) and raw.reason in (Reason.ERROR, Reason.UNSUPPORTED):
        yield raw.detail
    for reference in value.refs:
        yield from _reference(reference, types)
    items = raw.values() if isinstance(raw, Mapping) else raw if isinstance(raw, (list, tuple)) else ()
    for item in items:
        yield from _expressions(item, types)


def _reference(reference: Reference, types: Mapping[str, str]) -> Iterator[str]:
    type_ = types.get(reference.address.partition("[")[0])
    schema = load_facts().schema(type_) if type_ else None
    name = reference.attribute.partition(".")[0].partition("[")[0]
    if type_ is None:
        yield f"{reference.address} is not declared"
    elif schema is not None and name and name not in schema.attributes and name not in schema.blocks:
        yield f"{reference.address} has no {name}"
