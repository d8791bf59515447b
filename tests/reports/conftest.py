"""Whole outputs are compared with files in golden/; ASBUILT_UPDATE_GOLDEN=1 writes them anew."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compares a text with golden/NAME."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN / name
        if os.environ.get("ASBUILT_UPDATE_GOLDEN") == "1":
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        assert text == file.read_text(encoding="utf-8"), f"{name} differs; ASBUILT_UPDATE_GOLDEN=1 accepts the change"

    return compare
