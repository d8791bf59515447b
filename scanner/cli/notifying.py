"""Where messages about audits go: what the command line and the configuration say of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from scanner.errors import UsageError

if TYPE_CHECKING:
    from scanner.cli.config import Config
    from scanner.model.changes import Changes
    from scanner.model.report import Report

URL_FROM: Final = "ASBUILT_WEBHOOK_URL"
Send: TypeAlias = "Callable[[Report, Changes, str], str | None]"


def sender(kind: str | None, url_from: str | None, settings: Config) -> Send | None:
    """What sends a message and gives what went wrong; None where nobody is to be told.

    Raises UsageError where the environment has no usable URL.
    """
    kind = kind or settings.notify
    if kind is None:
        if url_from is not None:
            raise UsageError("--notify-url-from needs --notify")
        return None
    variable = url_from or settings.notify_url_from or URL_FROM
    url = os.environ.get(variable, "").strip()
    if not url:
        raise UsageError(f"the environment variable {variable} has no URL", hint="it holds the URL of the webhook")
    from scanner.notify import Message, Webhook

    webhook = Webhook(kind, url)

    def send(report: Report, changes: Changes, language: str) -> str | None:
        account = ", ".join(value for key, value in report.identity.items() if key not in ("arn", "taken"))
        message = Message(report.baselines, report.system, account, changes, language)
        return webhook.send(message) if message.worth_telling else None

    return send
