"""What the evaluator says of the same tree, in the same form, and the comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from planned import UNKNOWN

from scanner.model.resource import Resource
from scanner.model.value import Unknown, Value
from scanner.sources.terraform import TerraformOptions, TerraformSource

KNOWS_MORE = "terraform gives up, asbuilt knows"
"""Not always a mistake: with an unknown part inside, terraform takes the whole result of `try` for unknown."""
META = {"lifecycle", "depends_on", "provider", "provisioner", "connection"}


def evaluate(tree: Path, root: str) -> dict[str, Any]:
    """The arguments of every resource and data source by address."""
    inventory = TerraformSource([tree], TerraformOptions(root=root), tree).collect()
    return {resource.address: arguments(resource) for resource in inventory.resources if compared(resource)}


def compared(resource: Resource) -> bool:
    """Providers and backends are no resources to terraform; policy documents are data of the real provider."""
    return not resource.type.startswith(("provider.", "terraform.", "data.aws_iam_policy_document"))


def arguments(resource: Resource) -> Any:
    """What is written, without the names that belong to terraform itself."""
    raw = resource.attributes.raw
    assert isinstance(raw, Mapping)
    return {name: data(value) for name, value in raw.items() if name not in META}


def data(value: Value) -> Any:
    """Plain data with UNKNOWN for what is unknown."""
    raw = value.raw
    if isinstance(raw, Unknown):
        return UNKNOWN
    if isinstance(raw, Mapping):
        return {key: data(item) for key, item in raw.items()}
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        return [data(item) for item in raw]
    return None if value.is_absent else raw


def differences(mine: Any, planned: Any, path: str = "") -> Iterator[str]:
    """Where the evaluator and terraform disagree."""
    if mine == planned == UNKNOWN:
        return
    if planned == UNKNOWN:
        yield f"{path}: {KNOWS_MORE} {show(mine)}"
    elif mine == UNKNOWN:
        yield f"{path}: asbuilt unknown, terraform {show(planned)}"
    elif isinstance(mine, dict) and isinstance(planned, dict):
        for key in sorted({*mine, *planned}):
            if key not in mine or key not in planned:
                present = "terraform" if key in planned else "asbuilt"
                yield f"{path}.{key}: only {present} has it: {show((mine | planned)[key])}"
            else:
                yield from differences(mine[key], planned[key], f"{path}.{key}")
    elif isinstance(mine, list) and isinstance(planned, list) and len(mine) == len(planned):
        for number, pair in enumerate(zip(mine, planned, strict=True)):
            yield from differences(*pair, f"{path}[{number}]")
    elif not same(mine, planned):
        yield f"{path}: asbuilt {show(mine)}, terraform {show(planned)}"


def same(mine: Any, planned: Any) -> bool:
    """Equal scalars; a number equals a number only."""
    if isinstance(mine, bool) or isinstance(planned, bool):
        return mine is planned
    numbers = (int, float, Decimal)
    if isinstance(mine, numbers) and isinstance(planned, numbers):
        return Decimal(str(mine)) == Decimal(str(planned))
    return type(mine) is type(planned) and bool(mine == planned)


def show(value: Any) -> str:
    """A value for people."""
    return "unknown" if value == UNKNOWN else repr(value)[:300]


def count(value: Any) -> tuple[int, int]:
    """How many single values there are, and how many of them are unknown."""
    if value == UNKNOWN:
        return 1, 1
    items = list(value.values() if isinstance(value, dict) else value) if isinstance(value, dict | list) else None
    if items is None:
        return 1, 0
    counts = [count(item) for item in items]
    return sum(whole for whole, _ in counts), sum(unknown for _, unknown in counts)
