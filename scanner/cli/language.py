"""Which language people read: the one asked for, else the locale's."""

from __future__ import annotations

import os

import click


def choose_language(wanted: str | None) -> str:
    """`wanted`, or `ko` where the locale is Korean, or `en`."""
    if wanted:
        return wanted
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return "ko" if locale.lower().startswith("ko") else "en"


language_option = click.option(
    "--lang",
    type=click.Choice(["en", "ko"]),
    envvar="ASBUILT_LANG",
    help="Language of the texts. [default: from the locale]",
)
