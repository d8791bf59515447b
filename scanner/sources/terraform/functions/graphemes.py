"""Splitting text into grapheme clusters, what people call characters, as Terraform counts them.

The rules are those of Unicode Standard Annex 29, with the ranges of emoji and Hangul written out and the other
properties taken from the general categories.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import category

_JOINER = "\u200d"
_PICTOGRAPH = re.compile(
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a-\u231b\u2328\u2388\u23cf\u23e9-\u23f3"
    "\u23f8-\u23fa\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u2605\u2607-\u2612\u2614-\u2685\u2690-\u2705"
    "\u2708-\u2712\u2714\u2716\u271d\u2721\u2728\u2733\u2734\u2744\u2747\u274c\u274e\u2753-\u2755\u2757\u2763-\u2767"
    "\u2795-\u2797\u27a1\u27b0\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001f0ff\U0001f10d-\U0001f10f\U0001f12f\U0001f16c-\U0001f171\U0001f17e-\U0001f17f\U0001f18e"
    "\U0001f191-\U0001f19a\U0001f1ad-\U0001f1e5\U0001f201-\U0001f20f\U0001f21a\U0001f22f\U0001f232-\U0001f23a"
    "\U0001f23c-\U0001f23f\U0001f249-\U0001f3fa\U0001f400-\U0001f53d\U0001f546-\U0001f64f\U0001f680-\U0001f6ff"
    "\U0001f774-\U0001f77f\U0001f7d5-\U0001f7ff\U0001f80c-\U0001f80f\U0001f848-\U0001f84f\U0001f85a-\U0001f85f"
    "\U0001f888-\U0001f88f\U0001f8ae-\U0001f8ff\U0001f90c-\U0001f93a\U0001f93c-\U0001f945\U0001f947-\U0001faff"
    "\U0001fc00-\U0001fffd]"
)


def graphemes(text: str) -> list[str]:
    """The grapheme clusters of `text`, in order; joined they are `text` again."""
    if text.isascii() and "\r" not in text:
        return list(text)
    clusters: list[str] = []
    for character in text:
        if clusters and _continues(clusters[-1], character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _continues(cluster: str, character: str) -> bool:
    last, following = _kind(cluster[-1]), _kind(character)
    if last == "control" or following == "control":
        return cluster == "\r" and character == "\n"
    if following in ("extend", "joiner", "spacing") or last == "prepend":
        return True
    if following == "pictograph" and last == "joiner":
        base = cluster.rstrip(_JOINER)
        return bool(base) and _kind(_without_extenders(base)[-1:] or " ") == "pictograph"
    if last == "flag" and following == "flag":
        return len(cluster) % 2 == 1
    return following in _HANGUL.get(last, ())


def _without_extenders(cluster: str) -> str:
    while cluster and _kind(cluster[-1]) in ("extend", "joiner"):
        cluster = cluster[:-1]
    return cluster


_HANGUL = {"L": ("L", "V", "LV", "LVT"), "LV": ("V", "T"), "V": ("V", "T"), "LVT": ("T",), "T": ("T",)}


@lru_cache(maxsize=4096)
def _kind(character: str) -> str:
    code = ord(character)
    if code < 0x300:
        return _latin_kind(character, code)
    if character == _JOINER:
        return "joiner"
    hangul = _hangul_kind(code)
    if hangul:
        return hangul
    if 0x1F3FB <= code <= 0x1F3FF or code in (0x200C, 0xFF9E, 0xFF9F) or 0xE0020 <= code <= 0xE007F:
        return "extend"
    if 0x1F1E6 <= code <= 0x1F1FF:
        return "flag"
    if 0x600 <= code <= 0x605 or code in (0x6DD, 0x70F, 0x8E2, 0x110BD, 0x110CD):
        return "prepend"
    general = category(character)
    if general in ("Mn", "Me"):
        return "extend"
    if general == "Mc":
        return "spacing"
    if general in ("Cc", "Cf", "Zl", "Zp", "Cs"):
        return "control"
    return "pictograph" if _PICTOGRAPH.match(character) else "other"


def _latin_kind(character: str, code: int) -> str:
    if code < 0x20 or 0x7F <= code < 0xA0 or code == 0xAD:
        return "control"
    return "pictograph" if _PICTOGRAPH.match(character) else "other"


def _hangul_kind(code: int) -> str:
    if 0xAC00 <= code <= 0xD7A3:
        return "LV" if (code - 0xAC00) % 28 == 0 else "LVT"
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "L"
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "V"
    return "T" if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB else ""
