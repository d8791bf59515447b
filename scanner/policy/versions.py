"""Versions as engines and images write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)(\.[xX*])?(?:-(alpha|beta|rc|pre|dev|snapshot|preview)[.\-]?(\d*))?", re.I)
_STAGES = ["dev", "snapshot", "alpha", "beta", "preview", "pre", "rc"]


@dataclass(slots=True, frozen=True)
class Version:
    """`numbers` without trailing zeros; a pre-release sorts before its release; `open` where `.x` leaves the rest."""

    text: str
    numbers: tuple[int, ...]
    length: int
    prerelease: tuple[int, int] | None
    open: bool

    def order(self, other: Version) -> int | None:
        """-1, 0 or 1; None where this version stops before the part in which the other one goes on.

        "16" against "16.1" is undecidable because a platform that is told 16 picks the minor version itself.
        """
        for at in range(max(len(self.numbers), len(other.numbers))):
            beyond = at >= self.length
            if beyond and (self.length < 3 or self.open):
                return None
            mine = self.numbers[at] if at < len(self.numbers) else 0
            theirs = other.numbers[at] if at < len(other.numbers) else 0
            if mine != theirs:
                return 1 if mine > theirs else -1
        mine_pre = self.prerelease or (len(_STAGES), 0)
        theirs_pre = other.prerelease or (len(_STAGES), 0)
        return int(mine_pre > theirs_pre) - int(mine_pre < theirs_pre)


def read_version(text: str) -> Version | None:
    """The version that a text begins with (`v1.29.3`, `7.x`; `8.0.mysql_aurora.3.04.0` is 8.0), None without one."""
    match = _VERSION.match(text.strip())
    rest = text.strip()[match.end() :] if match else ""
    if match is None or rest[:1].isalnum():
        return None
    numbers = [int(part) for part in match[1].split(".")]
    length = len(numbers)
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    prerelease = (_STAGES.index(match[3].lower()), int(match[4] or 0)) if match[3] else None
    return Version(text.strip(), tuple(numbers), length, prerelease, match[2] is not None)
