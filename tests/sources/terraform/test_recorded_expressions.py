"""Expressions evaluate as Terraform 1.11.4 evaluated them (outputs of the module in `recorded`)."""

import json
from decimal import Decimal
from pathlib import Path
from shutil import copytree

import pytest
from tf_project import evaluated

from scanner.model.value import Unknown, plain

RECORDED = Path(__file__).parent / "recorded"
CASES = json.loads((RECORDED / "expressions.json").read_text(encoding="utf-8"), parse_float=Decimal)


@pytest.fixture(scope="module")
def module(tmp_path_factory):
    return copytree(RECORDED, tmp_path_factory.mktemp("recorded") / "module")


@pytest.mark.parametrize("case", CASES, ids=[case["expression"][:60] for case in CASES])
def test_an_expression_has_the_value_that_terraform_gives_it(module: Path, case: dict[str, object]) -> None:
    before = (RECORDED / "main.tf").read_text(encoding="utf-8")
    found = evaluated(module, str(case["expression"]), before)
    if case.get("refused"):
        assert isinstance(found.raw, Unknown)
    else:
        assert numbers(plain(found)) == numbers(case["value"])


def numbers(data: object) -> object:
    """Numbers as Terraform's JSON output rounds them."""
    if isinstance(data, dict):
        return {key: numbers(item) for key, item in data.items()}
    if isinstance(data, list):
        return [numbers(item) for item in data]
    return float(data) if isinstance(data, int | float | Decimal) and not isinstance(data, bool) else data
