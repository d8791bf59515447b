"""The pipeline of `asbuilt hook`: what the changed files cause, out of everything that a scan decides.

A repository is decided as a whole, since a rule may look at several files; the result is kept and given out again as
long as everything that the scan could see is the same (scanner.recall). Of it a commit answers for
* what speaks of a file that it changes: its place, a place that its value comes from, the block of its resource;
* what was not so before, wherever it is: what is turned off elsewhere, or missing because it was deleted.
Prints nothing, knows no command line.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scanner.errors import UsageError
from scanner.recall.items import Item
from scanner.recall.kept import Contents, Entry, Kept
from scanner.recall.opened import opened, status_of
from scanner.recall.tree import Tree, reverted, tree_id, tree_of, word

if TYPE_CHECKING:
    from scanner.compare import Adapt
    from scanner.model.report import Report
    from scanner.model.rule import Severity
    from scanner.revision import Change
    from scanner.scan import Request

_WORDS: Final = {"000000": "", **{mode: word(int(mode, 8), 0) for mode in ("100644", "100755")}}
"""How a tree speaks of what git knows by these modes; the first one says that there was nothing."""
_OTHER: Final = "other"
_RULES: Final = ("asbuilt.yaml", "attestations.yaml")
_PACKAGE: Final = Path(__file__).resolve().parent
_PROGRAM: Final = tuple(
    f"{place}{os.sep}" for place in (_PACKAGE, _PACKAGE.parent / "policies", _PACKAGE.parent / "baselines")
)
_LEFT_OUT: Final = ("__pycache__",)


@dataclass(slots=True)
class Prepared:
    """The scan that the settings ask for.

    threshold, strict   what counts, as for the exit code of a scan
    language            that of the settings, None where they have none
    rules               files that say what is checked: settings, baselines
    adapt               makes the request one for an earlier commit, with the settings of then
    """

    request: Request
    threshold: Severity
    strict: bool
    language: str | None
    rules: Collection[Path]
    adapt: Adapt


@dataclass(slots=True)
class Hook:
    """One run of the hook.

    base        top of the git repository
    given       changed files by their paths below it, as far as they are told
    reference   the revision that the changes are against
    only        `terraform` or `manifests`, None for both
    question    what the result depends on besides files and the day: program, options, environment
    cache       directory for results, None to keep none
    prepare     reads the settings
    """

    base: Path
    given: Collection[str]
    reference: str
    only: str | None
    question: Sequence[str]
    cache: Path | None
    prepare: Callable[[], Prepared]
    _prepared: Prepared | None = field(default=None, init=False)

    def run(self) -> tuple[list[Item], str | None]:
        """What the changes answer for, and the language of the settings. Raises ScannerError as a scan does."""
        kept, contents = Kept(self.cache, self.question), Contents()
        tree = tree_of(str(self.base))
        entry = kept.same(_day(), tree_id(tree), contents)
        if entry is None:
            entry = self._scanned(tree)
            if entry.files:
                kept.put(entry)
        items = [Item(*item) for item in entry.result["items"]]
        items = [item for item in items if self.only is None or item.kind in (None, self.only)]
        caused = self._caused(items, entry, tree, kept, contents) if items else []
        kept.save()
        return caused, entry.result["language"]

    def _settled(self) -> Prepared:
        if self._prepared is None:
            self._prepared = self.prepare()
        return self._prepared

    def _scanned(self, tree: Tree) -> Entry:
        """The result of a scan; without `files` where it must not be kept, because files changed meanwhile."""
        day, contents = _day(), Contents()
        with opened(str(self.base)) as files:
            prepared = self._settled()
            items = self._decided(prepared)
        result = {"items": [item.dump() for item in items], "language": prepared.language}
        seen = {path: status for path, status in files.items() if not self._own(path)}
        known = {path: list(found) if (found := contents.of(path)) else None for path in seen}
        steady = all(status_of(path) == status for path, status in seen.items()) and day == _day()
        rules = [self._below(path) or path for path in map(os.path.abspath, prepared.rules)]
        return Entry(day, tree_id(tree), known if steady else {}, rules, result)

    def _own(self, path: str) -> bool:
        """Whether a file belongs to the program, which `question` stands for, or is a result itself."""
        if self.cache is not None and path.startswith(f"{self.cache}{os.sep}"):
            return True
        return path.startswith(_PROGRAM) and not path.startswith(f"{self.base}{os.sep}")

    def _decided(self, prepared: Prepared) -> list[Item]:
        from scanner.scan import scan_with_inventory

        report, inventory = scan_with_inventory(prepared.request)
        if Path(report.base) != self.base:
            raise UsageError(f"{report.base} is another repository than {self.base}")

        def block(address: str, root: str) -> str | None:
            resource = inventory.at(address, root)
            return resource.location.path if resource and resource.location else None

        return _items(report, prepared, block)

    def _caused(self, items: list[Item], entry: Entry, tree: Tree, kept: Kept, contents: Contents) -> list[Item]:
        from scanner.revision import changed_since, commit_of

        commit = commit_of(self.base, self.reference)
        if commit is None:  # the first commit: everything is new
            return items
        changes = changed_since(self.base, commit)
        names = {*self.given, *(change.path for change in changes)}
        rest = [item for item in items if not item.speaks_of(names)]
        if not rest:
            return items
        if not changes:  # a run by hand over the files that were named: what has no place is said with them
            return [item for item in items if item.speaks_of(names) or (self.given and not item.touches)]
        old = self._before(commit, changes, entry, tree, kept, contents)
        return [item for item in items if item.speaks_of(names) or item.id not in old]

    def _before(
        self, commit: str, changes: list[Change], entry: Entry, tree: Tree, kept: Kept, contents: Contents
    ) -> set[str]:
        """The ids of what was so before the changes: kept from then, or worked out from git's objects."""
        earlier = self._kept_from_then(changes, tree, kept, contents)
        if earlier is not None:
            return {item[0] for item in earlier.result["items"]}
        own = self._private(commit, changes, entry)
        as_it_was = reverted(tree, {change.path: _WORDS.get(change.mode, _OTHER) for change in changes})
        directories = sorted(path for path in as_it_was if path.endswith("/"))
        outside = [path for path in entry.files if not self._below(path)]
        key = "\0".join([*directories, self._then(commit, [*own, *entry.rules, *outside], contents)])
        known = kept.noted(key)
        if known is None:
            known = self._at(commit, own, directories)
            kept.note(key, known)
        return set(known)

    def _kept_from_then(self, changes: list[Change], tree: Tree, kept: Kept, contents: Contents) -> Entry | None:
        if any(change.mode not in _WORDS for change in changes):
            return None
        objects = {change.path: change.object for change in changes}
        entry = kept.same_but(
            _day(),
            tree,
            {change.path: _WORDS[change.mode] for change in changes},
            {str(self.base / path): object_ for path, object_ in objects.items()},
            contents,
        )
        if entry is None or objects.keys() & set(entry.rules) or any(Path(path).name in _RULES for path in objects):
            return None
        return entry

    def _private(self, commit: str, changes: list[Change], entry: Entry) -> list[str]:
        """What was read but is not git's: installed modules, private variables. It was there before as it is now."""
        from scanner.revision import paths_of

        tracked = paths_of(self.base, commit) | {change.path for change in changes}
        read = [self._below(path) for path, known in entry.files.items() if known is not None]
        return sorted(name for name in read if name and name not in tracked)

    def _then(self, commit: str, names: Sequence[str], contents: Contents) -> str:
        """What the result for a commit depends on besides `question`: the commit, and files that are not git's."""
        parts = [_day(), commit]
        for name in names:
            content = contents.of(str(self.base / name))
            parts += [name, content.id if content else ""]
        return "\0".join(parts)

    def _at(self, commit: str, private: Sequence[str], directories: Sequence[str]) -> list[str]:
        """The ids of everything that a scan of the commit finds, with what git does not keep."""
        from scanner.compare import report_at

        prepared = self._settled()

        def adapt(request: Request, top: Path) -> Request:
            for name in directories:
                _made(top / name)
            for name in private:
                _made((top / name).parent)
                with suppress(OSError):
                    (top / name).write_bytes((self.base / name).read_bytes())
            return prepared.adapt(request, top)

        report = report_at(prepared.request, self.base, commit, adapt)
        return [item.id for item in _items(report, prepared, lambda *_: None)] if report else []

    def _below(self, path: str) -> str:
        """A file as git names it; empty for one that lies elsewhere."""
        top = f"{self.base}{os.sep}"
        return path.removeprefix(top).replace(os.sep, "/") if path.startswith(top) else ""


