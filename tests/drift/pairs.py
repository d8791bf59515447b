"""Small pairs of code and account for tests: Terraform text against resources as an account tells them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scanner.drift.compare import Difference, Open, compare
from scanner.drift.match import Matching, match
from scanner.drift.parts import PART_TYPES, Parts, compare_parts
from scanner.drift.resolve import Resolver
from scanner.facts import load_facts
from scanner.model.observed import Observed
from scanner.model.resource import Origin, Resource
from scanner.model.value import from_plain
from scanner.sources.collect import collect_code

REGION = "111122223333/ap-northeast-2"


def code(directory: Path, text: str) -> list[Resource]:
    """The managed resources of a root module."""
    (directory / "main.tf").write_text(text, encoding="utf-8")
    found = collect_code([directory], directory).resources
    return [item for item in found if item.type.startswith(("aws_", "azurerm_"))]


def live(type_: str, id_: str, root: str = REGION, unread: Sequence[str] = (), **attributes: Any) -> Resource:
    """A resource of an account, identified by `id` and the name, ARN or both that it has."""
    values = from_plain({"id": id_, **attributes})
    assert isinstance(values.raw, dict)
    values.raw = Observed(values.raw, frozenset(unread))
    named = {key: attributes[key] for key in ("arn", "name", "bucket") if isinstance(attributes.get(key), str)}
    return Resource(type_, f"{type_}/{id_}", values, None, Origin.AWS, root, None, {"id": id_, **named})


def matched(ours: Sequence[Resource], theirs: Sequence[Resource], **more: Any) -> tuple[Matching, Resolver]:
    """The pairs, and what completes values by them."""
    resolver = Resolver(theirs, more.get("stored", {}))
    whole = [item for item in ours if item.type not in PART_TYPES]
    return match(whole, [item for item in theirs if item.type not in PART_TYPES], resolver, **more), resolver


def differences(ours: Sequence[Resource], theirs: Sequence[Resource]) -> list[tuple[str, object, object]]:
    """What certainly differs in all pairs: path, code and account."""
    return [(item.path, item.in_code, item.in_account) for item in found(ours, theirs) if isinstance(item, Difference)]


def undecided(ours: Sequence[Resource], theirs: Sequence[Resource]) -> list[str]:
    """The paths that may differ."""
    return [item.path for item in found(ours, theirs) if isinstance(item, Open)]


def found(ours: Sequence[Resource], theirs: Sequence[Resource]) -> list[Difference | Open]:
    """Everything that differs, or may."""
    matching, resolver = matched(ours, theirs)
    here, there = Parts(ours, resolver, code=True), Parts(theirs, resolver, code=False)
    result: list[Difference | Open] = []
    for pair in matching.pairs:
        result += compare(pair, load_facts(), resolver)
        result += compare_parts(pair, here, there, resolver.names)
    return result
