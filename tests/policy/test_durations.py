"""Durations in the spellings of Go, Prometheus, Terraform, EventBridge and ISO 8601, in seconds."""

from __future__ import annotations

from decimal import Decimal

import pytest

from scanner.policy.readers import read_duration
from scanner.policy.structures import Mismatch, literal


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("15", "15"),
        ("15s", "15"),
        ("15000ms", "15"),
        ("0m15s", "15"),
        ("300us", "0.0003"),
        ("1h30m", "5400"),
        ("5 minutes", "300"),
        ("10 secs", "10"),
        ("rate(1 minute)", "60"),
        ("2 days", "172800"),
        ("PT10M", "600"),
        ("P1DT1H", "90000"),
    ],
)
def test_one_length_has_many_spellings(written: str, seconds: str) -> None:
    assert read_duration(literal(written)) == Decimal(seconds)


@pytest.mark.parametrize("written", ["", "soon", "5 parsecs", "m", "10x5"])
def test_what_is_no_duration_is_refused(written: str) -> None:
    with pytest.raises(Mismatch):
        read_duration(literal(written))
