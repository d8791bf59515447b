"""The first files of somebody's own baseline: commented, and valid as they stand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from scanner.policy.document_text import DocumentSection

CLOUDS: Final = ("aws", "azure", "kubernetes")
_REGION: Final = {"aws": "ap-northeast-2", "azure": "koreacentral"}
_COMPONENT: Final = {
    "aws": ("db", "aws_db_instance", "identifier: {short}-db", "rds-multi-az", "Database", "데이터베이스"),
    "azure": (
        "db", "azurerm_postgresql_flexible_server", "name: {short}-db", "postgres-flexible-zone-redundant-ha",
        "Database", "데이터베이스",
    ),
    "kubernetes": (
        "api", "apps/v1/Deployment", "metadata.name: {short}-api", "", "API workload", "API 워크로드",
    ),
}  # fmt: skip

_BASELINE: Final = """\
# What a design document fixes, as rules. How to write one: docs/write-a-baseline.md
#   asbuilt scan DIRECTORY --baseline {file}
#   asbuilt baseline lint {file}
#   asbuilt trace --baseline {file} --document DOCUMENT.md
baseline: {id}
document:
  title: {title}
  original_title: {title}
  version: "1.0"
  date: {date}
scope: {{cloud: {cloud}, {regions}environment: production}}

# What the document leaves to whoever runs the system; given in asbuilt.yaml (inputs:) or by --input NAME=VALUE.
# Without a value what depends on it is unknown, never passed.
# inputs:
#   office_cidrs: {{type: list, items: string, description: {{en: Networks of the office, ko: 사무실 네트워크}}}}

# The parts that the document names. `match` is tried from the top: the first line that fits something wins.
# `*` and `?` stand for any characters, /…/ is a regular expression, attached_to and refers_to follow references.
components:
  {component}:
    type: {type}
    match: [{{{match}}}]
    title: {{en: {en}, ko: {ko}}}

# One obligation each, with the section that states it. Exactly one of:
#   policy: ID with: {{…}}   a rule of the library (asbuilt policy list)
#   assert: [conditions]     what only makes sense for this document (docs/policies.md)
#   metric: {{…}}            what only the running system shows
#   attest: {{}}             what a person has to confirm (asbuilt attest)
requirements:
  - id: {prefix}-DB-001
    section: {section}
    title: {{en: It survives the loss of a zone, ko: 가용 영역 장애에도 서비스 유지}}
    severity: high
    category: availability
    component: {component}
    {decider}

  - id: {prefix}-PROC-001
    section: {section}
    title: {{en: Recovery was rehearsed, ko: 복구 훈련 실시}}
    severity: medium
    category: process
    attest: {{max_age_days: 180}}
"""
_ASSERTION: Final = "assert: [{path: spec.replicas, op: gte, value: 2}]"

_RECORD: Final = """\
# What is recorded of the document behind {id}: its sections, what is left out and why, and its contradictions.
# `asbuilt trace --baseline … --document … --accept` writes the digests; the text itself is never kept.
baseline: {id}
sections:
{sections}
# What the document says and no requirement covers, with the reason.
# excluded:
#   - {{section: "1", why: {{en: Purpose of the document, ko: 문서의 목적}}}}

# Where the document disagrees with itself, and what was decided.
# contradictions:
#   - {{id: {prefix}-CONFLICT-01, sections: ["1", "2"], what: {{en: …, ko: …}}, decision: {{en: …, ko: …}}}}
"""


def baseline_text(id_: str, file: str, cloud: str, date: str, sections: Sequence[DocumentSection]) -> str:
    """The baseline's file."""
    component, type_, match, policy, en, ko = _COMPONENT[cloud]
    short = id_.split("-")[0]
    region = _REGION.get(cloud)
    title = next((section.heading for section in sections), "Title of the document")
    return _BASELINE.format(
        id=id_,
        file=file,
        cloud=cloud,
        date=date,
        title=json.dumps(title, ensure_ascii=False),
        regions=f"regions: [{region}], " if region else "",
        component=component,
        type=type_,
        match=match.format(short=short),
        en=en,
        ko=ko,
        prefix=_prefix(id_),
        section=json.dumps(_keys(sections)[0] if sections else "1", ensure_ascii=False),
        decider=f"policy: {policy}" if policy else _ASSERTION,
    )


def record_text(id_: str, sections: Sequence[DocumentSection]) -> str:
    """The record of its document, with the document's sections where it is at hand."""
    lines = [
        f"  {json.dumps(key, ensure_ascii=False)}: {{heading: {json.dumps(section.heading, ensure_ascii=False)}, "
        f'digest: "{section.digest}"}}'
        for key, section in zip(_keys(sections), sections, strict=True)
    ]
    return _RECORD.format(id=id_, prefix=_prefix(id_), sections="\n".join(lines) or '  "1": {heading: First section}')


def _prefix(id_: str) -> str:
    return "".join(letter for letter in id_.split("-")[0].upper() if letter.isalnum()) or "SYSTEM"


def _keys(sections: Sequence[DocumentSection]) -> list[str]:
    """A short key for each section: the number that its heading begins with, else its place in the document."""
    keys: list[str] = []
    for at, section in enumerate(sections):
        first = section.heading.split(" ")[0].rstrip(".")
        numbered = first and all(part.isdigit() for part in first.replace("-", ".").split("."))
        key = first if numbered else f"s{at + 1}"
        keys.append(key if key not in keys else f"{key}-s{at + 1}")
    return keys
