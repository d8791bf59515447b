"""The words of the reports themselves, in English and Korean. Rules and findings bring their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from scanner.model.finding import Suppression, Verdict
from scanner.model.rule import Severity, Text

LANGUAGES: Final = ("en", "ko")

_MESSAGES: Final[Mapping[str, Text]] = {
    "verdict.pass": Text("pass", "통과"),
    "verdict.fail": Text("fail", "위반"),
    "verdict.unknown": Text("unknown", "판정 불가"),
    "verdict.review": Text("review", "검토 필요"),
    "verdict.not_applicable": Text("not applicable", "해당 없음"),
    "severity.critical": Text("critical", "심각"),
    "severity.high": Text("high", "높음"),
    "severity.medium": Text("medium", "보통"),
    "severity.low": Text("low", "낮음"),
    "level.error": Text("not read", "읽지 못함"),
    "level.warning": Text("warning", "경고"),
    "level.note": Text("note", "참고"),
    "progress.read": Text("reading", "읽는 중"),
    "progress.check": Text("checking", "검사 중"),
    "against": Text("{inputs} against {baselines}", "{baselines} 기준으로 {inputs} 검사"),
    "against.stage": Text(
        "{inputs} against {baselines}, stage {stage}", "{baselines} 기준({stage} 단계)으로 {inputs} 검사"
    ),
    "against.policies": Text("{inputs} against single policies", "개별 정책으로 {inputs} 검사"),
    "identity": Text("read as {who}", "조회 주체: {who}"),
    "section": Text("section {section}", "{section}절"),
    "section.document": Text("section {section} of {document}", "{document} {section}절"),
    "advisory": Text("advisory", "권고"),
    "waived": Text("waived until {until} by {owner}: {reason}", "{owner} 승인 예외({until}까지): {reason}"),
    "waived.nobody": Text("waived until {until}: {reason}", "승인 예외({until}까지): {reason}"),
    "waived.always": Text("waived: {reason}", "승인 예외: {reason}"),
    "label.resource": Text("resource", "리소스"),
    "label.at": Text("at", "위치"),
    "label.expected": Text("expected", "기대값"),
    "label.actual": Text("actual", "실제값"),
    "label.from": Text("from", "경로"),
    "label.fix": Text("fix", "조치"),
    "label.why": Text("why", "이유"),
    "label.source": Text("source", "근거"),
    "label.baseline": Text("baseline", "기준"),
    "label.component": Text("component", "구성 요소"),
    "label.stage": Text("from stage", "적용 단계"),
    "label.stages": Text("stages", "단계"),
    "label.binding": Text("binding", "구속력"),
    "label.policy": Text("policy", "정책"),
    "label.types": Text("applies to", "적용 대상"),
    "label.file": Text("file", "파일"),
    "label.related": Text("related", "관련 점검"),
    "label.reference": Text("reference", "참고 자료"),
    "label.requirements": Text("requirements", "요구 사항"),
    "label.default": Text("default", "기본값"),
    "enforce.required": Text("required", "필수"),
    "enforce.advisory": Text("advisory", "권고"),
    "basis.stated": Text("stated in the document", "문서에 명시"),
    "basis.derived": Text("derived from the document", "문서에서 도출"),
    "lint.heading": Text(
        "{baseline}: {open} undecided, {decided} recorded contradictions",
        "{baseline}: 미결정 {open}건, 기록된 모순 {decided}건",
    ),
    "lint.decided": Text("decided: {decision}", "결정: {decision}"),
    "heading.params": Text("Parameters", "매개변수"),
    "heading.inputs": Text("Inputs", "입력값"),
    "heading.components": Text("Components", "구성 요소"),
    "heading.requirements": Text("Requirements", "요구 사항"),
    "absent": Text("(not set)", "(설정 없음)"),
    "component": Text("component {component}", "구성 요소 {component}"),
    "binds": Text("{number} requirements: {ids}", "요구 사항 {number}건: {ids}"),
    "binds.one": Text("1 requirement: {ids}", "요구 사항 1건: {ids}"),
    "more": Text("and {number} more", "외 {number}개"),
    "more.verbose": Text("and {number} more (--verbose shows all)", "외 {number}건 (--verbose로 모두 표시)"),
    "hidden.line": Text("(the line holds a secret)", "(비밀값이 있는 줄)"),
    "heading.unknown": Text("Could not be decided", "판정하지 못한 항목"),
    "heading.notifications": Text("Worth knowing about the input", "입력에 관한 알림"),
    "heading.incomplete": Text("Not everything could be read", "일부 입력을 읽지 못함"),
    "heading.others": Text("Everything else", "그 밖의 결과"),
    "count.findings": Text("{number} {what}", "{what} {number}"),
    "count.advisory": Text("{number} advisory", "권고 {number}"),
    "count.waived": Text("{number} waived", "예외 {number}"),
    "incomplete": Text("incomplete: {what}", "불완전: {what}"),
    "incomplete.unknown": Text("{number} undecided (--strict)", "{number}건을 판정하지 못함(--strict)"),
    "total.fail": Text(
        "Not as built: {rules} violated ({severities}).",
        "설계와 다름: {rules} 위반({severities}).",
    ),
    "total.drift": Text("Not as built: {differences} ({severities}).", "설계와 다름: {differences}({severities})."),
    "total.differences": Text("{number} differences", "차이 {number}건"),
    "total.differences.one": Text("1 difference", "차이 1건"),
    "total.rules": Text("{number} requirements", "요구 사항 {number}건"),
    "total.rules.one": Text("1 requirement", "요구 사항 1건"),
    "total.clean": Text("No violation found.", "위반 없음."),
    "total.clean.unknown": Text(
        "No violation found, but {number} could not be decided.", "위반 없음. 단, {number}건은 판정하지 못함."
    ),
    "total.empty": Text("Nothing was checked.", "검사한 항목 없음."),
    "heading.fixed": Text("Fixed since {reference}", "{reference} 이후 해결됨"),
    "total.known": Text(
        "{number} known since {reference}, not shown", "{reference}부터 있던 {number}건은 표시하지 않음"
    ),
    "total.new": Text("Nothing new since {reference}.", "{reference} 이후 새로운 위반 없음."),
    "written": Text("{format} report: {path}", "{format} 보고서: {path}"),
    "column.severity": Text("severity", "심각도"),
    "column.requirement": Text("requirement", "요구 사항"),
    "column.place": Text("place", "위치"),
    "github.cut": Text(
        "{number} more are in the report: GitHub shows {limit} annotations of a level",
        "GitHub는 수준별로 주석 {limit}건만 표시함. 나머지 {number}건은 보고서에 있음",
    ),
    "fix.shown": Text(
        "{number} findings would pass with these edits; --apply makes them.",
        "위 변경으로 {number}건 해결 가능. --apply로 적용.",
    ),
    "fix.shown.one": Text(
        "1 finding would pass with these edits; --apply makes them.", "위 변경으로 1건 해결 가능. --apply로 적용."
    ),
    "fix.applied": Text("{number} findings are mended.", "{number}건 해결함."),
    "fix.applied.one": Text("1 finding is mended.", "1건 해결함."),
    "fix.clean": Text("Nothing to mend.", "수정할 항목 없음."),
    "fix.nothing": Text("There is no edit that could be made.", "적용할 수 있는 변경 없음."),
    "fix.left": Text("Left alone, {why}:", "수정하지 않음, {why}:"),
    "attest.recorded": Text("{id} recorded in {path} until {end}", "{id} 승인 기록: {path}({end}까지 유효)"),
    "attest.renewed": Text("{id} renewed in {path} until {end}", "{id} 승인 갱신: {path}({end}까지 유효)"),
    "waive.written": Text("{id} waived in {path} until {end}", "{id} 예외 기록: {path}({end}까지 유효)"),
    "collect.unread": Text("not read: {what}", "읽지 못함: {what}"),
    "collect.written": Text("{number} resources in {path}", "리소스 {number}개 저장: {path}"),
    "trace.accepted": Text("{path}: {number} sections recorded", "{path}: {number}개 절 기록함"),
    "examples": Text(
        "{number} examples of {policies} policies, {wrong} wrong",
        "정책 {policies}개의 예제 {number}개 중 오류 {wrong}개",
    ),
    "sarif.cited": Text("{message} ({citation})", "{message} ({citation})"),
    "sarif.fix": Text("How to fix it", "조치 방법"),
    "sarif.source": Text("Where it comes from", "근거"),
    "sarif.related": Text("Related checks: {ids}", "관련 점검: {ids}"),
    "sarif.cut": Text(
        "{number} results that matter least were left out: code scanning takes no more than the {kept} that are here",
        "코드 스캐닝 한도 때문에 중요도가 낮은 결과 {number}건을 제외하고 {kept}건만 담음",
    ),
}


def say(key: str, language: str, **values: object) -> str:
    """The message `key` in `en` or `ko`, with its placeholders filled in. Raises KeyError for an unknown key."""
    return _MESSAGES[key].in_(language).format(**values)


def verdict_word(verdict: Verdict, language: str) -> str:
    """The verdict as people read it."""
    return say(f"verdict.{verdict.value}", language)


def severity_word(severity: Severity, language: str) -> str:
    """The severity as people read it."""
    return say(f"severity.{severity.value}", language)


def waiver_words(waiver: Suppression, language: str) -> str:
    """The waiver as people read it."""
    key = "waived.always" if not waiver.until else "waived" if waiver.owner else "waived.nobody"
    return say(key, language, until=waiver.until, owner=waiver.owner, reason=waiver.reason)
