"""One entry of the terminal report: a rule and the findings under it, with the code and the way to it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scanner.model.finding import Finding, Verdict
from scanner.model.report import Report
from scanner.model.rule import Severity
from scanner.model.value import Hop, Plain
from scanner.reports.canvas import Canvas
from scanner.reports.excerpt import Lines, excerpt, is_secret
from scanner.reports.groups import Group, Same
from scanner.reports.messages import say, severity_word, waiver_words
from scanner.reports.places import Show

_STYLES: Final = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
}
_COLUMN: Final = 11
_LABEL: Final = 2
# How much is shown unless everything is asked for: resources that fail alike, hops of a chain, characters of a value.
_FEW: Final = 3
_HOPS: Final = 7
_LONG_VALUE: Final = 150
# Names that are longer do not push the places beside the others to the right.
_WHAT: Final = 28


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes entries on a canvas; `lines` gives the lines of a scanned file, `show` writes places."""

    report: Report
    language: str
    verbose: bool
    canvas: Canvas
    lines: Lines
    show: Show

    def _say(self, key: str, **values: object) -> str:
        return say(key, self.language, **values)

    def write(self, group: Group) -> None:
        """The heading of a group and its findings."""
        first = group.findings[0]
        self.canvas.blank()
        word = severity_word(group.severity, self.language)
        style = "dim" if group.advisory else _STYLES[group.severity]
        self.canvas.labelled(word, self._title(group), indent=0, column=_COLUMN, style="bold", label_style=style)
        if group.unbound:
            self._unbound(group)
            return
        for same in group.merged():
            self._same(same, style)
        self._advice(first)

    def _title(self, group: Group) -> str:
        first = group.findings[0]
        notes = [self._say("advisory")] if group.advisory else []
        if group.unbound:
            title = self._say("component", component=group.unbound)
            return f"{title} ({notes[0]})" if notes else title
        if first.section:
            notes.insert(0, self._say("section", section=first.section))
        cited = f" ({', '.join(notes)})" if notes else ""
        return f"{first.rule}{cited} {first.title.in_(self.language)}"

    def _unbound(self, group: Group) -> None:
        self.canvas.line((group.findings[0].message.in_(self.language), ""), indent=_COLUMN)
        ids = group.rules
        key = "binds.one" if len(ids) == 1 else "binds"
        self.canvas.line((self._say(key, number=len(ids), ids=", ".join(ids)), "dim"), indent=_COLUMN)

    def _same(self, same: Same, style: str) -> None:
        finding, canvas = same.finding, self.canvas
        if finding.suppression is not None:
            waiver = finding.suppression
            words = waiver_words(waiver, self.language)
            canvas.line((words, "dim"), indent=_COLUMN)
        canvas.line((finding.message.in_(self.language), ""), indent=_COLUMN)
        if finding.reason is not None and finding.reason.en not in finding.message.en:
            canvas.line((finding.reason.in_(self.language), ""), indent=_COLUMN)
        self._addresses(same)
        self._place(finding, style)
        self._evidence(finding)
        self._chain(finding)

    def _addresses(self, same: Same) -> None:
        addresses = same.addresses if self.verbose else same.addresses[:_FEW]
        component = f" ({same.finding.component})" if same.finding.component else ""
        label = self._say("label.resource")
        for address in addresses:
            self._labelled(label, address + component)
            label = ""
        left = len(same.addresses) - len(addresses)
        if left:
            self.canvas.line((self._say("more", number=left), "dim"), indent=_COLUMN)

    def _place(self, finding: Finding, style: str) -> None:
        if finding.location is None:
            return
        place = self.show(finding.location)
        self._labelled(self._say("label.at"), place, wrap=False)
        piece = excerpt(finding, self.lines)
        if piece is not None:
            self.canvas.excerpt(piece, indent=_COLUMN, style=style)
        elif is_secret(finding):
            self.canvas.line((self._say("hidden.line"), "dim"), indent=_COLUMN)

    def _evidence(self, finding: Finding) -> None:
        """What was expected and found, unless the message has it in these words already."""
        if finding.path is None or (finding.expected is None and finding.actual is None):
            return
        shown = {"label.actual": self._data(finding.actual)}
        if finding.expected is not None:
            shown = {"label.expected": self._data(finding.expected), **shown}
        if not self.verbose and all(text in finding.message.en for text in shown.values()):
            return
        for label, text in shown.items():
            self._labelled(self._say(label), text)

    def _data(self, data: Plain) -> str:
        if data is None:
            return self._say("absent")
        text = data if isinstance(data, str) and data.strip() else json.dumps(data, ensure_ascii=False)
        return text if self.verbose or len(text) <= _LONG_VALUE else text[:_LONG_VALUE] + "…"

    def _chain(self, finding: Finding) -> None:
        """The way from the attribute to the value, unless it is all in the place shown already."""
        hops = finding.provenance
        if len(hops) < 2 and all(hop.location in (None, finding.location) for hop in hops):
            return
        shown = hops if self.verbose or len(hops) <= _HOPS + 1 else hops[:_HOPS]
        label = self._say("label.from")
        for what, where in self._aligned(shown):
            if where and not self._fits(what, where):
                what = what.rstrip()
            if where and not self._fits(what, where):
                self._labelled(label, what, style="dim")
                self.canvas.line((where, "dim"), indent=_COLUMN + 2, wrap=False)
            else:
                self._labelled(label, f"{what}  {where}".rstrip(), style="dim", wrap=not where)
            label = ""
        if len(shown) < len(hops):
            self.canvas.line((self._say("more", number=len(hops) - len(shown)), "dim"), indent=_COLUMN)

    def _aligned(self, hops: Sequence[Hop]) -> list[tuple[str, str]]:
        """What was followed and where it is; the scanned directory is left out of the places where lines get long."""
        places = [self.show(hop.location).rpartition(":")[0] if hop.location else "" for hop in hops]
        width = max((len(hop.what) for hop in hops if len(hop.what) <= _WHAT), default=0)
        rows = [(f"{hop.what:<{width}}", place) for hop, place in zip(hops, places, strict=True)]
        top = f"{self.report.inputs[0].rstrip('/')}/" if len(self.report.inputs) == 1 else ""
        if not top or all(self._fits(what, place) for what, place in rows):
            return rows
        return [(what, f"…/{place.removeprefix(top)}" if place.startswith(top) else place) for what, place in rows]

    def _fits(self, what: str, place: str) -> bool:
        return _COLUMN + len(what) + 2 + len(place) <= self.canvas.width

    def _labelled(self, label: str, text: str, *, style: str = "", wrap: bool = True) -> None:
        self.canvas.labelled(label, text, indent=_LABEL, column=_COLUMN - _LABEL, style=style, wrap=wrap)

    def _advice(self, finding: Finding) -> None:
        rule = self.report.rules.get(finding.rule)
        if finding.verdict is not Verdict.FAIL or rule is None:
            return
        texts = [("label.fix", rule.remediation)]
        if self.verbose:
            texts.insert(0, ("label.why", rule.description))
        for label, text in texts:
            words = text.in_(self.language)
            if words:
                self._labelled(self._say(label), words)
