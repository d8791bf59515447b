"""In which region a provider configuration works, and what may live outside the primary regions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scanner.model.finding import Verdict
from scanner.model.path import lookup
from scanner.model.resource import Resource
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown
from scanner.model.words import Words
from scanner.policy.evidence import HOLDS, Outcome, all_hold
from scanner.policy.functions.base import Arguments, Function, missing, said, texts, undecided
from scanner.policy.world import Subject

_PRIMARY_ONLY: Final = (
    "aws_alb",
    "aws_autoscaling_group",
    "aws_db_instance",
    "aws_dynamodb_table",
    "aws_ecs_cluster",
    "aws_ecs_service",
    "aws_eks_cluster",
    "aws_elasticache_replication_group",
    "aws_instance",
    "aws_lambda_function",
    "aws_lb",
    "aws_nat_gateway",
    "aws_rds_cluster",
    "aws_subnet",
    "aws_vpc",
)
"""Types that serve users; copies, keys, certificates, topics and roles may live in a recovery region."""

_COPY_OF = {
    "aws_db_instance": ("replicate_source_db", "snapshot_identifier"),
    "aws_rds_cluster": ("replication_source_identifier", "global_cluster_identifier", "snapshot_identifier"),
    "aws_elasticache_replication_group": ("global_replication_group_id",),
}
_FROM_OUTSIDE = Unknown(
    Reason.UNSUPPORTED,
    Words("the region is not in the code; it comes from the environment", "리전이 코드에 없고 실행 환경에서 정해짐"),
)


def _decide(subject: Subject, arguments: Arguments) -> Outcome:
    provider = subject.resource
    assert provider is not None
    unknown = missing(arguments)
    if unknown is not None:
        return undecided(subject, unknown)
    value = lookup(provider.attributes, "region")[0].value
    if value.is_absent:
        return undecided(subject, _FROM_OUTSIDE, path="region")
    if isinstance(value.raw, Unknown):
        return undecided(subject, value.raw, value, "region")
    primary = texts(arguments, "primary")
    further = texts(arguments, "recovery") + texts(arguments, "global")
    alias = not lookup(provider.attributes, "alias")[0].value.is_absent
    if value.raw in primary or (alias and value.raw in further):
        return all_hold(_misplaced(subject, provider, str(value.raw), primary))
    allowed = primary + further if alias else primary
    words = Text(
        f"region is {value.raw}, expected {', '.join(allowed)}", f"리전이 {value.raw}인데 {', '.join(allowed)}이어야 함"
    )
    return said(Verdict.FAIL, subject, words, path="region", at=value, expected=list(allowed), actual=str(value.raw))


def _misplaced(subject: Subject, provider: Resource, region: str, primary: list[str]) -> Iterator[Outcome]:
    """Resources of this provider's region that belong in a primary one."""
    if region in primary:
        yield HOLDS
        return
    for resource in subject.world.of_types(_PRIMARY_ONLY):
        place = lookup(resource.attributes, "provider.region")[0].value
        if resource.root != provider.root or place.raw != region or _is_copy(resource):
            continue
        words = Text(f"{resource.address} lives in {region}", f"{resource.address} 리소스가 {region}에 있음")
        yield said(
            Verdict.FAIL, subject, words, path="region", at=place.with_(location=resource.location), actual=region
        )


def _is_copy(resource: Resource) -> bool:
    return any(not lookup(resource.attributes, name)[0].value.is_absent for name in _COPY_OF.get(resource.type, ()))


FUNCTIONS = (
    Function(
        "provider_region",
        "Whether a provider configuration works in an accepted region, and only copies live outside the primary ones",
        ("primary",),
        _decide,
        ("recovery", "global"),
    ),
)
