"""A report made by hand that has one of everything, and the files that it points at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from scanner.model.finding import Edit, Enforce, Finding, Fix, Kind, ResourceRef, Suppression, Verdict
from scanner.model.inventory import Level, Notification
from scanner.model.location import Location
from scanner.model.report import Report
from scanner.model.rule import Rule, Severity, Text
from scanner.model.value import MASK, Hop

DOCUMENT = "Example - Infrastructure Architecture, version 1.0"

FILES = {
    "production/terraform.tfvars": 'database = {\n  multi_az = false\n  password = "hunter2"\n}\n',
    "production/main.tf": 'module "data" {\n  source   = "../modules/data"\n  multi_az = var.database.multi_az\n}\n',
    "modules/data/main.tf": (
        'resource "aws_db_instance" "main" {\n\tmulti_az = var.multi_az\n  password = var.password # 비밀번호\n}\n\n'
        'resource "aws_s3_bucket" "store" {\n  for_each = toset(["a", "b", "c", "d"])\n}\n'
    ),
}

_RULES = [
    Rule(
        "EX-DB-001",
        Text("The database runs in two availability zones", "데이터베이스의 다중 가용 영역 구성"),
        Severity.HIGH,
        "availability",
        Text(
            "Without a standby in a second zone, the loss of one zone stops the service.",
            "대기 인스턴스가 없으면 가용 영역 하나의 장애로 서비스가 중단됨.",
        ),
        Text("Set multi_az to true.", "multi_az를 true로 설정."),
        policy="rds-multi-az",
        baseline="example-production",
        section="5-1",
        document=DOCUMENT,
        related=("CKV_AWS_157",),
    ),
    Rule(
        "EX-DB-002",
        Text("The password of the database is not in the code", "데이터베이스 비밀번호의 코드 내 기재 금지"),
        Severity.CRITICAL,
        "secrets",
        Text("Whoever can read the code can read the data.", "코드를 읽을 수 있으면 데이터도 읽을 수 있음."),
        Text("Use manage_master_user_password.", "manage_master_user_password 사용."),
        baseline="example-production",
        section="8-2",
        document=DOCUMENT,
    ),
    Rule(
        "s3-versioning",
        Text("Buckets keep earlier versions", "버킷 버전 관리"),
        Severity.MEDIUM,
        "backup",
        Text("A deleted object can be restored.", "삭제된 객체를 복구할 수 있음."),
        Text("Add an aws_s3_bucket_versioning.", "aws_s3_bucket_versioning 추가."),
        policy="s3-versioning",
    ),
    Rule(
        "EX-CACHE-001",
        Text("The cache is encrypted", "캐시 암호화"),
        Severity.HIGH,
        "encryption",
        Text("Cached sessions are personal data.", "캐시된 세션은 개인정보임."),
        Text("Turn encryption at rest on.", "저장 시 암호화 활성화."),
        baseline="example-production",
        section="5-2",
        document=DOCUMENT,
    ),
]

_CACHE_MISSING = Text(
    "the document names cache (aws_elasticache_replication_group), the code has none",
    "문서에 있는 cache(aws_elasticache_replication_group)가 코드에 없음",
)


def rule(id_: str) -> Rule:
    """One of the sample's rules."""
    return next(item for item in _RULES if item.id == id_)


def finding(of: Rule, verdict: Verdict, message: Text, component: str | None = None) -> Finding:
    """A finding with what every finding of the rule has in common."""
    return Finding(
        requirement=of.id if of.baseline else None,
        policy=of.policy,
        baseline=of.baseline,
        component=component,
        section=of.section,
        kind=Kind.STATIC,
        verdict=verdict,
        reason=None,
        severity=of.severity,
        category=of.category,
        enforce=Enforce.REQUIRED,
        title=of.title,
        message=message,
    )


