"""A policy, a baseline, and a directory of such files for single tests."""

from __future__ import annotations

from pathlib import Path

from engine import FACTS

from scanner.policy.baseline import Baseline, load_baseline
from scanner.policy.library import Library

POLICY = """\
id: backup-days
title: {en: Backups are kept, ko: 백업 보존}
severity: high
category: backup
description: {en: A restore needs a backup., ko: 복원에는 백업이 필요하다.}
remediation: {en: Set backup_days., ko: backup_days를 설정한다.}
params:
  min_days: {type: integer, minimum: 1, maximum: 35, default: 7, description: Shortest accepted retention}
checks:
  - select: {type: test_database, where: [{path: name, op: exists}]}
    assert: [{path: backup_days, op: gte, value: "${min_days}"}]
examples:
  - {name: kept, expect: pass, terraform: "x"}
"""

BASELINE = """\
baseline: shop
document: {title: Shop architecture, version: "1.0"}
scope: {cloud: aws, regions: [ap-northeast-2]}
stages: [mvp, growth, scale]
inputs:
  days: {type: integer, minimum: 1, description: {en: Days, ko: 일수}}
components:
  db:
    type: test_database
    match: [{name: shop-db}, {tags.Name: "shop-*"}]
    title: {en: Database, ko: 데이터베이스}
requirements:
  - id: SHOP-DB-001
    section: "1-1"
    title: {en: Backups are kept, ko: 백업 보존}
    severity: high
    category: backup
    component: db
    policy: backup-days
    with: {min_days: "${days}"}
"""


class Files:
    """A directory of policies and baselines."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        (directory / "policies").mkdir()
        self.policy(POLICY)

    def policy(self, text: str, name: str = "backup-days") -> Path:
        file = self.directory / "policies" / f"{name}.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    def library(self, *, cache: bool = False) -> Library:
        return Library.load([self.directory / "policies"], FACTS, cache=cache)

    def baseline(self, text: str = BASELINE, *, cache: bool = False) -> Baseline:
        file = self.directory / "shop.yaml"
        file.write_text(text, encoding="utf-8")
        return load_baseline(file, self.library(cache=cache), FACTS, cache=cache)
