"""Reads a JSON report back (scanner/schemas/report.schema.json), so that it can be written in another format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from scanner.errors import SourceError
from scanner.model.comparison import Comparison
from scanner.model.drift import Act, Drift, Meaning
from scanner.model.finding import Edit, Enforce, Finding, Fix, Kind, ResourceRef, Suppression, Verdict
from scanner.model.inventory import Level, Notification
from scanner.model.location import Location
from scanner.model.report import Report
from scanner.model.rule import Rule, Severity, Text
from scanner.model.value import Hop, Plain
from scanner.model.waiver import WaiverKind
from scanner.reports.json_report import SCHEMA_VERSION

_Choice = TypeVar("_Choice", bound=StrEnum)
_HINT: Final = "a report comes from: asbuilt scan --format json=report.json"


def read_report(text: str, path: str, base: str) -> Report:
    """The report in a JSON text; `path` names it in messages, `base` is the directory that its places are below.

    Raises SourceError for what is no report, or one of another schema version.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        what = f"this is no JSON: {error.msg}"
        raise SourceError(what, path=path, line=error.lineno, column=error.colno, hint=_HINT) from error
    except (ValueError, RecursionError) as error:
        raise SourceError(f"this is no JSON: {error}", path=path, hint=_HINT) from error
    top = _Item(data, path)
    version = top.text("schema_version")
    if version != SCHEMA_VERSION:
        raise SourceError(f"schema version {version} is not known, only {SCHEMA_VERSION}", path=path, hint=_HINT)
    run = top.item("run")
    return Report(
        command=run.text("command"),
        started=run.text("started"),
        inputs=run.texts("inputs"),
        baselines=run.texts("baselines"),
        findings=[_finding(item) for item in top.items("findings")],
        rules={rule.id: rule for rule in map(_rule, top.items("rules"))},
        notifications=[_notification(item) for item in top.items("notifications")],
        base=base,
        stage=run.maybe("stage"),
        system=run.maybe("system") or "",
        identity={key: str(value) for key, value in run.mapping("identity").items()},
        drift=[_drift(item) for item in top.items("drift")],
        comparison=_comparison(top.item("comparison")) if top.has("comparison") else None,
    )


@dataclass(frozen=True, slots=True)
class _Item:
    """An object of the report. Every method raises SourceError for what cannot be there."""

    data: object
    path: str
    where: str = ""

    def _fields(self) -> Mapping[str, object]:
        if not isinstance(self.data, dict):
            raise self._wrong("", "an object")
        return self.data

    def _wrong(self, key: str, expected: str) -> SourceError:
        place = ".".join(part for part in (self.where, key) if part) or "the whole"
        return SourceError(f"this is no report of asbuilt: {place} must be {expected}", path=self.path, hint=_HINT)

    def maybe(self, key: str) -> str | None:
        value = self._fields().get(key)
        if value is not None and not isinstance(value, str):
            raise self._wrong(key, "text")
        return value

    def text(self, key: str) -> str:
        value = self.maybe(key)
        if value is None:
            raise self._wrong(key, "text")
        return value

    def texts(self, key: str) -> list[str]:
        value = self._fields().get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._wrong(key, "a list of texts")
        return value

    def number(self, key: str) -> int:
        value = self._fields().get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self._wrong(key, "a number from 1 on")
        return value

    def count(self, key: str) -> int:
        value = self._fields().get(key)
        return 0 if value == 0 and not isinstance(value, bool) else self.number(key)

    def plain(self, key: str) -> Plain:
        value: Plain = self._fields().get(key)  # type: ignore[assignment]  # JSON is nothing else
        return value

    def mapping(self, key: str) -> Mapping[str, object]:
        return self.item(key)._fields() if self.has(key) else {}

    def has(self, key: str) -> bool:
        return self._fields().get(key) is not None

    def item(self, key: str) -> _Item:
        return _Item(self._fields().get(key), self.path, ".".join(part for part in (self.where, key) if part))

    def items(self, key: str) -> list[_Item]:
        value = self._fields().get(key, [])
        if not isinstance(value, list):
            raise self._wrong(key, "a list")
        return [_Item(item, self.path, f"{self.where}{key}[{number}]") for number, item in enumerate(value)]

    def choice(self, key: str, of: type[_Choice]) -> _Choice:
        try:
            return of(self.text(key))
        except ValueError:
            raise self._wrong(key, f"one of {', '.join(of)}") from None

    def words(self, key: str) -> Text:
        item = self.item(key)
        return Text(item.text("en"), item.text("ko"))


