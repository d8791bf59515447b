"""`asbuilt.yaml`: what a project says once instead of on every command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scanner.errors import UsageError
from scanner.model.rule import Severity
from scanner.model.value import Plain
from scanner.policy.yaml_nodes import Node, read_yaml
from scanner.reports.messages import LANGUAGES

if TYPE_CHECKING:
    from scanner.drift.ignore import Ignored
    from scanner.model.waiver import Waiver

FILE_NAME: Final = "asbuilt.yaml"
NOTIFIED: Final = ("slack", "teams", "json")
KEYS: Final = (
    "baseline", "baselines", "stage", "inputs", "bind", "var_files", "roots", "fail_on", "lang", "history",
    "history_days", "notify", "drift", "waivers",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one file. Paths in it are meant from its directory and are given here from there."""

    path: Path | None = None
    baselines: tuple[str, ...] = ()
    stage: str | None = None
    inputs: Mapping[str, Plain] = field(default_factory=dict)
    bind: Mapping[str, Sequence[str]] = field(default_factory=dict)
    var_files: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    fail_on: Severity | None = None
    language: str | None = None
    history: Path | None = None
    history_days: int | None = None
    notify: str | None = None
    notify_url_from: str | None = None
    ignored: tuple[Ignored, ...] = ()
    waivers: tuple[Waiver, ...] = ()


def find(paths: Sequence[Path]) -> Path | None:
    """The nearest `asbuilt.yaml` from the scanned paths upward to the working directory.

    Raises UsageError where the paths belong to different ones.
    """
    found = {path: _upward(path) for path in paths}
    files = {file for file in found.values() if file is not None}
    if len(files) > 1:
        names = ", ".join(str(file) for file in sorted(files))
        raise UsageError(f"the paths belong to different configurations: {names}", hint="choose one with --config")
    return files.pop() if files else None


def _upward(path: Path) -> Path | None:
    working = Path.cwd()
    start = path.absolute()
    directory = start if start.is_dir() else start.parent
    candidates = [directory]
    if directory.is_relative_to(working):
        candidates += [parent for parent in directory.parents if parent.is_relative_to(working)]
    else:
        candidates.append(working)
    for candidate in candidates:
        if (candidate / FILE_NAME).is_file():
            return candidate / FILE_NAME
    return None


def load(file: Path | None) -> Config:
    """Reads the file, an empty Config for None.

    Raises UsageError where it cannot be read, DefinitionError with line and column for what it may not say.
    """
    if file is None:
        return Config()
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {file}: {error}") from error
    node = read_yaml(text, _shown(file))
    items = node.mapping(KEYS)
    if "baseline" in items and "baselines" in items:
        raise node.key_error("baselines", "give either baseline or baselines")
    here = file.parent
    named = items.get("baselines") or items.get("baseline")
    return Config(
        path=file,
        baselines=tuple(_baseline(name, here) for name in named.texts()) if named else (),
        stage=items["stage"].text() if "stage" in items else None,
        inputs={key: item.plain() for key, item in items["inputs"].mapping().items()} if "inputs" in items else {},
        bind={key: item.texts() for key, item in items["bind"].mapping().items()} if "bind" in items else {},
        var_files=_paths(items.get("var_files"), here),
        roots=_paths(items.get("roots"), here),
        fail_on=Severity(items["fail_on"].choice(list(Severity))) if "fail_on" in items else None,
        language=items["lang"].choice(LANGUAGES) if "lang" in items else None,
        history=here / items["history"].text() if "history" in items else None,
        history_days=_days(items.get("history_days")),
        notify=_told(items.get("notify"), "to"),
        notify_url_from=_told(items.get("notify"), "url_from"),
        ignored=_ignored(items.get("drift")),
        waivers=_waivers(items.get("waivers")),
    )


def _waivers(node: Node | None) -> tuple[Waiver, ...]:
    if node is None:
        return ()
    from scanner.cli.waiving import waivers

    return waivers(node)


def _ignored(node: Node | None) -> tuple[Ignored, ...]:
    if node is None:
        return ()
    from scanner.cli.ignoring import ignored

    return ignored(node)


def _days(node: Node | None) -> int | None:
    if node is None:
        return None
    from scanner.policy.measures import check_days

    return check_days(node)


def _told(node: Node | None, key: str) -> str | None:
    """A key of `notify: {to: slack, url_from: VARIABLE}`; the URL itself is a secret and stays in the environment."""
    if node is None:
        return None
    items = node.mapping(["to", "url_from"], ["to"])
    items["to"].choice(NOTIFIED)
    return items[key].text() if key in items else None


def attestations(settings: Config) -> Path | None:
    """The file of sign-offs beside the configuration, else in the working directory; None where there is none."""
    directory = settings.path.parent if settings.path else Path()
    file = directory / "attestations.yaml"
    return file if file.is_file() else None


def _shown(file: Path) -> str:
    working = Path.cwd()
    return file.relative_to(working).as_posix() if file.is_relative_to(working) else str(file)


def _baseline(name: str, here: Path) -> str:
    """A name stays a name; what looks like a file is meant from the configuration's directory."""
    return str(here / name) if name.endswith((".yaml", ".yml")) or "/" in name else name


def _paths(node: Node | None, here: Path) -> tuple[str, ...]:
    return tuple(str(here / name) for name in node.texts()) if node else ()
