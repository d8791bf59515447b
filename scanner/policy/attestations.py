"""Attestations: what people sign off because no scanner can see it, kept in a file that is reviewed like code.

`attestations.yaml` is a list with one entry a line, so that a change is one line of a diff:

    - {requirement: SHOP-PROC-001, by: Platform team, date: 2026-01-31, expires: 2026-07-31, evidence: "https://…"}
    - {requirement: SHOP-DR-002, by: Platform team, date: 2026-01-31, expires: 2026-07-31, evidence: …, value: 12}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from scanner.errors import UsageError
from scanner.model.location import Location
from scanner.policy.data import shown
from scanner.policy.library import decode
from scanner.policy.yaml_nodes import Node, read_yaml

FILE_NAME: Final = "attestations.yaml"
SOON: Final = timedelta(days=14)
"""How long before it expires an attestation is called near its end."""
_KEYS: Final = ("requirement", "baseline", "by", "date", "expires", "evidence", "value", "note")
_REQUIRED: Final = ("requirement", "by", "date", "expires", "evidence")


@dataclass(slots=True, frozen=True)
class Attestation:
    """One sign-off. `baseline` is needed only where two baselines have the same id; `value` is a measured figure."""

    requirement: str
    by: str
    signed: date
    expires: date
    evidence: str
    baseline: str | None = None
    value: int | float | None = None
    note: str | None = None
    location: Location | None = field(default=None, compare=False)

    def ends(self, max_age_days: int | None) -> date:
        """The last day that it holds: as written, and no longer than the requirement allows."""
        if max_age_days is None:
            return self.expires
        return min(self.expires, self.signed + timedelta(days=max_age_days))


@dataclass(slots=True, frozen=True)
class Attestations:
    """The sign-offs that are known, and the day on which they are judged."""

    today: date
    entries: Sequence[Attestation] = field(default_factory=tuple)

    def of(self, requirement: str, baseline: str) -> Attestation | None:
        """The sign-off of a requirement that holds longest, None without one."""
        found = [
            entry for entry in self.entries if entry.requirement == requirement and entry.baseline in (None, baseline)
        ]
        return max(found, key=lambda entry: (entry.expires, entry.signed), default=None)


def load_attestations(file: Path) -> tuple[Attestation, ...]:
    """The entries of a file.

    Raises UsageError where it cannot be read, DefinitionError with line and column for what is wrong in it.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error
    name = shown(file)
    text = decode(data, name)
    if not any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
        return ()
    entries: dict[tuple[str, str | None], Attestation] = {}
    for node in read_yaml(text, name).items():
        entry = _entry(node)
        key = (entry.requirement, entry.baseline)
        if key in entries:
            raise node.key_error("requirement", f"{entry.requirement} has two entries", "keep the later one")
        entries[key] = entry
    return tuple(entries.values())


def _entry(node: Node) -> Attestation:
    items = node.mapping(_KEYS, _REQUIRED)
    signed, expires = _day(items["date"]), _day(items["expires"])
    if expires < signed:
        raise items["expires"].error("lies before the date of the sign-off")
    return Attestation(
        items["requirement"].text(),
        items["by"].text(),
        signed,
        expires,
        items["evidence"].text(),
        _text(items, "baseline"),
        _figure(items["value"]) if "value" in items else None,
        _text(items, "note"),
        Location(node.file, node.line, node.column),
    )


def _day(node: Node) -> date:
    try:
        return date.fromisoformat(node.text())
    except ValueError:
        raise node.error("must be a date such as 2026-01-31") from None


def _figure(node: Node) -> int | float:
    if isinstance(node.data, bool) or not isinstance(node.data, int | float):
        raise node.error("must be a number")
    return node.data


def _text(items: Mapping[str, Node], key: str) -> str | None:
    return items[key].text() if key in items else None


def line_of(entry: Attestation) -> str:
    """The entry as its line in the file."""
    import json

    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    parts = [f"requirement: {entry.requirement}"]
    if entry.baseline:
        parts.append(f"baseline: {entry.baseline}")
    parts += [f"by: {quoted(entry.by)}", f"date: {entry.signed}", f"expires: {entry.expires}"]
    parts.append(f"evidence: {quoted(entry.evidence)}")
    if entry.value is not None:
        parts.append(f"value: {entry.value}")
    if entry.note:
        parts.append(f"note: {quoted(entry.note)}")
    return "- {" + ", ".join(parts) + "}"
