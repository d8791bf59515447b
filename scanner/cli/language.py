"""Which language people read: the one asked for, else the locale's."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

import click

LANGUAGES: Final = ("en", "ko")


def choose_language(wanted: str | None) -> str:
    """`wanted`, or `ko` where the locale is Korean, or `en`."""
    if wanted:
        return wanted
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return "ko" if locale.lower().startswith("ko") else "en"


def language_given(arguments: Sequence[str]) -> str:
    """The language for errors, which may come before the arguments are read: as `--lang` or the environment says."""
    for place, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == "--lang":
            value = value if equals else next(iter(arguments[place + 1 :]), "")
            if value in LANGUAGES:
                return value
    given = os.environ.get("ASBUILT_LANG")
    return choose_language(given if given in LANGUAGES else None)


language_option = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    envvar="ASBUILT_LANG",
    help="Language of the texts. [default: from the locale]",
)
