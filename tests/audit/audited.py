"""A small account to audit: a bucket, a database and what could not be read, as a source yields them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from scanner.model.inventory import Level, Notification
from scanner.model.resource import Origin, Resource
from scanner.model.value import MASK, Reason, Value, from_plain, plain, unknown
from scanner.model.words import Words
from scanner.sources.snapshot import Header, write_snapshot

ROOT = "123456789012/ap-northeast-2"
HEADER = Header(
    "2026-11-20T18:00:00Z",
    "aws",
    {"account": "123456789012", "arn": "arn:aws:sts::123456789012:assumed-role/auditor/nightly"},
    ("ap-northeast-2",),
)
DENIED = Notification(
    Level.ERROR,
    "elasticache DescribeReplicationGroups ap-northeast-2: access denied"
    " (missing permission elasticache:DescribeReplicationGroups)",
    hides=("aws_elasticache_replication_group",),
)


def live(type_: str, name: str, attributes: dict[str, Any], *, root: str = ROOT, **extra: Value) -> Resource:
    """A resource of the account."""
    values = {key: from_plain(item) for key, item in attributes.items()} | extra
    identity = {"id": name, "arn": f"arn:aws:x:::{name}"}
    return Resource(type_, f"{type_}/{name}", Value(values), None, Origin.AWS, root, identity=identity)


def database(**changed: Any) -> Resource:
    """The database that the document names."""
    attributes = {"identifier": "shop-db", "engine": "postgres", "multi_az": True, "kms_key_id": "alias/shop"}
    return live("aws_db_instance", "shop-db", attributes | changed)


def everything() -> list[Resource | Notification]:
    """One of each kind of value."""
    return [
        live("aws_s3_bucket", "shop-files", {"tags": {"Name": "파일"}, "share": Decimal("0.5")}),
        database(backup_retention_period=7, ports=[443, 8443], note=None),
        live(
            "aws_elasticache_cluster",
            "shop-cache",
            {"cluster_id": "shop-cache", "log": {"url": "https://user:hunter2@example.com/log"}},
            auth_token=Value("hunter2", sensitive=True),
            node_type=unknown(Reason.UNREADABLE, Words("access denied", "접근 거부")),
        ),
        DENIED,
    ]


def stored(path: Path, items: list[Resource | Notification], header: Header = HEADER) -> Path:
    """A snapshot of these."""
    write_snapshot(path, header, items)
    return path


class FakeSource:
    """A live source that answers from a list."""

    def __init__(self, items: list[Resource | Notification]) -> None:
        self.items = items

    def stream(self) -> Iterator[Resource | Notification]:
        """What it reads."""
        yield from self.items

    def identity(self) -> dict[str, str]:
        """Who reads."""
        return dict(HEADER.identity)


def data(resource: Resource) -> object:
    """A resource as comparable data."""
    return (
        resource.type, resource.address, resource.root, resource.origin, dict(resource.identity),
        plain(resource.attributes),
    )  # fmt: skip


__all__ = ["DENIED", "HEADER", "MASK", "ROOT", "FakeSource", "data", "database", "everything", "live", "stored"]
