"""Proposes rows for scanner/facts/defaults/azurerm.tsv out of the provider's documentation.

    python tools/propose_documented_defaults.py DOCS_4 DOCS_3 > proposed.tsv

DOCS_4 and DOCS_3 are the directories website/docs/r of the provider's repository at the recorded version and at the
last one of the earlier major version. A row is proposed where the page says "Defaults to `x`" of an optional argument
that the schema has, unconditionally, with a value of the schema's type, and where the earlier major version (if its
page has the argument) says the same. What a page says of a block of some name goes to every block of that name that
has the argument. Where the block has another spelling of the argument (`x_enabled`, in provider 3 `enable_x`), the
default holds only where that is not written. Numbers that stand for "never" or "unlimited" (-1) are left out: a limit
must not be met by silence. Everything else is for a person to decide: the table is kept by hand, this is its draft.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from scanner.facts import load_facts
from scanner.model.resource_type import Attribute, Block

BLOCK = re.compile(
    r"^(?:#+ )?(?:An?|The|Each)? ?`(\w+)`(?: blocks?)?(?: \(.*?\))? .*(?:supports?|contains?|includes?)\b"
)
ARGUMENT = re.compile(r"^\s*[*-] `(\w+)` *[-–:]? *\(Optional\)(.*)")
DEFAULT = re.compile(r"(?<!\w)(?:[Dd]efaults? (?:value )?(?:to|is)) ?`+\"?([^`\"]*)\"?`+(.*)")
UNCONDITIONAL = re.compile(
    r"\s*(?:$|[.,(](?! *(?:when|if|unless|for|only))|- |seconds|minutes|days|hours|[KM]B\b|Changing)", re.IGNORECASE
)
DEPTH = 5
"""Deeper blocks are left out: the recursive ones repeat themselves without end."""


def main(current: str, earlier: str) -> None:
    """Prints the proposed rows in the order of the table."""
    for page in sorted(Path(current).glob("*.html.markdown")):
        name = page.name.partition(".")[0]
        block = load_facts().schema(f"azurerm_{name}")
        if block is None:
            continue
        before = Path(earlier) / page.name
        others = documented(before.read_text(encoding="utf-8")) if before.exists() else {}
        rows = rows_of(block, documented(page.read_text(encoding="utf-8")), others)
        for path, value, condition in sorted(rows):
            print("\t".join((f"azurerm_{name}", path, value, condition, f"docs/r/{name}")))


def documented(text: str) -> dict[tuple[str, str], list[str | None]]:
    """(block, argument) -> the default of each mention, None where the page states none or only a conditional one."""
    found: dict[tuple[str, str], list[str | None]] = defaultdict(list)
    section = ""
    for line in text.split("\n"):
        if re.match(r"##+ .*Attributes? Reference", line):
            break
        if match := BLOCK.match(line):
            section = match[1]
        elif re.match(r"The following arguments", line):
            section = ""
        if match := ARGUMENT.match(line):
            found[section, match[1]].append(default_in(match[2]))
    return found


def default_in(text: str) -> str | None:
    """The default that a description states without a condition."""
    match = DEFAULT.search(text)
    if match is None or not UNCONDITIONAL.match(match[2]) or len(DEFAULT.findall(text)) > 1:
        return None
    return match[1]


def rows_of(
    block: Block, stated: dict[tuple[str, str], list[str | None]], before: dict[tuple[str, str], list[str | None]]
) -> Iterator[tuple[str, str, str]]:
    """Path, value in JSON and condition of every default that is stated once, the same by both versions."""
    for path, attribute in optional(block):
        *enclosing, name = path.split(".")
        key = (enclosing[-1] if enclosing else "", name)
        said = set(stated.get(key, [None]))
        if None in said or len(said) > 1 or set(before.get(key, said)) != said:
            continue
        value = typed(attribute.type, str(said.pop()))
        if value is not None and value != "-1":
            twins = [f"{'.'.join([*enclosing, twin])}=" for twin in twins_of(block, enclosing, name)]
            yield path, value, ", ".join((["in block"] if enclosing else []) + twins)


def twins_of(block: Block, enclosing: list[str], name: str) -> Iterator[str]:
    """Other attributes beside the one at a path whose names say the same in another order."""
    for step in enclosing:
        block = block.blocks[step]
    for other in sorted(block.attributes):
        if other != name and words(other) == words(name):
            yield other


def words(name: str) -> list[str]:
    """What a name says, whichever way it is put."""
    return sorted(word for word in name.split("_") if word not in ("enable", "enabled", "is"))


def optional(block: Block, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, Attribute]]:
    """Every optional attribute of simple type that the recorded version has."""
    for name, attribute in block.attributes.items():
        if attribute.optional and not attribute.until and attribute.type in ("string", "number", "bool"):
            yield prefix + name, attribute
    for name, inner in block.blocks.items():
        if name not in ("timeouts", "lifecycle", "provider") and not inner.until and depth < DEPTH:
            yield from optional(inner, f"{prefix}{name}.", depth + 1)


def typed(type_: str, text: str) -> str | None:
    """The stated default in JSON, or None where it is not of the attribute's type."""
    if type_ == "bool":
        return text.lower() if text.lower() in ("true", "false") else None
    if type_ == "number":
        return text if re.fullmatch(r"-?\d+(\.\d+)?", text) else None
    return json.dumps(text) if text and text != "null" else None


if __name__ == "__main__":
    main(*sys.argv[1:])
