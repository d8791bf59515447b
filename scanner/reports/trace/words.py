"""The words of the traceability matrix, in English and Korean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from scanner.model.rule import Text
from scanner.model.trace import Handling, SectionState, Statement, Trace
from scanner.reports.messages import verdict_word

HANDLING: Final[Mapping[Handling, Text]] = {
    Handling.CHECKED: Text("checked in code", "코드 점검"),
    Handling.ACCOUNT: Text("checked in the account", "계정 점검"),
    Handling.MEASURED: Text("measured", "측정"),
    Handling.ATTESTED: Text("attested", "담당자 확인"),
    Handling.EXCLUDED: Text("out of scope", "제외"),
}
STATE: Final[Mapping[SectionState, Text]] = {
    SectionState.SAME: Text("unchanged", "변경 없음"),
    SectionState.CHANGED: Text("changed since the baseline was written", "기준 작성 이후 변경됨"),
    SectionState.GONE: Text("no longer in the document", "문서에서 사라짐"),
    SectionState.NEW: Text("not in the baseline", "기준에 없음"),
    SectionState.NOT_COMPARED: Text("not compared", "비교하지 않음"),
}
_WORDS: Final[Mapping[str, Text]] = {
    "title": Text("Traceability of {document}", "{document} 추적성 매트릭스"),
    "section": Text("Section", "절"),
    "requirement": Text("Requirement", "요구 사항"),
    "name": Text("Statement", "내용"),
    "handling": Text("Handling", "처리"),
    "how": Text("Decided by", "판정 방법"),
    "severity": Text("Severity", "심각도"),
    "verdict": Text("Verdict", "판정"),
    "stage": Text("Stage", "단계"),
    "state": Text("Section state", "절 상태"),
    "statements": Text("{number} statements", "항목 {number}개"),
    "changed": Text("Sections that changed since the baseline was written", "기준 작성 이후 변경된 절"),
    "gone": Text("Sections that are no longer in the document", "문서에서 사라진 절"),
    "uncovered": Text("Sections that nothing covers", "다루지 않은 절"),
    "contradictions": Text("Contradictions of the document, and what was decided", "문서의 모순과 결정 사항"),
    "decision": Text("decided", "결정"),
    "same": Text("No section changed since the baseline was written.", "기준 작성 이후 변경된 절 없음."),
}


def word(key: str, language: str, **values: object) -> str:
    """A word or sentence of the matrix."""
    return _WORDS[key].in_(language).format(**values)


def verdict_of(statement: Statement, language: str) -> str:
    """The verdict of a run; empty where it did not decide the statement."""
    return verdict_word(statement.verdict, language) if statement.verdict else ""


def counts(trace: Trace, language: str) -> str:
    """How many statements there are, by how they are accounted for."""
    found = trace.counts
    parts = [f"{HANDLING[handling].in_(language)} {number}" for handling, number in found.items() if number]
    return f"{word('statements', language, number=sum(found.values()))}: {', '.join(parts)}"
