"""Makes text from scanned files harmless to print.

Names and values in scanned code may hold terminal escape sequences, line breaks or characters that turn the reading
direction. They are shown as escapes instead of taking effect.
"""

from __future__ import annotations

import re

_HIDDEN = (
    "\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f"
)
_UNPRINTABLE = re.compile(f"[\x00-\x1f{_HIDDEN}]")
_UNPRINTABLE_LINES = re.compile(f"[\x00-\x09\x0b-\x1f{_HIDDEN}]")
_IN_JSON = re.compile(f"[{_HIDDEN}]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    """`text` on one line, with every control, direction-changing or invisible character written as an escape."""
    return _UNPRINTABLE.sub(_escape, text)


def visible_lines(text: str) -> str:
    """Like `visible`, for messages of several lines: line breaks stay."""
    return _UNPRINTABLE_LINES.sub(_escape, text)


def visible_json(text: str) -> str:
    r"""JSON text with the characters that JSON leaves alone, but terminals do not, as `\u` escapes.

    Also makes it encodable: half surrogates, which stand for undecodable bytes in file names, are escaped too.
    """
    return _IN_JSON.sub(_escape_json, text)


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _escape_json(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x10000:
        return f"\\u{code:04x}"
    offset = code - 0x10000
    return f"\\u{0xD800 + (offset >> 10):04x}\\u{0xDC00 + (offset & 0x3FF):04x}"


_IN_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#~!])")


def markdown(text: str) -> str:
    """`text` as one line of Markdown that means just these characters."""
    return _IN_MARKDOWN.sub(r"\\\1", visible(text)).replace("&", "&amp;")


def code(text: str) -> str:
    """`text` as code in one line of Markdown, whatever it holds."""
    shown = visible(text).replace("|", "\\|")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    return f"{fence} {shown} {fence}" if "`" in shown else f"`{shown}`"


def cell(text: str) -> str:
    """`text` for a table that a spreadsheet opens: never taken for a formula (OWASP, "CSV Injection")."""
    shown = visible(text)
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@") else shown
