"""Derives, applies and judges fixes of small projects that a test writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from scanner.documents.edited import edited
from scanner.facts import load_facts
from scanner.fixes.derive import derived
from scanner.fixes.files import Files
from scanner.fixes.plan import Plan, make_plan
from scanner.model.finding import Verdict
from scanner.model.report import Report
from scanner.scan import Request, scan

_HEAD = {
    "baseline": "shop",
    "document": {"title": "Shop", "original_title": "Shop", "version": "1.0", "date": "2026-01-02"},
    "scope": {"cloud": "aws", "regions": ["ap-northeast-2"], "environment": "production"},
}


class Project:
    """Files in a directory, and a document that asks for something of every resource of a type."""

    def __init__(self, directory: Path, files: Mapping[str, str], asked: Mapping[str, list[object]]) -> None:
        self.directory = directory / "code"
        for name, text in files.items():
            path = self.directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        requirements = [
            {
                "id": f"SHOP-{number:03}",
                "section": "1",
                "title": {"en": "Wanted", "ko": "요구"},
                "severity": "low",
                "category": "cost",
                "select": {"type": type_},
                "assert": conditions,
            }
            for number, (type_, conditions) in enumerate(asked.items(), 1)
        ]
        document = {**_HEAD, "components": {}, "requirements": requirements}
        self.baseline = directory / "shop.yaml"
        self.baseline.write_text(yaml.dump(document, allow_unicode=True, sort_keys=False), "utf-8")

    def scan(self) -> Report:
        return scan(Request([self.directory], baselines=[str(self.baseline)], cache=False))

    def obstacles(self) -> list[str]:
        """Why nothing can be derived, for each violation without a fix."""
        return [item.obstacle.name for item in derived(self.scan().findings, self._files(), load_facts())[1]]

    def _files(self) -> Files:
        return Files(self.directory)

    def plan(self) -> Plan:
        def trial(files: Mapping[str, bytes]) -> Report:
            with edited({(self.directory / name).resolve(): data for name, data in files.items()}):
                return self.scan()

        report = self.scan()
        report.base = str(self.directory)
        return make_plan(report, load_facts(), trial)

    def mended(self) -> dict[str, str]:
        """The files that fixes change, with their texts; everything passes then, and nothing is left to do."""
        plan = self.plan()
        assert plan.left == []
        assert {finding.verdict for finding in plan.report.findings} == {Verdict.PASS}
        for name, data in plan.after.items():
            (self.directory / name).write_bytes(data)
        assert self.plan().after == {}
        return {name: data.decode() for name, data in plan.after.items()}


def mend(directory: Path, text: str, *conditions: object, type_: str = "aws_db_instance", name: str = "main.tf") -> str:
    """What becomes of one file under one requirement."""
    return Project(directory, {name: text}, {type_: list(conditions)}).mended()[name]


def wants(path: str, op: str, value: object = None) -> dict[str, object]:
    """One assertion."""
    return {"path": path, "op": op} if value is None else {"path": path, "op": op, "value": value}
