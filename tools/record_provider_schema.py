"""Turns `terraform providers schema -json` into the compact facts that the scanner reads.

    terraform providers schema -json > schema.json   # where this provider alone is required and installed
    python tools/record_provider_schema.py schema.json scanner/facts/schemas/aws.jsonl

Recorded so far: aws 5.100.0, azurerm 4.80.0, azuread 3.9.0. What an earlier major version has beyond it is recorded
by tools/record_earlier_schema.py.

One resource type a line, `{"<type>": {...}}`, sorted by bytes, so that a type is found by bisection. Within a line:
    a   attributes: name -> "<flags> <type>", flags out of r(equired) o(ptional) c(omputed) s(ensitive) d(eprecated)
    b   nested blocks: name -> schema, or the number of a schema in `s`
    n   nesting of a block where it is not a list (`single`, `set`, `map`);  min, max: number of items where limited
    s   the schemas that occur more than once in this type
Documentation texts are left out: only what can be checked is kept.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FLAGS = {"required": "r", "optional": "o", "computed": "c", "sensitive": "s", "deprecated": "d"}
SHARED_FROM = 120
"""A block whose text is shorter than this is repeated rather than shared."""
LONGEST_TYPE = 2_000
"""A type whose text is longer (computed descriptions of whole dashboards) is kept as `any`."""


def main(source: str, target: str) -> None:
    """Reads the raw schema from `source` and writes the facts to `target`."""
    write(target, {name: compact(body) for name, body in types(source).items()})


def write(target: str, bodies: Mapping[str, Any]) -> None:
    """One type a line, sorted by bytes."""
    lines = sorted(json.dumps({name: body}, separators=(",", ":"), sort_keys=True) for name, body in bodies.items())
    Path(target).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} types, {Path(target).stat().st_size} bytes")


def types(source: str) -> dict[str, dict[str, Any]]:
    """Every type of the one provider in a raw schema, under the name that resources have in the scanner."""
    [(address, provider)] = json.loads(Path(source).read_text(encoding="utf-8"))["provider_schemas"].items()
    out = {f"provider.{address.rpartition('/')[2]}": schema_of(provider["provider"]["block"])}
    for prefix, key in (("", "resource_schemas"), ("data.", "data_source_schemas")):
        out |= {prefix + name: schema_of(schema["block"]) for name, schema in provider[key].items()}
    return out


def compact(body: Mapping[str, Any]) -> dict[str, Any]:
    """A type's schema in the short form with the repeated parts factored out."""
    seen: Counter[str] = Counter()
    count(body, seen)
    shared: dict[str, int] = {}
    bodies: list[Any] = []
    factored = factor(body, seen, shared, bodies)
    return factored | {"s": bodies} if bodies else factored


def schema_of(block: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes and nested blocks in the short form."""
    out: dict[str, Any] = {}
    if attributes := block.get("attributes"):
        out["a"] = {name: attribute(data) for name, data in attributes.items()}
    if blocks := block.get("block_types"):
        out["b"] = {name: nested(data) for name, data in blocks.items()}
    return out


def nested(data: Mapping[str, Any]) -> dict[str, Any]:
    """A nested block with its nesting and limits."""
    out = schema_of(data["block"])
    if data["nesting_mode"] != "list":
        out["n"] = data["nesting_mode"]
    for key, short in (("min_items", "min"), ("max_items", "max")):
        if data.get(key):
            out[short] = data[key]
    return out


def attribute(data: Mapping[str, Any]) -> str:
    """Flags and type of one attribute."""
    flags = "".join(letter for flag, letter in FLAGS.items() if data.get(flag))
    type_ = type_text(data["type"])
    return f"{flags} {type_ if len(type_) <= LONGEST_TYPE else 'any'}"


def type_text(data: Any) -> str:
    """Terraform's type in the spelling of a variable declaration."""
    if isinstance(data, str):
        return "any" if data == "dynamic" else data
    kind, inner = data
    if kind == "object":
        return "object({" + ",".join(f"{name}={type_text(item)}" for name, item in sorted(inner.items())) + "})"
    if kind == "tuple":
        return "tuple([" + ",".join(type_text(item) for item in inner) + "])"
    return f"{kind}({type_text(inner)})"


def text_of(body: Any) -> str:
    """The identity of a schema."""
    return json.dumps(body, sort_keys=True)


def count(body: Mapping[str, Any], seen: Counter[str]) -> None:
    """How often each nested schema occurs; what is inside a repeated one counts once."""
    for inner in body.get("b", {}).values():
        text = text_of(inner)
        seen[text] += 1
        if seen[text] == 1:
            count(inner, seen)


def factor(body: Any, seen: Counter[str], shared: dict[str, int], bodies: list[Any]) -> dict[str, Any]:
    """The schema with each repeated nested schema replaced by its number in `bodies`."""
    out = dict(body)
    if "b" in out:
        out["b"] = {name: reference(inner, seen, shared, bodies) for name, inner in out["b"].items()}
    return out


def reference(inner: Any, seen: Counter[str], shared: dict[str, int], bodies: list[Any]) -> Any:
    """A nested schema in place, or its number."""
    text = text_of(inner)
    if seen[text] < 2 or len(text) < SHARED_FROM:
        return factor(inner, seen, shared, bodies)
    if text not in shared:
        body = factor(inner, seen, shared, bodies)
        shared[text] = len(bodies)
        bodies.append(body)
    return shared[text]


if __name__ == "__main__":
    main(*sys.argv[1:])
