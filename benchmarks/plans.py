"""Large plans and states of terraform against a whole baseline: time and memory as they grow."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from benchmarks import tools
from benchmarks.measure import Command, Result, side_by_side
from benchmarks.report import Budget, Table
from benchmarks.snapshot import BASELINE, resources
from scanner.model.resource import Resource
from scanner.model.value import plain

SIZES = {"plan": (12_500_000, 25_000_000, 50_000_000), "state": (25_000_000, 50_000_000, 100_000_000)}
"""Bytes."""
MOST_MIB = 512
_MODULES = 40
_FORMAT = {"format_version": "1.2", "terraform_version": "1.11.4"}


def write_plan(path: Path, size: int) -> int:
    """A plan of about this many bytes that changes nothing, in the order of terraform; the number of resources."""
    count = size // _bytes_each(_planned, _changed, _planned)
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps(_FORMAT)[:-1])
        file.write(',"planned_values":')
        _modules(file, (_planned(item, number) for number, item in enumerate(resources(count))))
        file.write(',"resource_changes":')
        _list(file, (_changed(item, number) for number, item in enumerate(resources(count))))
        file.write(',"prior_state":{"format_version":"1.0","values":')
        _modules(file, (_planned(item, number) for number, item in enumerate(resources(count))))
        file.write('},"configuration":' + json.dumps(_configuration()) + ',"complete":true,"errored":false}')
    return count


def write_state(path: Path, size: int) -> int:
    """A state of about this many bytes as terraform stores it; the number of resources."""
    count = size // _bytes_each(_kept)
    with path.open("w", encoding="utf-8") as file:
        file.write('{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"1","outputs":{},"resources":')
        _list(file, (_kept(item, number) for number, item in enumerate(resources(count))))
        file.write("}")
    return count


def _bytes_each(*made: Any) -> int:
    item = next(iter(resources(1)))
    return sum(len(json.dumps(make(item, 9_999))) for make in made)


def _list(file: IO[str], items: Iterable[Any]) -> None:
    file.write("[")
    for number, item in enumerate(items):
        file.write(("," if number else "") + json.dumps(item))
    file.write("]")


def _modules(file: IO[str], items: Iterable[Any]) -> None:
    file.write('{"root_module":{"child_modules":[{"address":"module.m","resources":')
    _list(file, items)
    file.write("}]}}")


def _named(item: Resource, number: int) -> dict[str, Any]:
    address = f'module.m.{item.type}.r{number % _MODULES}["{number}"]'
    return {
        "address": address,
        "mode": "managed",
        "type": item.type,
        "name": f"r{number % _MODULES}",
        "index": str(number),
    }


def _planned(item: Resource, number: int) -> dict[str, Any]:
    return _named(item, number) | {"values": plain(item.attributes), "sensitive_values": {"tags": {}}}


def _changed(item: Resource, number: int) -> dict[str, Any]:
    values = plain(item.attributes)
    marks = {"after_unknown": {}, "before_sensitive": {"tags": {}}, "after_sensitive": {"tags": {}}}
    return _named(item, number) | {
        "module_address": "module.m",
        "change": {"actions": ["no-op"], "before": values, "after": values} | marks,
    }


def _kept(item: Resource, number: int) -> dict[str, Any]:
    named = _named(item, number)
    instance = {"index_key": named["index"], "attributes": plain(item.attributes), "sensitive_attributes": []}
    return {"module": "module.m", "mode": "managed", "type": item.type, "name": named["name"], "instances": [instance]}


def _configuration() -> dict[str, Any]:
    types = sorted({item.type for item in resources(100)})
    code = [
        {
            "address": f"{type_}.r{number}",
            "expressions": {"name": {"references": ["each.key"]}, "kms_key_id": {"references": ["var.key"]}},
            "for_each_expression": {"references": ["var.all"]},
        }
        for type_ in types
        for number in range(_MODULES)
    ]
    return {"root_module": {"module_calls": {"m": {"expressions": {}, "module": {"resources": code}}}}}


def growing(rounds: int, sizes: dict[str, tuple[int, ...]] | None = None) -> Iterator[Table]:
    """Scans of plans and of states of these sizes in bytes, side by side."""
    with tempfile.TemporaryDirectory() as temporary:
        for kind, write in (("plan", write_plan), ("state", write_state)):
            commands, detail = {}, {}
            for size in (sizes or SIZES)[kind]:
                path = Path(temporary) / f"{size}.{kind}.json"
                count = write(path, size)
                name = f"{path.stat().st_size / 1e6:.1f} MB"
                commands[name], detail[name] = scan(path), f"{count:,} resources"
            results = side_by_side(commands, rounds)
            peaks = [result.peak_mib for result in results.values() if isinstance(result, Result)]
            note = f"A generated {kind}, scanned against {BASELINE}."
            budgets = [Budget("MiB for the largest", peaks[-1], MOST_MIB)] if len(peaks) == len(results) else []
            yield Table(f"Terraform {kind}s", note, results, next(iter(results)), detail, budgets)


def scan(file: Path) -> Command:
    """The scan of a plan or state as people run it."""
    return tools.asbuilt("scan", str(file), "--baseline", BASELINE, "--quiet", directory=file.parent)
