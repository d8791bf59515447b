"""A small project to scan: one bucket and one database against a document of three requirements."""

from __future__ import annotations

from pathlib import Path

MAIN = """\
variable "multi_az" {
  type    = bool
  default = false
}

variable "key" {
  type = string
}

resource "aws_db_instance" "db" {
  identifier = "shop-db"
  engine     = "postgres"
  multi_az   = var.multi_az
  kms_key_id = var.key
}
"""

BASELINE = """\
baseline: shop
document: {title: Shop, original_title: Shop, version: "1.0", date: 2026-01-02}
scope: {cloud: aws, regions: [ap-northeast-2], environment: production}
components:
  db: {type: aws_db_instance, match: [{identifier: shop-db}], title: {en: Database, ko: 데이터베이스}}
  cache: {type: aws_elasticache_cluster, match: [{cluster_id: shop-cache}], title: {en: Cache, ko: 캐시}}
requirements:
  - id: SHOP-DB-001
    section: "5-1"
    title: {en: Two availability zones, ko: 다중 가용 영역}
    severity: high
    category: availability
    component: db
    assert: [{path: multi_az, op: equals, value: true}]
  - id: SHOP-DB-002
    section: "5-2"
    title: {en: Own key, ko: 고객 관리형 키}
    severity: medium
    category: encryption
    component: db
    assert: [{path: kms_key_id, op: equals, value: "alias/shop"}]
  - id: SHOP-DB-003
    section: "5-3"
    title: {en: PostgreSQL, ko: PostgreSQL}
    severity: low
    category: performance
    component: db
    assert: [{path: engine, op: equals, value: postgres}]
"""

CACHE = """\
  - id: SHOP-CACHE-001
    section: "6-1"
    title: {en: Small nodes, ko: 소형 노드}
    severity: low
    category: cost
    component: cache
    assert: [{path: node_type, op: equals, value: cache.t4g.small}]
"""


def write(directory: Path, *, with_cache: bool = False) -> None:
    """Puts `infra/main.tf` and `shop.yaml` below the directory."""
    (directory / "infra").mkdir()
    (directory / "infra/main.tf").write_text(MAIN, encoding="utf-8")
    (directory / "shop.yaml").write_text(BASELINE + (CACHE if with_cache else ""), encoding="utf-8")
