"""What is recorded of the document behind a baseline: its sections, what is left out and why, and its contradictions.

The record is a file of its own, `documents/<baseline>.yaml` beside the baseline, since scanning does not need it:

    baseline: shop-production
    sections:
      "5-1": {heading: 5-1. Database, digest: "0123456789abcdef"}
    excluded:
      - {section: "1-1", why: {en: Purpose of the document, ko: 문서의 목적}}
    contradictions:
      - {id: SHOP-CONFLICT-01, sections: ["5-1"], requirements: [SHOP-DB-001], what: {…}, decision: {…}}
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scanner.model.location import Location
from scanner.model.rule import Text
from scanner.policy.baseline import Baseline
from scanner.policy.data import shown
from scanner.policy.document_text import DIGEST_LENGTH, DocumentSection
from scanner.policy.library import decode
from scanner.policy.read_policy import read_text
from scanner.policy.yaml_nodes import Node, read_yaml

FOLDER: Final = "documents"
_DIGEST: Final = re.compile(rf"[0-9a-f]{{{DIGEST_LENGTH}}}\Z")


@dataclass(slots=True, frozen=True)
class Section:
    """A part of the document as requirements cite it; `digest` is empty where it was never recorded."""

    key: str
    heading: str
    digest: str
    location: Location


@dataclass(slots=True, frozen=True)
class Exclusion:
    """Something that the document says and no requirement covers, with the reason."""

    section: str
    why: Text
    location: Location


@dataclass(slots=True, frozen=True)
class Contradiction:
    """Two statements of the document that cannot both hold, and what was decided."""

    id: str
    sections: tuple[str, ...]
    requirements: tuple[str, ...]
    what: Text
    decision: Text
    location: Location


@dataclass(slots=True, frozen=True)
class DocumentRecord:
    """The record of one document."""

    sections: Mapping[str, Section]
    excluded: tuple[Exclusion, ...]
    contradictions: tuple[Contradiction, ...]
    file: Path


def record_file(baseline: Baseline) -> Path:
    """Where the record of a baseline is, whether or not it exists."""
    return Path(baseline.file).parent / FOLDER / f"{baseline.id}.yaml"


def load_record(baseline: Baseline) -> DocumentRecord | None:
    """The record of a baseline's document, None where there is none.

    Raises DefinitionError with line and column for what is wrong in it.
    """
    file = record_file(baseline)
    if not file.is_file():
        return None
    name = shown(file)
    node = read_yaml(decode(file.read_bytes(), name), name)
    items = node.mapping(["baseline", "sections", "excluded", "contradictions"], ["baseline", "sections"])
    if items["baseline"].text() != baseline.id:
        raise items["baseline"].error(f"must be {baseline.id}, as the file name says")
    ids = {requirement.id for requirement in baseline.requirements}
    sections = {key: _section(key, item) for key, item in items["sections"].mapping().items()}
    return DocumentRecord(
        sections,
        tuple(_exclusion(item) for item in (items["excluded"].items() if "excluded" in items else ())),
        tuple(
            _contradiction(item, ids) for item in (items["contradictions"].items() if "contradictions" in items else ())
        ),
        file,
    )


def with_digests(record: DocumentRecord, document: Sequence[DocumentSection]) -> tuple[str, int]:
    """The text of the record's file with the digests of the document as it is now, and how many of them are new."""
    digests = {section.heading: section.digest for section in document}
    lines = record.file.read_text(encoding="utf-8").splitlines(keepends=True)
    changed = 0
    for section in record.sections.values():
        digest = digests.get(section.heading)
        if digest is None or digest == section.digest:
            continue
        at = section.location.line - 1
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        heading = json.dumps(section.heading, ensure_ascii=False)
        key = json.dumps(section.key, ensure_ascii=False)
        lines[at] = f'{indent}{key}: {{heading: {heading}, digest: "{digest}"}}\n'
        changed += 1
    return "".join(lines), changed


def _section(key: str, node: Node) -> Section:
    items = node.mapping(["heading", "digest"], ["heading"])
    digest = items["digest"].text() if "digest" in items else ""
    if digest and not _DIGEST.match(digest):
        raise items["digest"].error(f"must be {DIGEST_LENGTH} hexadecimal digits", "asbuilt trace --accept writes it")
    return Section(key, items["heading"].text(), digest, _place(node))


def _exclusion(node: Node) -> Exclusion:
    items = node.mapping(["section", "why"], ["section", "why"])
    return Exclusion(items["section"].text(), read_text(items["why"]), _place(node))


def _contradiction(node: Node, ids: set[str]) -> Contradiction:
    items = node.mapping(["id", "sections", "requirements", "what", "decision"], ["id", "sections", "what", "decision"])
    for item in items["requirements"].items() if "requirements" in items else ():
        item.choice(ids)
    return Contradiction(
        items["id"].text(),
        tuple(items["sections"].texts()),
        tuple(items["requirements"].texts()) if "requirements" in items else (),
        read_text(items["what"]),
        read_text(items["decision"]),
        _place(node),
    )


def _place(node: Node) -> Location:
    return Location(node.file, node.line, node.column)
