"""The table of document, code and account for a terminal: one line a fact, grouped by what it means."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from rich.cells import cell_len, set_cell_size

from scanner.model.drift import Act, Drift, Meaning
from scanner.model.report import Report
from scanner.model.rule import Text
from scanner.model.value import Plain
from scanner.reports.canvas import Canvas
from scanner.reports.places import Show

MEANINGS: Final[Mapping[Meaning, Text]] = {
    Meaning.CHANGED_BY_HAND: Text("changed by hand in the account", "계정에서 수작업으로 변경"),
    Meaning.NEXT_APPLY_BREAKS: Text("the next apply will break the document", "다음 적용 시 문서에 어긋남"),
    Meaning.VIOLATION_DEPLOYED: Text("breaks the document, and is deployed", "문서에 어긋난 채 배포됨"),
    Meaning.NOT_DEPLOYED: Text("not deployed", "배포되지 않음"),
    Meaning.UNMANAGED: Text("in the account, not in code (unmanaged)", "코드 없이 계정에만 존재(관리 외)"),
    Meaning.PLAIN_DRIFT: Text("code and account differ", "코드와 계정의 차이"),
    Meaning.AS_BUILT: Text("as built", "설계대로"),
}
"""The meanings in the order of the report."""

_ACTS: Final[Mapping[Act, Text]] = {
    Act.CODE: Text("act in the code", "코드에서 조치"),
    Act.ACCOUNT: Text("act in the account: apply the code again", "계정에서 조치: 코드 재적용"),
    Act.EITHER: Text("act on either side", "어느 한쪽에서 조치"),
    Act.NOWHERE: Text("", ""),
}
_WORDS: Final[Mapping[str, Text]] = {
    "title": Text("Document, code and account", "문서·코드·계정 비교"),
    "what": Text("what", "항목"),
    "document": Text("document", "문서"),
    "code": Text("code", "코드"),
    "account": Text("account", "계정"),
    "none": Text("No drift.", "드리프트 없음."),
    "there": Text("exists", "있음"),
    "absent": Text("none", "없음"),
    "not": Text("not", "아님:"),
    "ignored": Text("accepted until {until}: {reason}", "{until}까지 예외: {reason}"),
    "endless": Text("accepted: {reason}", "예외: {reason}"),
    "advisory": Text("advisory", "권고"),
    "matched": Text("matched by {how}", "대응 근거: {how}"),
}
MATCHES: Final[Mapping[str, Text]] = {
    "state": Text("the state", "상태 파일"),
    "binding": Text("component", "구성 요소"),
    "identity": Text("identity", "식별자"),
    "name": Text("name", "이름"),
    "tag": Text("tag", "태그"),
    "links": Text("links", "참조"),
}
_SYMBOLS: Final = {"gte": "≥ ", "gt": "> ", "lte": "≤ ", "lt": "< "}
_LISTS: Final = {"in": "∈", "contains": "∋", "contains_all": "⊇", "subset": "⊆", "exactly": "=", "matches": "~"}
_NOTHING: Final = "-"


def write(canvas: Canvas, report: Report, language: str, show: Show, *, verbose: bool) -> None:
    """Puts the table on a canvas; what is as built only where everything is wanted."""
    table = _Table(canvas, language, show, verbose)
    canvas.blank()
    canvas.line((_WORDS["title"].in_(language), "bold"))
    shown = [line for line in report.drift if verbose or line.meaning is not Meaning.AS_BUILT]
    if not shown:
        canvas.line((_WORDS["none"].in_(language), "green"), indent=2)
    for meaning in MEANINGS:
        table.group(meaning, [line for line in shown if line.meaning is meaning])
    canvas.blank()
    canvas.line((summary(report.drift, language), "dim"), indent=2)


def summary(lines: Sequence[Drift], language: str) -> str:
    """How many lines have which meaning."""
    counts = Counter(line.meaning for line in lines)
    said = [(counts[meaning], text.in_(language)) for meaning, text in MEANINGS.items() if counts[meaning]]
    return ", ".join(f"{what} {number}건" if language == "ko" else f"{number} {what}" for number, what in said)


def value_text(value: Plain, *, language: str) -> str:
    """A value of the table in words: what the document asks for with its operation, nothing as a dash."""
    if value is None:
        return _NOTHING
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict) and len(value) == 1:
        ((operation, wanted),) = value.items()
        if operation in _SYMBOLS:
            return f"{_SYMBOLS[operation]}{wanted}"
        if operation in ("exists", "absent"):
            return _WORDS["there" if operation == "exists" else "absent"].in_(language)
        if operation == "not":
            return f"{_WORDS['not'].in_(language)} {value_text(wanted, language=language)}"
        if operation in _LISTS:
            return f"{_LISTS[operation]} {value_text(wanted, language=language)}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


class _Table:
    def __init__(self, canvas: Canvas, language: str, show: Show, verbose: bool) -> None:
        self._canvas = canvas
        self._language = language
        self._show = show
        self._verbose = verbose
        each = max((canvas.width - 6) // 5, 9)
        self._widths = (canvas.width - 6 - 3 * each - 2, each, each, each)

    def group(self, meaning: Meaning, lines: Sequence[Drift]) -> None:
        """A heading and its lines."""
        if not lines:
            return
        act = _ACTS[lines[0].act].in_(self._language)
        self._canvas.blank()
        title = f"{MEANINGS[meaning].in_(self._language)} ({len(lines)})"
        self._canvas.line((title, "bold"), *([(f"  {act}", "dim")] if act else []), indent=2)
        heads = [_WORDS[key].in_(self._language) for key in ("what", "document", "code", "account")]
        self._canvas.line((self._columns(heads), "dim"), indent=4, wrap=False)
        for line in lines:
            self._line(line)

    def _line(self, line: Drift) -> None:
        name = line.component or (line.resource.address if line.resource else line.type)
        what = _name(name, line.path, self._widths[0])
        there = _WORDS["there"].in_(self._language)
        whole = line.path is None
        code = there if whole and line.code and not line.account else self._value(line.in_code)
        account = there if whole and line.account and not line.code else self._value(line.in_account)
        document = self._value(line.document) if line.document is not None else ", ".join(line.requirements) or "-"
        style = "dim" if line.suppression or not line.required else ""
        self._canvas.line((self._columns([what, document, code, account]), style), indent=4, wrap=False)
        self._canvas.line((" · ".join(self._details(line, name)), "dim"), indent=6)

    def _details(self, line: Drift, name: str) -> list[str]:
        found = [line.resource.shown] if line.resource is not None and line.resource.address != name else []
        if line.location is not None:
            found.append(self._show(line.location))
        if line.document is not None:
            found.append(", ".join(line.requirements))
        if not line.required:
            found.append(_WORDS["advisory"].in_(self._language))
        if self._verbose and line.matched_by:
            how = MATCHES[line.matched_by].in_(self._language)
            found.append(_WORDS["matched"].in_(self._language).format(how=how))
        if line.suppression is not None:
            accepted = {"until": line.suppression.until, "reason": line.suppression.reason}
            how = "ignored" if line.suppression.until else "endless"
            found.append(_WORDS[how].in_(self._language).format(**accepted))
        return [part for part in found if part] or [line.type]

    def _value(self, value: Plain) -> str:
        return value_text(value, language=self._language)

    def _columns(self, texts: Sequence[str]) -> str:
        cells = [_cut(text, width) for text, width in zip(texts, self._widths, strict=True)]
        return " ".join(cells).rstrip()


def _name(name: str, path: str | None, width: int) -> str:
    """A resource and its attribute; where they are long their ends are shown, which tell more."""
    if path is None:
        return _end(name, width)
    name = _end(name, max(width - cell_len(path) - 1, width // 2))
    return f"{name} {_end(path, width - cell_len(name) - 1)}"


def _end(text: str, width: int) -> str:
    while cell_len(text) > width:
        text = f"…{text[2 if text.startswith('…') else 1 :]}"
    return text


def _cut(text: str, width: int) -> str:
    text = " ".join(text.split())
    if cell_len(text) > width:
        text = f"{set_cell_size(text, width - 1).rstrip()}…"
    return set_cell_size(text, width)
