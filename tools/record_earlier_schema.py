"""Records what an earlier major version of a provider has and the recorded one no longer has.

    python tools/record_earlier_schema.py 4 schema-3.json schema-4.json scanner/facts/schemas/azurerm-3.jsonl

Both inputs are outputs of `terraform providers schema -json` (azurerm: 3.117.1 and 4.80.0). Per type, in the form of
tools/record_provider_schema.py: attributes and nested blocks that only the earlier version has, marked as gone since
the major version given (`o<4 bool`, `"until":4`); types that only the earlier version has are written whole, with
`until`. Where both have a name with different types the recorded version's type stays.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from record_provider_schema import compact, types, write


def main(major: str, earlier: str, recorded: str, target: str) -> None:
    """Reads the two raw schemas and writes the differences to `target`."""
    known = types(recorded)
    found = {}
    for name, body in types(earlier).items():
        if name not in known:
            found[name] = compact(body) | {"until": int(major)}
        elif difference := only_in(body, known[name], int(major)):
            found[name] = difference
    write(target, found)


def only_in(earlier: Mapping[str, Any], later: Mapping[str, Any], major: int) -> dict[str, Any]:
    """The attributes and blocks of a schema that the later one does not have under either kind."""
    names = {**later.get("a", {}), **later.get("b", {})}
    attributes = {name: gone(text, major) for name, text in earlier.get("a", {}).items() if name not in names}
    blocks: dict[str, Any] = {}
    for name, body in earlier.get("b", {}).items():
        if name not in names:
            blocks[name] = body | {"until": major}
        elif name in later.get("b", {}) and (inner := only_in(body, later["b"][name], major)):
            blocks[name] = inner
    return {key: value for key, value in (("a", attributes), ("b", blocks)) if value}


def gone(text: str, major: int) -> str:
    """An attribute's short form with the mark of the major version that no longer has it; nothing can require it."""
    flags, _, type_ = text.partition(" ")
    return f"{flags.replace('r', 'o')}<{major} {type_}"


if __name__ == "__main__":
    main(*sys.argv[1:])
