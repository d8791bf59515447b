"""Reports of audits, made by hand."""

from __future__ import annotations

from scanner.model.finding import Enforce, Finding, Kind, ResourceRef, Suppression, Verdict
from scanner.model.inventory import Notification
from scanner.model.report import Report
from scanner.model.rule import Severity, Text

ROOT = "123456789012/ap-northeast-2"


def finding(rule: str, verdict: str, name: str | None = "shop-db", *, waived: bool = False, **other) -> Finding:
    """A finding about a database of that name, or about a component that is missing."""
    resource = ResourceRef("aws_db_instance", f"aws_db_instance/{name}", "aws", ROOT) if name else None
    return Finding(
        rule,
        None,
        "shop",
        other.get("component", "db"),
        "5",
        Kind.STATIC,
        Verdict(verdict),
        Text("not read", "읽지 못함") if verdict == "unknown" else None,
        other.get("severity", Severity.HIGH),
        "availability",
        Enforce.REQUIRED,
        Text(f"Title of {rule}", f"{rule} 제목"),
        Text("the password is hunter2", "비밀번호 hunter2"),
        resource=resource,
        path=other.get("path"),
        suppression=Suppression("known", "team", "2027-01-01") if waived else None,
    )


def report(
    *findings: Finding, day: int = 1, notifications: list[Notification] | None = None, account: str = "123456789012"
) -> Report:
    """An audit of that day of November."""
    return Report(
        command="audit",
        started=f"2026-11-{day:02}T18:00:00Z",
        inputs=["aws"],
        baselines=["shop"],
        findings=list(findings),
        notifications=notifications or [],
        system="aws",
        identity={"account": account, "arn": f"arn:aws:sts::{account}:assumed-role/auditor/run-{day}"},
    )
