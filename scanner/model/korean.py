"""Korean particles: which of two forms follows a word."""

from __future__ import annotations

import re
from functools import lru_cache

_PAIRS = {"은": ("은", "는"), "이": ("이", "가"), "을": ("을", "를"), "와": ("과", "와"), "이어야": ("이어야", "여야")}
_DIGITS_WITH_FINAL = "013678"
_SPELLED = frozenset({"id", "ip", "db", "az", "http", "https", "kms", "dns", "tls", "vpc", "iops"})
"""Abbreviations that are read letter by letter and end in a vowel."""
_LETTERS = re.compile(r"[A-Za-z]+\Z")


def particle(word: str, after_consonant: str) -> str:
    """The form of a particle, named by its form after a consonant (은 이 을 이어야; 와 for 과/와), that follows `word`.

    Latin words are judged by how they are usually read in Korean: a final l, m, n or ng closes the syllable, and so
    does a single vowel with p, t, k, c or b (`bucket` 버킷, `type` 타입); `port` 포트, `period` 피리어드 stay open.
    """
    with_final, without = _PAIRS[after_consonant]
    return with_final if _has_final(word) else without


def with_particle(word: str, after_consonant: str) -> str:
    """The word and the particle that fits it."""
    return word + particle(word, after_consonant)


@lru_cache(maxsize=4096)
def _has_final(word: str) -> bool:
    text = re.sub(r"[^0-9A-Za-z가-힣]+\Z", "", word)
    if not text:
        return False
    last = text[-1]
    if "가" <= last <= "힣":
        return (ord(last) - ord("가")) % 28 != 0
    if last.isdigit():
        return last in _DIGITS_WITH_FINAL
    match = _LETTERS.search(text)
    return _latin_final(match[0].lower()) if match else False


def _latin_final(word: str) -> bool:
    if word in _SPELLED:
        return False
    if len(word) == 1:
        return word in "lmnr"
    if re.search(r"(?:[lmn]|ng)\Z", word) or re.search(r"[aeiouy][lmn]e\Z|[bdgptk]le\Z|[iy]pe\Z", word):
        return True
    return re.search(r"(?:^|[^aeiou])[aeiou][ptkcb]\Z|ck\Z|[aeo]u[pt]\Z", word) is not None
