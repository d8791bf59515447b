"""The published schemas of document records and attestations say what the loaders accept."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from scanner.policy.attestations import Attestation, line_of
from scanner.policy.yaml_nodes import read_yaml

ROOT = Path(__file__).resolve().parents[2]
VALIDATORS = {
    name: Draft202012Validator(json.loads((ROOT / "scanner" / "schemas" / f"{name}.schema.json").read_text("utf-8")))
    for name in ("attestations", "document")
}
RECORDS = sorted((ROOT / "baselines" / "documents").glob("*.yaml"))
ENTRY = Attestation("SHOP-X-001", "Team", date(2026, 1, 2), date(2026, 2, 3), "wiki", "shop", 12.5, "note")


def problems(name: str, text: str) -> list[str]:
    return [error.message for error in VALIDATORS[name].iter_errors(read_yaml(text, "f.yaml").plain())]


@pytest.mark.parametrize("file", RECORDS, ids=lambda file: file.stem)
def test_every_record_fits(file):
    assert problems("document", file.read_text("utf-8")) == []


def test_what_attest_writes_fits():
    assert problems("attestations", line_of(ENTRY)) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("attestations", line_of(ENTRY).replace("by:", "from:")),
        ("attestations", line_of(ENTRY).replace("2026-01-02", "today")),
        ("attestations", "{requirement: SHOP-X-001}"),
        ("document", "baseline: shop"),
        ("document", "baseline: shop\nsections: {a: {digest: short}}"),
        ("document", "baseline: shop\nsections: {}\nexcluded: [{section: a}]"),
    ],
)
def test_what_the_loaders_refuse_does_not_fit(name, text):
    assert problems(name, text) != []
