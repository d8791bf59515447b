"""Files of an earlier git revision, taken from git's objects: the working tree and the index stay untouched.

Needs the `git` program. Nothing of a repository is executed: objects are only listed and read, so no hook, filter or
attribute takes part, and nothing is fetched.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final, NamedTuple

from scanner.errors import UsageError

_MAX_BLOB: Final = 100_000_000
"""Bytes of a file; what is larger is read by no source."""
_FILES: Final = frozenset({"100644", "100755"})
_LINK: Final = "120000"
_UNATTENDED: Final = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}


class _Entry(NamedTuple):
    mode: str
    object: str
    path: PurePosixPath


@dataclass(frozen=True, slots=True)
class Change:
    """A path that differs from a commit: its mode and object there (zeros: it was not there)."""

    path: str
    mode: str
    object: str


def changed_since(repository: Path, commit: str) -> list[Change]:
    """What tracked files of the working tree differ from a commit, deleted ones among them, by their paths.

    Raises UsageError where git cannot say.
    """
    listed = _git(
        repository, "diff", "--raw", "-z", "--no-abbrev", "--no-renames", "--ignore-submodules=dirty", commit, "--"
    )
    if listed is None:
        raise UsageError(f"git cannot compare the working tree with {commit}")
    words = listed.rstrip("\0").split("\0") if listed else []
    return [
        Change(path, about.split(" ")[0].removeprefix(":"), about.split(" ")[2])
        for about, path in zip(words[::2], words[1::2], strict=True)
    ]


def paths_of(repository: Path, commit: str) -> set[str]:
    """The paths of everything in a commit. Raises UsageError where git cannot list it."""
    return {entry.path.as_posix() for entry in _entries(repository, commit)}


def commit_of(repository: Path, revision: str) -> str | None:
    """The id of the commit that a revision names; None where there is none, as before the first commit."""
    return _git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")


@contextmanager
def files_of(repository: Path, revision: str) -> Iterator[Path]:
    """A temporary directory with the files of a commit; it looks like the top of a repository.

    Raises UsageError where git or an object is missing.
    """
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="asbuilt-") as name:
        top = Path(name).resolve()
        (top / ".git").mkdir()
        _write(repository, list(_entries(repository, revision)), top)
        yield top


def merge_base(repository: Path, reference: str) -> str:
    """The commit where the working tree's branch and `reference` part.

    Raises UsageError for what is no revision, and where the history that is there does not reach so far.
    """
    commit = commit_of(repository, reference)
    if commit is None:
        raise UsageError(
            f"git knows no revision {reference}, and there is no such report",
            hint=f"git fetch origin {reference}   (in GitHub Actions: fetch-depth: 0)",
        )
    base = _git(repository, "merge-base", commit, "HEAD")
    if base is None:
        raise UsageError(
            f"{reference} and HEAD have no commit in common here",
            hint="a shallow clone knows too little: git fetch --unshallow   (in GitHub Actions: fetch-depth: 0)",
        )
    return base


def _git(repository: Path, *arguments: str) -> str | None:
    """What git prints; None where it says no. Raises UsageError where there is no git."""
    try:
        done = subprocess.run(_command(repository, *arguments), capture_output=True, env=_environment(), check=False)
    except OSError as error:
        raise UsageError(f"git cannot be run: {error.strerror}", hint="--compare-to a revision needs git") from error
    if done.returncode > 1 and b"not a git repository" in done.stderr:
        raise UsageError(f"{repository} is not in a git repository", hint="--compare-to report.json needs none")
    return os.fsdecode(done.stdout).rstrip("\n") if done.returncode == 0 else None


def _command(repository: Path, *arguments: str) -> list[str]:
    return ["git", "-C", str(repository), "-c", "core.fsmonitor=false", *arguments]


def _environment() -> dict[str, str]:
    return {**os.environ, **_UNATTENDED}


def _entries(repository: Path, revision: str) -> Iterator[_Entry]:
    listed = _git(repository, "ls-tree", "-r", "-z", "--full-tree", revision)
    if listed is None:
        raise UsageError(f"git cannot list the files of {revision}")
    for line in listed.split("\0"):
        if line:
            about, _, path = line.partition("\t")
            mode, _, object_ = about.split(" ")
            yield _Entry(mode, object_, PurePosixPath(path))


def _write(repository: Path, entries: list[_Entry], top: Path) -> None:
    command = _command(repository, "cat-file", "--batch")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment()) as git:
        assert git.stdin is not None
        assert git.stdout is not None
        for entry in entries:
            if (entry.mode in _FILES or entry.mode == _LINK) and _harmless(entry.path):
                git.stdin.write(f"{entry.object}\n".encode())
                git.stdin.flush()
                content = _content(git.stdout, entry)
                if content is not None:
                    _put(entry, content, top)
        git.stdin.close()


def _harmless(path: PurePosixPath) -> bool:
    """Git refuses other names itself; a repository that was made by hand must not write elsewhere either."""
    return not path.is_absolute() and not {"..", ".git"} & set(path.parts)


def _content(stream: IO[bytes], entry: _Entry) -> bytes | None:
    """The content of an object as `cat-file --batch` gives it; None where it is too large to be read.

    Raises UsageError where the object is not there (a partial clone).
    """
    head = stream.readline().split()
    if len(head) != 3:
        raise UsageError(
            f"git does not have the content of {entry.path} at that revision",
            hint="a partial clone? git fetch --refetch",
        )
    size = int(head[2])
    if size <= _MAX_BLOB:
        return stream.read(size + 1)[:-1]
    left = size + 1
    while left:
        left -= len(stream.read(min(left, 1 << 20)))
    return None


def _put(entry: _Entry, content: bytes, top: Path) -> None:
    place = top / entry.path
    place.parent.mkdir(parents=True, exist_ok=True)
    if entry.mode != _LINK:
        place.write_bytes(content)
        return
    target = Path(os.path.normpath(place.parent / os.fsdecode(content)))
    if target.is_relative_to(top):
        place.symlink_to(os.path.relpath(target, place.parent))
