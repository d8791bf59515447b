"""Override files: blocks that are merged into the blocks of the same name elsewhere in a module.

Source of the rules: https://developer.hashicorp.com/terraform/language/files/override
"""

from __future__ import annotations

from scanner.sources.terraform.body import Block, Body, PlainBlock

_MERGED_INSIDE = ("lifecycle",)


def is_override(name: str) -> bool:
    """Whether a file's name makes it an override file."""
    stem = name.split(".", 1)[0]
    return stem == "override" or stem.endswith("_override")


def merged(base: Block | None, override: Block) -> Block:
    """`base` with what `override` says: attributes one by one, nested blocks of a type all together."""
    if base is None:
        return override
    attributes = {**base.body.attributes, **override.body.attributes}
    if "count" in override.body.attributes:
        attributes.pop("for_each", None)
    elif "for_each" in override.body.attributes:
        attributes.pop("count", None)
    replaced = override.body.nested()
    kept = [block for block in base.body.blocks if _name(block) not in replaced or block.type in _MERGED_INSIDE]
    added = list(override.body.blocks)
    for inside in _MERGED_INSIDE:
        first = next((block for block in kept if block.type == inside), None)
        second = next((block for block in added if block.type == inside), None)
        if first is not None and second is not None:
            kept.remove(first)
            added[added.index(second)] = merged(first, second)
    broken = base.body.broken or override.body.broken
    return PlainBlock(base.type, base.labels, base.location, Body(attributes, (*kept, *added), broken))


def _name(block: Block) -> str:
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type
