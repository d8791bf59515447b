"""Texts of the page, each stored once: thousands of findings repeat the same names, titles and values."""

from __future__ import annotations

from scanner.model.rule import Text
from scanner.reports.escape import visible

_LONGEST = 4_000
"""Characters of one text; longer ones are values that nobody reads in a browser."""


class Pool:
    """Gives each text a number; `entries` has a string, or English and Korean where they differ."""

    def __init__(self) -> None:
        self.entries: list[str | list[str]] = []
        self._numbers: dict[tuple[str, str], int] = {}

    def add(self, text: Text | str | None) -> int | None:
        """The number of a text, None for none. What would control or confuse a reader is made visible."""
        if text is None:
            return None
        key = (text, text) if isinstance(text, str) else (text.en, text.ko)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.entries)
            english, korean = map(_shown, key)
            self.entries.append(english if english == korean else [english, korean])
        return number


def _shown(text: str) -> str:
    return visible(text if len(text) <= _LONGEST else text[:_LONGEST] + "…")
