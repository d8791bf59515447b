"""Findings made of the lines of the table, under three rules of their own."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from scanner.drift.claims import Claim
from scanner.drift.match import Matching
from scanner.drift.table import Compared
from scanner.model.drift import Drift, Meaning
from scanner.model.finding import Enforce, Finding, Kind, ResourceRef, Verdict
from scanner.model.resource import Resource
from scanner.model.rule import Rule, Severity, Text
from scanner.model.words import both

CATEGORY: Final = "process"
CHANGED: Final = "drift-changed"
MISSING: Final = "drift-missing"
UNMANAGED: Final = "drift-unmanaged"
_MOST_NAMED: Final = 4

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        CHANGED,
        Text("Code and account say the same as the document", "문서·코드·계정의 값 일치"),
        Severity.MEDIUM,
        CATEGORY,
        Text(
            "A value differs between the document, the code and the running account. Who agrees with whom tells what"
            " happened: a change by hand, code that breaks the document, or both without a document to decide.",
            "문서, 코드, 실제 계정 사이에 값이 다름. 어느 쪽이 일치하는지에 따라 수작업 변경, 문서에 어긋난 코드,"
            " 문서가 정하지 않은 차이로 구분됨.",
        ),
        Text(
            "Where the account alone is different, apply the code again or take the change over into it. Where the"
            " code breaks the document, correct the code before the next apply.",
            "계정만 다르면 코드를 다시 적용하거나 변경 내용을 코드에 반영. 코드가 문서에 어긋나면 다음 적용 전에"
            " 코드를 수정.",
        ),
    ),
    Rule(
        MISSING,
        Text("Everything in code is deployed", "코드의 모든 리소스 배포"),
        Severity.MEDIUM,
        CATEGORY,
        Text(
            "The code declares a resource that the account does not have: it was never applied, or removed by hand.",
            "코드에는 있으나 계정에는 없는 리소스. 적용되지 않았거나 수작업으로 삭제됨.",
        ),
        Text(
            "Apply the code, or remove the resource from it.",
            "코드를 적용하거나, 필요 없는 리소스라면 코드에서 제거.",
        ),
    ),
    Rule(
        UNMANAGED,
        Text("Everything in the account is in code", "계정의 모든 리소스를 코드로 관리"),
        Severity.LOW,
        CATEGORY,
        Text(
            "The account has a resource that no code declares: nobody reviews it, and no apply repairs it.",
            "계정에는 있으나 코드에는 없는 리소스. 검토 대상이 되지 않고 적용으로도 복구되지 않음.",
        ),
        Text(
            "Import it into the code, delete it, or name it under drift.ignore in asbuilt.yaml with a reason.",
            "코드로 가져오거나 삭제하거나, 사유와 함께 asbuilt.yaml의 drift.ignore에 기재.",
        ),
    ),
)
_RULES: Final = {rule.id: rule for rule in RULES}
_SAID: Final = {
    Meaning.AS_BUILT: Text("{what} is as the document says", "{what}: 문서와 일치"),
    Meaning.CHANGED_BY_HAND: Text(
        "{what} was changed in the account: the code has {code}, the account {account}",
        "{what}: 계정에서 변경됨. 코드 {code}, 계정 {account}",
    ),
    Meaning.VIOLATION_DEPLOYED: Text(
        "{what} breaks the document in the code and in the account: the code has {code}, the account {account}",
        "{what}: 코드와 계정 모두 문서에 어긋남. 코드 {code}, 계정 {account}",
    ),
    Meaning.NEXT_APPLY_BREAKS: Text(
        "{what}: the next apply breaks the document: the code has {code}, the account {account}",
        "{what}: 다음 적용 시 문서에 어긋남. 코드 {code}, 계정 {account}",
    ),
    Meaning.PLAIN_DRIFT: Text(
        "{what} differs: the code has {code}, the account {account}", "{what}: 코드 {code}, 계정 {account}"
    ),
    Meaning.UNMANAGED: Text("{what} is in the account, but not in code", "{what}: 계정에는 있으나 코드에 없음"),
    Meaning.NOT_DEPLOYED: Text("{what} is in code, but not in the account", "{what}: 코드에는 있으나 계정에 없음"),
}


def findings(lines: Iterable[Drift], baseline: str | None) -> Iterator[Finding]:
    """One finding for each line: what is as built passes."""
    for line in lines:
        yield _finding(line, _RULES[line.meaning.policy or CHANGED], baseline)


def _finding(line: Drift, rule: Rule, baseline: str | None) -> Finding:
    said = _SAID[line.meaning]
    named = {"code": shown(line.in_code), "account": shown(line.in_account)}
    what = line.path or (line.resource.address if line.resource else line.component or line.type)
    return Finding(
        None,
        rule.id,
        baseline if line.documented else None,
        line.component,
        None,
        Kind.STATIC,
        Verdict.PASS if line.meaning is Meaning.AS_BUILT else Verdict.FAIL,
        None,
        line.severity,
        rule.category,
        Enforce.REQUIRED if line.required else Enforce.ADVISORY,
        rule.title,
        Text(_filled(said.en, what=what, **named), _filled(said.ko, what=what, **named)),
        line.resource,
        line.location,
        line.path,
        line.document if line.document is not None else line.in_code,
        line.in_account,
        suppression=line.suppression,
    )


def _filled(text: str, **values: str) -> str:
    return text.format(**values)


def shown(value: object) -> str:
    """A value in one short line."""
    if value is None:
        return "-"
    text = value if isinstance(value, str) else _compact(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def undecided(compared: Sequence[Compared], matching: Matching, claims: Iterable[Claim]) -> Iterator[Finding]:
    """What could not be decided: one finding for each resource."""
    reasons: dict[int, list[tuple[str, Text]]] = defaultdict(list)
    resources: dict[int, Resource] = {}
    for item in compared:
        for left in item.open:
            resources[id(item.pair.code)] = item.pair.code
            reasons[id(item.pair.code)].append((left.path, both(left.why.detail)))
    for claim in claims:
        resource = claim.code.resource if claim.code is not None else None
        if resource is not None and claim.fact.path and id(resource) not in reasons:
            resources[id(resource)] = resource
            reasons[id(resource)].append((claim.fact.path, Text(claim.fact.requirement, claim.fact.requirement)))
    for key, resource in resources.items():
        yield _open(resource, reasons[key])
    for resource, hits in matching.ambiguous:
        addresses = _listed([hit.address for hit in hits])
        yield _unpaired(
            resource,
            Text(f"several of the account fit it: {addresses}", f"계정의 여러 리소스와 일치: {addresses}"),
        )
    for resource in matching.unsure:
        yield _unpaired(
            resource,
            Text(
                "the code does not tell its name, or not all of its type was read",
                "코드에 이름이 없거나, 같은 유형을 모두 조회하지 못함",
            ),
        )


def vague(components: Iterable[tuple[str | None, str, Sequence[str]]]) -> Iterator[Finding]:
    """One finding for each component (by name) that is not one resource on a side: why, and the requirements on it."""
    found: dict[str | None, tuple[str, list[str]]] = {}
    for name, why, requirements in components:
        found.setdefault(name, (why, []))[1].extend(requirements)
    for name, (why, requirements) in found.items():
        ids = _listed(list(dict.fromkeys(requirements)))
        reason = Text(why, f"구성 요소를 하나의 리소스에 연결할 수 없음: {why}")
        message = Text(f"whether {ids} holds on both sides is not known: {why}", f"{ids} 판정 불가: {reason.ko}")
        yield _unknown(CHANGED, None, message, reason, name)


def _open(resource: Resource, reasons: Sequence[tuple[str, Text]]) -> Finding:
    paths = _listed([path for path, _ in reasons])
    why = reasons[0][1]
    message = Text(f"whether {paths} differ is not known: {why.en}", f"{paths} 비교 불가: {why.ko}")
    return _unknown(CHANGED, resource, message, why)


def _unpaired(resource: Resource, why: Text) -> Finding:
    message = Text(
        f"its counterpart in the account cannot be told: {why.en}", f"계정의 대응 리소스를 판정할 수 없음: {why.ko}"
    )
    return _unknown(MISSING, resource, message, why)


def _unknown(rule: str, resource: Resource | None, message: Text, why: Text, component: str | None = None) -> Finding:
    found = _RULES[rule]
    named = ResourceRef(resource.type, resource.address, resource.origin.value, resource.root) if resource else None
    return Finding(
        None, rule, None, component, None, Kind.STATIC, Verdict.UNKNOWN, why, found.severity, found.category,
        Enforce.REQUIRED, found.title, message,
        named, resource.location if resource else None,
    )  # fmt: skip


def _listed(names: Sequence[str]) -> str:
    more = f", … ({len(names)})" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
