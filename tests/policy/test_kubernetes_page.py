"""What docs/kubernetes.md says about functions is all that there is."""

from __future__ import annotations

import re
from pathlib import Path

from scanner.policy.functions.kubernetes import FUNCTIONS

PAGE = (Path(__file__).parents[2] / "docs" / "kubernetes.md").read_text("utf-8")


def test_every_function_is_documented_with_its_arguments() -> None:
    rows = re.findall(r"(?m)^\| `(kubernetes_\w+)` \| [^|]* \| ([^|]*) \|", PAGE)
    documented = {name: set(re.findall(r"`(\w+)`", arguments)) for name, arguments in rows}
    assert documented == {item.name: {*item.arguments, *item.optional} for item in FUNCTIONS}
