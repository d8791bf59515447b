"""Telling a webhook what is new: Slack, Teams, or plain JSON.

A message names rules, titles and addresses, never the values that were found. The URL of a webhook is a secret: it is
never part of a message or of an error. Redirections are not followed.
"""

from __future__ import annotations

import http.client
import json
import re
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from scanner.errors import UsageError
from scanner.model.changes import Changes, Entry
from scanner.model.rule import Text

_MOST_LISTED: Final = 20
_SECONDS: Final = 10
_ATTEMPTS: Final = 4
_LONGEST_PAUSE: Final = 30.0
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")

_NEWS: Final = Text("new violations", "새 위반")
_AGAIN: Final = Text("violations again", "재발 위반")
_MORE: Final = Text("and {number} more", "외 {number}건")
_REST: Final = Text("fixed {fixed}, persisting {persisting}", "해결 {fixed}, 지속 {persisting}")


@dataclass(frozen=True, slots=True)
class Message:
    """What is told: against which baselines, as whom, and what has changed."""

    baselines: Sequence[str]
    system: str
    account: str
    changes: Changes
    language: str = "en"

    @property
    def worth_telling(self) -> bool:
        """Whether anything is new, or wrong again."""
        return bool(self.changes.new or self.changes.regressed)

    def head(self) -> str:
        """One line for all of it."""
        parts = [
            f"{len(entries)} {words.in_(self.language)}"
            for entries, words in ((self.changes.new, _NEWS), (self.changes.regressed, _AGAIN))
            if entries
        ]
        where = f"{self.system} {self.account}".strip()
        return f"asbuilt: {', '.join(parts)} ({', '.join(self.baselines)}; {where})"

    def lines(self) -> list[str]:
        """One line for each violation, the most severe first, not too many."""
        entries = sorted([*self.changes.new, *self.changes.regressed], key=lambda item: -item.severity.rank)
        shown = [self._line(entry) for entry in entries[:_MOST_LISTED]]
        left = len(entries) - len(shown)
        return shown + ([_MORE.in_(self.language).format(number=left)] if left else [])

    def rest(self) -> str:
        """What else has changed, in figures."""
        figures = {"fixed": len(self.changes.fixed), "persisting": len(self.changes.persisting)}
        return _REST.in_(self.language).format(**figures)

    def _line(self, entry: Entry) -> str:
        return f"{entry.severity.value} {entry.rule} {entry.title.in_(self.language)}: {entry.where}"


def slack(message: Message) -> dict[str, Any]:
    """The body for an incoming webhook of Slack."""
    lines = [f"*{_escaped(message.head())}*", *(f"• {_escaped(line)}" for line in message.lines())]
    return {"text": "\n".join([*lines, _escaped(message.rest())])}


def _escaped(text: str) -> str:
    """Text without the three characters that Slack reads as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def teams(message: Message) -> dict[str, Any]:
    """The body for a workflow of Teams that posts adaptive cards."""
    texts = [message.head(), *message.lines(), message.rest()]
    # Markdown's own characters would make links and emphasis of names.
    blocks = [{"type": "TextBlock", "text": re.sub(r"([\\`*_\[\]])", r"\\\1", text), "wrap": True} for text in texts]
    blocks[0] |= {"weight": "Bolder"}
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": blocks,
    }
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [content]}


def plain_json(message: Message) -> dict[str, Any]:
    """The body for anything else: everything by name."""

    def listed(entries: Sequence[Entry]) -> list[dict[str, Any]]:
        return [
            {
                "rule": entry.rule,
                "baseline": entry.baseline,
                "severity": entry.severity.value,
                "title": entry.title.as_dict(),
                "where": entry.where,
                "since": entry.since,
                "fingerprint": entry.fingerprint,
            }
            for entry in entries
        ]

    changes = message.changes
    return {
        "asbuilt": 1,
        "system": message.system,
        "account": message.account,
        "baselines": list(message.baselines),
        "new": listed(changes.new),
        "regressed": listed(changes.regressed),
        "fixed": listed(changes.fixed),
        "persisting": len(changes.persisting),
        "undecided": len(changes.undecided),
    }


BODIES: Final[Mapping[str, Callable[[Message], dict[str, Any]]]] = {"slack": slack, "teams": teams, "json": plain_json}


class Webhook:
    """Posts messages to one URL.

    Raises UsageError where the URL is none, or would carry the message unencrypted to another machine.
    """

    def __init__(self, kind: str, url: str, pause: Callable[[float], None] = time.sleep) -> None:
        self._kind = kind
        self._pause = pause
        try:
            self._url = urlsplit(url)
            usable = self._url.scheme in ("https", "http") and bool(self._url.hostname) and self._url.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise UsageError("the URL of the webhook is not one of the web")
        if self._url.scheme == "http" and self._url.hostname not in _LOOPBACK:
            raise UsageError("the URL of the webhook must begin with https://")

    def send(self, message: Message) -> str | None:
        """Posts a message, several times where that may help; gives what went wrong, None where nothing did."""
        body = json.dumps(BODIES[self._kind](message), ensure_ascii=False).encode()
        problem, pause = "", 1.0
        for attempt in range(_ATTEMPTS):
            if attempt:
                self._pause(pause)
            status, wait, problem = _post(self._url, body)
            if 200 <= status < 300:
                return None
            if status and status != 429 and status < 500:
                break
            pause = min(max(2.0**attempt, wait), _LONGEST_PAUSE)
        return f"the webhook was not told: {problem}"


def _post(url: SplitResult, body: bytes) -> tuple[int, float, str]:
    """The status of one attempt (0: no answer), how long to wait with the next one, and what to say of it."""
    connection: http.client.HTTPConnection
    host = url.hostname or ""
    if url.scheme == "https":
        connection = http.client.HTTPSConnection(host, url.port, timeout=_SECONDS, context=ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(host, url.port, timeout=_SECONDS)
    path = f"{url.path or '/'}{'?' + url.query if url.query else ''}"
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        response.read(4096)
        return response.status, _seconds(response.headers.get("Retry-After")), f"it answered {response.status}"
    except (OSError, http.client.HTTPException, ValueError) as error:
        # The text of some of these errors repeats the address, which is a secret.
        return 0, 0.0, f"no answer ({type(error).__name__})"
    finally:
        connection.close()


def _seconds(text: str | None) -> float:
    return float(text) if text is not None and text.isdigit() and len(text) < 6 else 0.0