def _finding(item: _Item) -> Finding:
    return Finding(
        requirement=item.maybe("requirement"),
        policy=item.maybe("policy"),
        baseline=item.maybe("baseline"),
        component=item.maybe("component"),
        section=item.maybe("section"),
        kind=item.choice("kind", Kind),
        verdict=item.choice("verdict", Verdict),
        reason=item.words("reason") if item.has("reason") else None,
        severity=item.choice("severity", Severity),
        category=item.text("category"),
        enforce=item.choice("enforce", Enforce),
        title=item.words("title"),
        message=item.words("message"),
        resource=_resource(item.item("resource")) if item.has("resource") else None,
        location=_span(item.item("location")) if item.has("location") else None,
        path=item.maybe("path"),
        expected=item.plain("expected"),
        actual=item.plain("actual"),
        provenance=tuple(Hop(hop.text("what"), _place(hop)) for hop in item.items("provenance")),
        fix=_fix(item.item("fix")) if item.has("fix") else None,
        suppression=_suppression(item.item("suppression")) if item.has("suppression") else None,
    )


def _resource(item: _Item) -> ResourceRef:
    return ResourceRef(item.text("type"), item.text("address"), item.text("origin"), item.maybe("root") or "")


def _span(item: _Item) -> Location:
    numbers = [item.number(key) for key in ("line", "column", "end_line", "end_column")]
    return Location(item.text("path"), *numbers)


def _place(item: _Item) -> Location | None:
    """The place of a hop or a notification, where there is one."""
    return _span(item) if item.has("path") else None


def _fix(item: _Item) -> Fix:
    edits = [Edit(_span(edit.item("location")), edit.text("replacement")) for edit in item.items("edits")]
    return Fix(item.words("description"), tuple(edits))


def _suppression(item: _Item) -> Suppression:
    place = _span(item.item("location")) if item.has("location") else None
    kind = item.maybe("kind") or WaiverKind.CONFIG.value
    return Suppression(item.text("reason"), item.text("owner"), item.text("until"), kind, place)


def _rule(item: _Item) -> Rule:
    return Rule(
        id=item.text("id"),
        title=item.words("title"),
        severity=item.choice("severity", Severity),
        category=item.text("category"),
        description=item.words("description"),
        remediation=item.words("remediation"),
        policy=item.maybe("policy"),
        baseline=item.maybe("baseline"),
        section=item.maybe("section"),
        document=item.maybe("document"),
        related=tuple(item.texts("related")),
    )


def _notification(item: _Item) -> Notification:
    return Notification(item.choice("level", Level), item.text("what"), _place(item))


def _comparison(item: _Item) -> Comparison:
    return Comparison(item.text("reference"), item.count("known"), tuple(map(_finding, item.items("fixed"))))


def _drift(item: _Item) -> Drift:
    return Drift(
        meaning=item.choice("meaning", Meaning),
        type=item.text("type"),
        component=item.maybe("component"),
        code=_resource(item.item("code_resource")) if item.has("code_resource") else None,
        account=_resource(item.item("account_resource")) if item.has("account_resource") else None,
        path=item.maybe("path"),
        document=item.plain("document"),
        in_code=item.plain("code"),
        in_account=item.plain("account"),
        location=_span(item.item("location")) if item.has("location") else None,
        act=item.choice("act", Act),
        matched_by=item.maybe("matched_by"),
        requirements=tuple(item.texts("requirements")),
        severity=item.choice("severity", Severity),
        required=item.choice("enforce", Enforce) is Enforce.REQUIRED,
        suppression=_suppression(item.item("suppression")) if item.has("suppression") else None,
    )
