"""What stands below a directory, without reading it: names, kinds, links, and what else decides whether a file is read.

Together with the content of the files that were opened it is all that a scan can see of a repository: a file that
appears, disappears, becomes a link or executable makes another tree, wherever it lies.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

Tree: TypeAlias = dict[str, str]
"""By path below the top (`/` between names): what stands there, as one word."""

_LARGE: Final = 1_000_000
"""Bytes up to which every source reads a file; above, the size itself is noted."""
_GIT: Final = ".git"


def tree_of(top: str) -> Tree:
    """Everything below a directory except `.git`. A directory that cannot be listed is noted as such."""
    return dict(_below(top, ""))


def tree_id(tree: Mapping[str, str]) -> str:
    """What identifies a tree."""
    lines = "\n".join(f"{path}\0{tree[path]}" for path in sorted(tree))
    return hashlib.blake2b(lines.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def reverted(tree: Tree, earlier: Mapping[str, str]) -> Tree:
    """The tree with some files as they were; directories come and go with them, as git has none that are empty."""
    made = dict(tree)
    for path, word in earlier.items():
        made.pop(path, None)
        if word:
            made[path] = word
            for directory in _directories(path):
                made[directory] = "directory"
    inhabited = {directory for path in made if not path.endswith("/") for directory in _directories(path)}
    emptied = {directory for path, word in earlier.items() if not word for directory in _directories(path)}
    return {path: word for path, word in made.items() if path not in emptied or path in inhabited}


def _directories(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[:count]) + "/" for count in range(1, len(parts) + 1)]


def _below(directory: str, prefix: str) -> Iterator[tuple[str, str]]:
    try:
        entries = list(os.scandir(directory))
    except OSError:
        yield f"{prefix}.", "unreadable"
        return
    for entry in entries:
        if entry.name == _GIT:
            continue
        path = f"{prefix}{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield f"{path}/", "directory"
            yield from _below(entry.path, f"{path}/")
        else:
            yield path, _word(entry)


def _word(entry: os.DirEntry[str]) -> str:
    try:
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISLNK(status.st_mode):
            return f"link {Path(entry.path).readlink()}"
    except OSError:
        return "unreadable"
    return word(status.st_mode, status.st_size)


def word(mode: int, size: int) -> str:
    """How a tree speaks of a file that is no link."""
    kind = "file" if stat.S_ISREG(mode) else f"kind {stat.S_IFMT(mode):o}"
    executable = " executable" if mode & stat.S_IXUSR else ""
    return f"{kind}{executable}{f' {size}' if size > _LARGE else ''}"