def multi_az() -> Finding:
    """A violation with a chain of places behind it."""
    return replace(
        finding(
            rule("EX-DB-001"),
            Verdict.FAIL,
            Text("multi_az is false, expected true", "multi_az 값이 false, 기대값 true"),
            "db",
        ),
        resource=ResourceRef("aws_db_instance", "module.data.aws_db_instance.main", "terraform"),
        location=Location("production/terraform.tfvars", 2, 3, 2, 19),
        path="multi_az",
        expected=True,
        actual=False,
        provenance=(
            Hop("multi_az", Location("modules/data/main.tf", 2, 2, 2, 25)),
            Hop("var.multi_az", Location("production/main.tf", 3, 3, 3, 36)),
            Hop("var.database", Location("production/terraform.tfvars", 1, 1, 4, 2)),
        ),
        fix=Fix(
            Text("multi_az = true", "multi_az = true"),
            (Edit(Location("production/terraform.tfvars", 2, 14, 2, 19), "true"),),
        ),
    )


def password() -> Finding:
    """A violation whose value must not be shown."""
    return replace(
        finding(
            rule("EX-DB-002"), Verdict.FAIL, Text("password is written in the code", "password가 코드에 기재됨"), "db"
        ),
        resource=ResourceRef("aws_db_instance", "module.data.aws_db_instance.main", "terraform"),
        location=Location("production/terraform.tfvars", 3, 3, 3, 23),
        path="password",
        actual=MASK,
        provenance=(Hop("password", Location("modules/data/main.tf", 3, 3, 3, 26)),),
    )


def buckets() -> list[Finding]:
    """Four instances that fail at one place, one of them waived."""
    base = finding(
        rule("s3-versioning"),
        Verdict.FAIL,
        Text("no aws_s3_bucket_versioning refers to it", "참조하는 aws_s3_bucket_versioning이 없음"),
    )
    made = [
        replace(
            base,
            resource=ResourceRef("aws_s3_bucket", f'aws_s3_bucket.store["{key}"]', "terraform"),
            location=Location("modules/data/main.tf", 6, 1, 6, 34),
        )
        for key in "abcd"
    ]
    waiver = Suppression("rebuilt every night", "data-team", "2026-03-31")
    return [*made[:3], replace(made[3], suppression=waiver)]


def others() -> list[Finding]:
    """One finding of every other verdict, and a component that the code does not have."""
    database = ResourceRef("aws_db_instance", "module.data.aws_db_instance.main", "terraform")
    unset = Text("var.kms_key has no value", "var.kms_key 값이 없음")
    missing = finding(rule("EX-CACHE-001"), Verdict.FAIL, _CACHE_MISSING, "cache")
    return [
        missing,
        replace(missing, requirement="EX-CACHE-002", severity=Severity.LOW),
        replace(
            finding(rule("EX-CACHE-001"), Verdict.UNKNOWN, Text("kms_key_id is unknown", "kms_key_id를 알 수 없음")),
            requirement="EX-DB-003",
            reason=unset,
            resource=database,
            location=Location("modules/data/main.tf", 1, 1, 1, 35),
            path="kms_key_id",
        ),
        replace(
            finding(rule("EX-DB-001"), Verdict.PASS, Text("multi_az is true", "multi_az 값이 true")), resource=database
        ),
        finding(rule("EX-DB-001"), Verdict.NOT_APPLICABLE, Text("nothing to check", "해당 자원 없음")),
        finding(rule("EX-DB-001"), Verdict.REVIEW, Text("a person must look at it", "담당자 확인 필요")),
    ]


def report(base: str = "/project") -> Report:
    """One of everything."""
    return Report(
        command="scan",
        started="2026-01-02T03:04:05Z",
        inputs=["production"],
        baselines=["example-production"],
        findings=[*buckets(), multi_az(), password(), *others()],
        rules={item.id: item for item in _RULES},
        notifications=[
            Notification(Level.NOTE, "two root modules were found"),
            Notification(Level.ERROR, "module not found: ../modules/edge", Location("production/main.tf", 2, 3, 2, 31)),
        ],
        base=base,
        stage="mvp",
    )


def lines(path: str) -> list[str]:
    """The lines of the sample's files."""
    return FILES.get(path, "").split("\n")


def write(directory: Path) -> None:
    """Puts the sample's files on disk."""
    for name, text in FILES.items():
        file = directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
