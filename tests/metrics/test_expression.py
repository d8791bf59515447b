from __future__ import annotations

from decimal import Decimal

import pytest

from scanner.metrics.asked import NoFigure
from scanner.metrics.expression import evaluate

FIGURES = {"a": Decimal(6), "b": Decimal(3), "zero": Decimal(0)}


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("a", 6),
        ("a + b * 2", 12),
        ("100*(1-b/a)", 50),
        ("a - b - 1.5", Decimal("1.5")),
        ("max(a, b) - min(a, b, 1)", 5),
        ("-a", -6),
        ("zero/a", 0),
    ],
)
def test_what_an_expression_makes(text: str, figure: Decimal | int) -> None:
    assert evaluate(text, FIGURES) == figure


@pytest.mark.parametrize("text", ["a/zero", "zero/zero", "a/(b-b)"])
def test_a_division_by_zero_is_no_figure(text: str) -> None:
    with pytest.raises(NoFigure, match="divides by zero"):
        evaluate(text, FIGURES)


@pytest.mark.parametrize(
    "text",
    [
        "a **b", "c", "a if b else a", "__import__('os')", "a.real", "max()", "max(a, key=b)", "sum(a)", "True", "'x'",
        "a <", "-" * 5000 + "a", "a[0]", "lambda: a", "1e999999999*a - 1e999999999*a",
    ],
)  # fmt: skip
def test_anything_else_is_no_figure_and_never_runs(text: str) -> None:
    with pytest.raises(NoFigure):
        evaluate(text, FIGURES)
