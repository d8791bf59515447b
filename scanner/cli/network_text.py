"""The network as text: a table for each group, the ways to it, and the rules that are worth a look."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from scanner.cli.network_view import Seen, shown_groups
from scanner.model.location import Location
from scanner.model.rule import Text
from scanner.model.words import in_language
from scanner.network.overlaps import Remark, Sort, Why
from scanner.network.reachability import Paths, Step
from scanner.network.services import Direction, describe
from scanner.policy.flow_view import GroupFlows, Row, State
from scanner.reports.canvas import Canvas
from scanner.reports.places import from_directory

_MOST_WAYS: Final = 12
_STATES: Final = {
    State.SAME: (Text("as documented", "문서와 일치"), "green"),
    State.TOLERATED: (Text("tolerated", "허용 예외"), ""),
    State.UNEXPECTED: (Text("unexpected", "문서에 없음"), "red"),
    State.MISSING: (Text("missing", "누락"), "red"),
    State.UNKNOWN: (Text("undecided", "판정 불가"), "yellow"),
    State.NOT_DOCUMENTED: (Text("not documented", "문서에 규정 없음"), ""),
}
_SIDES: Final = {Direction.INGRESS: Text("in", "인바운드"), Direction.EGRESS: Text("out", "아웃바운드")}
_SORTS: Final = {
    Sort.OVERLAPPING: Text("Overlapping rules", "겹치는 규칙"),
    Sort.SHADOWED: Text("Shadowed rules", "가려진 규칙"),
    Sort.UNUSED: Text("Unused rules", "쓰이지 않는 규칙"),
}
_WHYS: Final = {
    Why.SAME: Text("overlaps with {0}", "{0} 규칙과 일부 겹침"),
    Why.CONTAINED: Text("is contained in {0}", "{0} 규칙에 포함됨"),
    Why.DENIED: Text("earlier rules deny all of it: {0}", "앞선 규칙이 모두 거부함: {0}"),
    Why.ALLOWED: Text("earlier rules allow all of it: {0}", "앞선 규칙이 이미 모두 허용함: {0}"),
    Why.DECIDED: Text("earlier rules decide all of it: {0}", "앞선 규칙에서 모두 결정됨: {0}"),
    Why.NO_WEARER: Text("nothing wears the group", "그룹을 사용하는 리소스가 없음"),
    Why.NO_PEER: Text("nothing wears the peer's group", "상대 그룹을 사용하는 리소스가 없음"),
    Why.NO_COUNTERPART: Text("the peer's group does not let it through", "상대 그룹에 대응하는 규칙이 없음"),
}
_WORDS: Final = {
    "against": Text("Network flows against {0}", "{0} 기준 네트워크 트래픽"),
    "alone": Text("Network flows", "네트워크 트래픽"),
    "nothing": Text("There is no security group, NSG, network ACL or NetworkPolicy.", "네트워크 규칙이 없음"),
    "nothing at all": Text("nothing", "없음"),
    "further": Text("further rules", "추가 규칙"),
    "none": Text("no flows", "허용된 트래픽 없음"),
    "absent": Text("the document names {0}, the code has none", "문서에는 {0} 항목이 있으나 코드에 없음"),
    "ways": Text("Ways from {0}", "{0}에서 들어오는 경로"),
    "internet": Text("the internet", "인터넷"),
    "unreached": Text("not reachable", "도달 경로 없음"),
    "more": Text("and more ways", "그 밖의 경로 더 있음"),
    "unread": Text("Not read", "읽지 못함"),
}

_Show = Callable[[Location], str]


def render(seen: Seen, language: str, width: int, *, color: bool) -> str:
    """The whole page."""
    return _Page(seen, language, Canvas(width, color=color)).text()


class _Page:
    """Puts one view on a canvas."""

    def __init__(self, seen: Seen, language: str, canvas: Canvas) -> None:
        self._seen = seen
        self._language = language
        self._canvas = canvas
        self._show: _Show = from_directory(seen.base, str(Path.cwd()))

    def text(self) -> str:
        """Everything in order."""
        seen = self._seen
        head = self._say("against", seen.baseline) if seen.baseline else self._say("alone")
        self._canvas.line((head, "bold"))
        groups = shown_groups(seen)
        if not groups:
            self._canvas.line((self._say("nothing"), ""))
        for shown in groups:
            self._group(shown)
        for name in seen.view.absent:
            self._heading(name)
            self._canvas.line((self._say("absent", name), "red"), indent=2)
        if groups:
            self._ways()
        for sort in Sort:
            self._remarks(sort)
        self._notes()
        return self._canvas.text()

    def _say(self, key: str, *values: str) -> str:
        return _WORDS[key].in_(self._language).format(*values)

    def _heading(self, text: str, more: str = "") -> None:
        self._canvas.blank()
        self._canvas.line((text, "bold"), (more, "dim"))

    def _group(self, shown: GroupFlows) -> None:
        resource = shown.group.resource
        name = self._seen.view.label(shown.group.name)
        place = f"  {self._show(resource.location)}" if resource.location else ""
        self._heading(name, f"  {resource.address}{place}" if shown.component else place)
        for row in shown.rows:
            self._row(row)
        if not shown.rows:
            self._canvas.line((self._say("none"), "dim"), indent=2)

    def _row(self, row: Row) -> None:
        word, style = _STATES[row.state]
        side = _SIDES[row.direction].in_(self._language)
        flow = row.documented or row.actual or self._say("nothing at all" if row.state is State.SAME else "further")
        parts = [(f"{side:<4} {flow}", "")]
        if row.documented and row.actual and row.actual != row.documented:
            parts.append((f"  ({row.actual})", "dim"))
        parts.append((f"  {word.in_(self._language)}", style))
        if row.reason is not None:
            parts.append((f": {row.reason.in_(self._language)}", "dim"))
        if row.location is not None and row.state is not State.SAME:
            parts.append((f"  {self._show(row.location)}", "dim"))
        self._canvas.line(*parts, indent=2)

    def _ways(self) -> None:
        source = self._seen.source
        self._heading(self._say("ways", self._say("internet") if source == "internet" else source))
        for label, ways in self._seen.ways.items():
            self._canvas.line((label, ""), (f"  {self._say('unreached')}" if not ways.found else "", "dim"), indent=2)
            self._paths(ways)

    def _paths(self, ways: Paths) -> None:
        for path in ways.found[:_MOST_WAYS]:
            self._canvas.line((_way(path), ""), indent=4)
        if len(ways.found) > _MOST_WAYS or not ways.complete:
            self._canvas.line((self._say("more"), "dim"), indent=4)

    def _remarks(self, sort: Sort) -> None:
        found = [remark for remark in self._seen.remarks if remark.sort is sort]
        if found:
            self._heading(_SORTS[sort].in_(self._language))
        for remark in found:
            self._remark(remark)

    def _remark(self, remark: Remark) -> None:
        label = self._seen.view.label
        flows = remark.rule.text(label, remark.part)
        others = ", ".join(self._show(rule.location) for rule in remark.others if rule.location) or "?"
        place = f"  {self._show(remark.rule.location)}" if remark.rule.location else ""
        why = _WHYS[remark.why].in_(self._language).format(others)
        self._canvas.line((f"{label(remark.group.name)}: {flows}", ""), (place, "dim"), indent=2)
        self._canvas.line((why, "dim"), indent=4)

    def _notes(self) -> None:
        if self._seen.notifications:
            self._heading(self._say("unread"))
        for note in self._seen.notifications:
            place = f"  {self._show(note.location)}" if note.location else ""
            self._canvas.line((in_language(note.what, self._language), ""), (place, "dim"), indent=2)


def _way(path: tuple[Step, ...]) -> str:
    """`0.0.0.0/0 → sg-alb (tcp 443) → sg-api (tcp 3000)`."""
    steps = [f"{step.target.label} ({describe(step.services)})" for step in path]
    return " → ".join([path[0].source.label, *steps])
