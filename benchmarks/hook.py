"""The hook for pre-commit on a repository of 300 files of which a commit changes five, beside that of checkov."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from benchmarks import tools
from benchmarks.generate import write_repository
from benchmarks.measure import Command, Failed, Result, run, side_by_side
from benchmarks.report import Budget, Table, ratio

MILLISECONDS = 200
LEAD = 15
FIRST = "asbuilt hook, first run after an edit"
AGAIN = "asbuilt hook, repeated"
WHOLE = "asbuilt scan of everything"
CHECKOV = "checkov on the five files"


def tables(rounds: int, checkov: Path | None) -> Iterator[Table]:
    """The section of the page; `checkov` is its executable, None where it is not measured."""
    with tempfile.TemporaryDirectory() as temporary:
        top = Path(temporary).resolve() / "repository"
        changed = [str(file.relative_to(top)) for file in write_repository(top)]
        _commit(top)
        cache = {"XDG_CACHE_HOME": str(Path(temporary).resolve() / "cache")}
        run(_own(top, cache, "hook"))  # the last commit went through the hook as well
        numbers = count()
        commands = _commands(top, cache, changed, numbers)
        if checkov is not None:
            named = [word for name in changed for word in ("--file", name)]
            commands[CHECKOV] = Command([str(checkov), *tools.TOOLS["checkov"].file[:-1], *named], top)
        results = side_by_side(commands, rounds)
    note = (
        "60 small root modules over 15 shared modules (`benchmarks/generate.py`) in a git repository, the default "
        "profile, a commit that changes five files. The first run after an edit decides the whole repository again; "
        "a repeated one (a second attempt, the other hook, a commit that no rule looks at) finds that nothing changed."
    )
    yield Table("Hook for pre-commit: 5 changed files of 300", note, results, AGAIN, {}, _budgets(results))


def _commands(top: Path, cache: dict[str, str], changed: Sequence[str], numbers: Iterator[int]) -> dict[str, Command]:
    def edit() -> None:
        number = next(numbers)
        for name in changed:
            file = top / name
            text = file.read_text(encoding="utf-8").split("\n# edit")[0].rstrip("\n")
            file.write_text(f"{text}\n# edit {number}\n", encoding="utf-8")

    hook = _own(top, cache, "hook", *changed)
    return {FIRST: replace(hook, before=edit), AGAIN: hook, WHOLE: _own(top, cache, "scan", "--quiet")}


def _own(top: Path, cache: dict[str, str], *arguments: str) -> Command:
    command = tools.asbuilt(*arguments, directory=top)
    return replace(command, environment={**(command.environment or {}), **cache})


def _budgets(results: dict[str, Result | Failed]) -> list[Budget]:
    found: list[Budget] = []
    for name in (AGAIN, FIRST):
        if isinstance(result := results[name], Result):
            found.append(Budget(f"{name}, milliseconds", result.seconds * 1000, MILLISECONDS))
        if (times := ratio(results, CHECKOV, name)) is not None:
            found.append(Budget(f"{CHECKOV} / {name}", times, LEAD, at_least=True))
    return found


def _commit(top: Path) -> None:
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        subprocess.run([*git, *words], cwd=top, check=True)