def _made(directory: Path) -> None:
    """Makes a directory, unless a file stood in its place then."""
    with suppress(FileExistsError, NotADirectoryError):
        directory.mkdir(parents=True, exist_ok=True)


def program_state() -> str:
    """What identifies the code and the rules that are installed: a checkout keeps its version while it changes."""
    import click

    from scanner import __version__

    parts = [__version__, os.fspath(_PACKAGE), str(os.stat(Path(click.__file__).parents[1]).st_mtime_ns)]  # noqa: PTH116
    for place in _PROGRAM:
        parts += _stated(place)
    return "\n".join(parts)


def _stated(place: str) -> list[str]:
    found, waiting = [], [place]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                waiting += [entry.path] if entry.name not in _LEFT_OUT else []
            else:
                status = entry.stat()
                found.append(f"{entry.path}:{status.st_mtime_ns}:{status.st_size}")
    return sorted(found)


def _items(report: Report, prepared: Prepared, block: Callable[[str, str], str | None]) -> list[Item]:
    """What a scan's exit code counts: violations, what could not be read, and under `strict` what is undecided."""
    from scanner.model.finding import Verdict
    from scanner.model.inventory import Level
    from scanner.recall.items import of_finding, of_notification

    counting = report.violations(prepared.threshold)
    if prepared.strict:
        counting += [finding for finding in report.findings if finding.verdict is Verdict.UNKNOWN]
    items = [
        of_finding(item, block(item.resource.address, item.resource.root) if item.resource else None)
        for item in counting
    ]
    return items + [of_notification(note) for note in report.notifications if note.level is Level.ERROR]


def _day() -> str:
    return f"{date.today()} {datetime.now(UTC).date()}"
