"""Reports for the page: one with everything in it, one whose every name would like to be more, and a large one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from scanner.model.changes import Changes, Entry
from scanner.model.comparison import Comparison
from scanner.model.drift import Act, Drift, Meaning
from scanner.model.finding import Edit, Enforce, Finding, Fix, Kind, ResourceRef, Suppression, Verdict
from scanner.model.inventory import Level, Notification
from scanner.model.location import Location
from scanner.model.report import Report
from scanner.model.rule import Rule, Severity, Text
from scanner.model.trace import Handling, SectionState, Statement, Trace, TracedContradiction, TracedSection
from scanner.model.value import MASK, Hop, Plain
from scanner.reports.html.extras import Audit, Extras, Flow, Network, Trend

MAIN = """\
resource "aws_db_instance" "db" {
  identifier = "shop-db"
  multi_az   = var.multi_az
\tpassword   = "not-for-your-eyes"
}

variable "multi_az" { default = false }
"""
HOSTILE = (
    "</script><script>window.hacked=1</script><!--<img src=x onerror=window.hacked=1>"
    '\'" onmouseover="window.hacked=1" {{ 7*7 }} ${7*7} </style></svg>\u202eevil\x1b[31m\udc80__proto__'
)
_BOTH = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)


def rule(id_: str, **more: Any) -> Rule:
    made = Rule(
        id=id_, title=Text("Two zones", "가용 영역 두 곳"), severity=Severity.HIGH, category="availability",
        description=Text("One zone can fail.", "가용 영역은 중단될 수 있다."),
        remediation=Text("Set multi_az = true.", "multi_az = true로 설정한다."),
        policy="rds-multi-az", baseline="shop", section="5-1", document="Shop design 1.0", related=("CKV_AWS_157",),
    )  # fmt: skip
    return replace(made, **more)


def finding(id_: str, verdict: Verdict = Verdict.PASS, **more: Any) -> Finding:
    made = Finding(
        requirement=id_, policy="rds-multi-az", baseline="shop", component="db", section="5-1", kind=Kind.STATIC,
        verdict=verdict, reason=None, severity=Severity.HIGH, category="availability", enforce=Enforce.REQUIRED,
        title=Text(f"Two zones {id_}", f"가용 영역 두 곳 {id_}"),
        message=Text("multi_az is false, expected true", "multi_az는 false인데 true여야 함"),
        resource=ResourceRef("aws_db_instance", f"aws_db_instance.db[\"{id_}\"]", "terraform", "infra"),
        location=Location("infra/main.tf", 3, 3, 3, 28), path="multi_az", expected=True, actual=False,
    )  # fmt: skip
    return replace(made, **more)


def findings() -> list[Finding]:
    default = Location("infra/main.tf", 7, 23, 7, 38)
    hops = (Hop("multi_az", Location("infra/main.tf", 3, 3, 3, 28)), Hop("var.multi_az", default))
    fix = Fix(
        Text("set default = true", "default = true 설정"), (Edit(Location("infra/main.tf", 7, 33, 7, 38), "true"),)
    )
    secret: dict[str, Any] = {
        "category": "secrets",
        "location": Location("infra/main.tf", 4, 2, 4, 34),
        "path": "password",
    }
    waiver = Suppression("rebuilt nightly", "data-team", "2027-01-31", location=Location("asbuilt.yaml", 4, 3, 4, 9))
    return [
        finding("SHOP-1", Verdict.FAIL, severity=Severity.CRITICAL, location=default, provenance=hops, fix=fix),
        finding("SHOP-2", Verdict.FAIL, actual=MASK, expected=None, **secret),
        finding("SHOP-3", Verdict.FAIL, suppression=waiver, severity=Severity.LOW),
        finding("SHOP-4", Verdict.FAIL, enforce=Enforce.ADVISORY, severity=Severity.MEDIUM),
        finding("SHOP-5", Verdict.UNKNOWN, reason=Text("var.zones has no value", "var.zones에 값이 없음")),
        finding(
            "SHOP-6", Verdict.REVIEW, kind=Kind.ATTEST, resource=None, location=None, path=None, category="process"
        ),
        finding("SHOP-7", component=None, baseline=None, category="network"),
        finding("SHOP-8", Verdict.NOT_APPLICABLE, severity=Severity.LOW),
    ]


def drift() -> list[Drift]:
    place = Location("infra/main.tf", 3, 3, 3, 28)
    code = ResourceRef("aws_db_instance", "aws_db_instance.db", "terraform", "infra")
    account = ResourceRef("aws_db_instance", "shop-db", "aws", "111122223333/ap-northeast-2")
    both = {
        "code": code,
        "account": account,
        "component": "db",
        "path": "multi_az",
        "location": place,
        "matched_by": "name",
    }
    asked: dict[str, Any] = {"document": True, "requirements": ("SHOP-1",)}
    values: list[tuple[Meaning, Plain, Plain, Act]] = [
        (Meaning.AS_BUILT, True, True, Act.NOWHERE),
        (Meaning.CHANGED_BY_HAND, True, False, Act.ACCOUNT),
        (Meaning.VIOLATION_DEPLOYED, False, False, Act.CODE),
        (Meaning.NEXT_APPLY_BREAKS, False, True, Act.CODE),
    ]
    bucket = "aws_s3_bucket"
    waiver = Suppression("another stack's", "data-team", "2027-06-30")
    return [
        *(Drift(how, code.type, in_code=ours, in_account=theirs, act=act, **asked, **both)
          for how, ours, theirs, act in values),
        Drift(Meaning.PLAIN_DRIFT, code.type, in_code=7, in_account=1, act=Act.EITHER, **both),
        Drift(Meaning.UNMANAGED, bucket, account=replace(account, type=bucket, address="logs"), act=Act.CODE,
              suppression=waiver),
        Drift(Meaning.NOT_DEPLOYED, bucket, code=replace(code, type=bucket, address="aws_s3_bucket.new"),
              act=Act.ACCOUNT, required=False),
    ]  # fmt: skip


def report(base: Path, **more: Any) -> Report:
    """A report with everything; its code is written below `base`."""
    (base / "infra").mkdir(exist_ok=True)
    (base / "infra/main.tf").write_text(MAIN, encoding="utf-8")
    made = Report(
        command="scan", started="2026-01-02T03:04:05Z", inputs=["infra"], baselines=["shop"], findings=findings(),
        rules={f"SHOP-{number}": rule(f"SHOP-{number}") for number in range(1, 9)},
        notifications=[
            Notification(Level.ERROR, "module ./missing is not there", Location("infra/main.tf", 1, 1, 1, 9)),
            Notification(Level.WARNING, "a waiver is not used"),
        ],
        base=str(base), stage="mvp", drift=drift(),
        comparison=Comparison("origin/main", 3, (finding("SHOP-9", Verdict.FAIL),)),
    )  # fmt: skip
    return replace(made, **more)


def extras(name: str = "sg-db") -> Extras:
    """Network, matrix and trend; `name` is a name from scanned code."""
    from html import escape

    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="80" viewBox="0 0 400 80"><defs>'
        '<marker id="unexpected" viewBox="0 0 8 8"><path d="M0 0 8 4 0 8z" fill="#c53030"/></marker></defs>'
        '<g><path d="M10 40 L300 40" fill="none" stroke="#c53030" marker-end="url(#unexpected)"/>'
        '<text x="100" y="30" fill="#c53030">tcp 5432</text></g>'
        '<g><rect x="300" y="20" width="90" height="34" fill="#edf2f7"/>'
        f'<text x="310" y="40">{escape(name)}</text></g></svg>'
    )
    flows = [Flow("0.0.0.0/0", name, "tcp 5432", "unexpected"), Flow("app", name, "tcp 5432", "plain")]
    said = Text(name, name)
    checked = Statement("SHOP-1", said, Handling.CHECKED, said, Severity.HIGH, verdicts={Verdict.FAIL: 1})
    left_out = Statement(None, Text("Title page", "표지"), Handling.EXCLUDED, said)
    sections = [
        TracedSection("5-1", f"5-1 {name}", SectionState.CHANGED, [checked]),
        TracedSection("0", "Title", SectionState.SAME, [left_out]),
    ]
    contradiction = TracedContradiction("SHOP-X1", ["5-1", "6-1"], ["SHOP-1"], said, Text("The first.", "앞의 것."))
    audits = [Audit(f"2026-01-0{day}T02:00:00Z", day != 2, {"fail": 6 - day, "pass": 90}) for day in range(1, 6)]
    entry = Entry("0" * 24, "SHOP-1", "shop", Severity.HIGH, said, name, "2026-01-05T02:00:00Z")
    trend = Trend(f"shop ({name})", audits, Changes(new=[entry], fixed=[entry], persisting=[entry, entry]))
    return Extras([Network("shop", svg, flows)], [Trace("shop", "Shop design", sections, [contradiction])], [trend])


def hostile(base: Path) -> Report:
    """The same report, with names that would like to be code."""
    words, place = Text(HOSTILE, HOSTILE), Location(HOSTILE, 1, 1, 1, 2)
    ref = ResourceRef(HOSTILE, HOSTILE, "terraform", HOSTILE)
    waiver = Suppression(HOSTILE, HOSTILE, HOSTILE, location=place)
    changed = [
        replace(
            item, title=words, message=words, reason=words, component=HOSTILE, section=HOSTILE, resource=ref,
            category=HOSTILE, actual={HOSTILE: HOSTILE}, expected=HOSTILE, policy=HOSTILE, path=HOSTILE,
            provenance=(Hop(HOSTILE, place), Hop(HOSTILE, None)), location=item.location and place,
            fix=Fix(words, (Edit(place, HOSTILE),)), suppression=item.suppression and waiver,
        )
        for item in findings()
    ]  # fmt: skip
    lines = [
        replace(line, type=HOSTILE, component=HOSTILE, code=ref, path=HOSTILE, in_code=HOSTILE) for line in drift()
    ]
    made = report(base)
    rules = {id_: rule(id_, title=words, description=words, remediation=words, document=HOSTILE) for id_ in made.rules}
    return replace(
        made, findings=changed, drift=lines, rules=rules, inputs=[HOSTILE], identity={HOSTILE: HOSTILE}, system=HOSTILE,
        notifications=[Notification(Level.ERROR, HOSTILE, place)], stage=HOSTILE, baselines=[HOSTILE],
        comparison=Comparison(HOSTILE, 1, tuple(changed[:1])),
    )  # fmt: skip


def large(base: Path, number: int) -> Report:
    """As many findings as asked for, of all verdicts and severities."""
    verdicts = (Verdict.FAIL, Verdict.PASS, Verdict.UNKNOWN, Verdict.PASS)
    made = [
        finding(
            f"SHOP-{at % 400}", verdicts[at % 4], severity=_BOTH[at // 4 % 4],
            resource=ResourceRef("aws_db_instance", f"module.shop[{at}].db", "terraform", f"env/{at % 7}"),
        )
        for at in range(number)
    ]  # fmt: skip
    return report(base, findings=made, rules={f"SHOP-{at}": rule(f"SHOP-{at}") for at in range(400)}, drift=[])
