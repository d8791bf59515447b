"""A snapshot of many resources against a whole baseline: time and memory as it grows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks import tools
from benchmarks.measure import Command, Failed, Result, side_by_side
from benchmarks.report import Budget, Table, growth
from scanner.facts import load_facts
from scanner.model.resource import Origin, Resource
from scanner.model.value import from_plain
from scanner.policy.baseline import load_baseline
from scanner.policy.library import Library
from scanner.policy.needs import needed_types
from scanner.sources.snapshot import Header, write_snapshot
from scanner.sources.snapshot.read import matching

SIZES = (62_500, 125_000, 250_000, 500_000, 1_000_000)
BASELINE = "onno-production"
MOST_MIB = 1024

_TYPES = (
    "aws_cloudwatch_log_group", "aws_lambda_function", "aws_iam_role", "aws_ebs_snapshot", "aws_s3_bucket",
    "aws_ec2_network_interface", "aws_sqs_queue", "aws_dynamodb_table", "aws_ecr_repository", "aws_ami",
    "aws_cloudwatch_metric_alarm", "aws_ssm_parameter", "aws_route53_record", "aws_security_group", "aws_subnet",
    "aws_db_snapshot",
)  # fmt: skip
"""What large accounts have most of: about half of it is of types that the baseline looks at."""


def resources(count: int) -> Iterator[Resource]:
    """So many resources, spread over types, accounts and regions, none of them the document's."""
    for number in range(count):
        type_ = _TYPES[number % len(_TYPES)]
        name = f"team-{number % 400}-{number}"
        account = f"{100_000_000_000 + number // 2_000:012}"
        attributes = {
            "id": name,
            "arn": f"arn:aws:service:ap-northeast-2:{account}:resource/{name}",
            "name": name,
            "tags": {"Name": name, "Team": f"team-{number % 400}", "CostCenter": str(number % 97)},
            "description": "Made by the team that owns it; see the runbook of the team for what it is good for.",
            "kms_key_id": f"arn:aws:kms:ap-northeast-2:{account}:key/{number:036}",
            "retention_in_days": 30,
        }
        root = f"{account}/ap-northeast-2"
        identity = {"id": name, "arn": str(attributes["arn"])}
        yield Resource(type_, f"{type_}/{name}", from_plain(attributes), None, Origin.AWS, root, identity=identity)


def growing(rounds: int, sizes: tuple[int, ...] = SIZES) -> Iterator[Table]:
    """Audits of snapshots of these sizes, side by side."""
    with tempfile.TemporaryDirectory() as temporary:
        files = {count: Path(temporary) / f"{count}.jsonl.gz" for count in sizes}
        for count, file in files.items():
            write_snapshot(file, Header("2026-01-01T00:00:00Z", "aws"), resources(count))
        commands = {str(count): audit(file) for count, file in files.items()}
        results = side_by_side(commands, rounds)
        bytes_ = {count: file.stat().st_size for count, file in files.items()}
    measured = [(count, bytes_[count], result) for count in sizes if isinstance(result := results[str(count)], Result)]
    if any(isinstance(result, Failed) for result in results.values()):
        yield Table("Snapshots", "Did not run.", results, "", {})
        return
    table = growth(measured)
    yield replace(
        table,
        title=f"Snapshots against {BASELINE}",
        note=f"Generated snapshots with {len(_TYPES)} resource types, of which the baseline looks at "
        f"{looked_at()}. The largest takes {measured[-1][2].processor / measured[0][2].processor:.1f} times the "
        f"processor time of the smallest.",
        budgets=[*table.budgets, Budget("MiB for the largest", measured[-1][2].peak_mib, MOST_MIB)],
    )


def looked_at() -> int:
    """How many of the types the baseline needs."""
    facts = load_facts()
    wanted = matching(needed_types(load_baseline(BASELINE, Library.load(None, facts), facts)))
    return sum(wanted(type_) for type_ in _TYPES)


def audit(file: Path) -> Command:
    """The audit of a snapshot as people run it."""
    arguments = ("audit", "aws", "--snapshot", str(file), "--baseline", BASELINE, "--quiet")
    return tools.asbuilt(*arguments, directory=tools.ROOT)
