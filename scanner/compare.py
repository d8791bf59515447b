"""The pipeline of `--compare-to`: what was found before, at a git revision or in an earlier report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from scanner.errors import SourceError, UsageError
from scanner.model.comparison import compared
from scanner.model.finding import Finding
from scanner.model.report import Report
from scanner.reports.read_json import read_report
from scanner.revision import files_of, merge_base
from scanner.scan import Request, project_base, scan

Adapt: TypeAlias = Callable[[Request, Path], Request]


def since(report: Report, earlier: Sequence[Finding], reference: str) -> Report:
    """The report without what was the same before."""
    findings, comparison = compared(report.findings, earlier, reference)
    return replace(report, findings=findings, comparison=comparison)


def reported(file: Path) -> list[Finding]:
    """The findings of an earlier JSON report. Raises SourceError where it cannot be read."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot be read: {error}", path=str(file)) from error
    return read_report(text, str(file), str(file.parent)).findings


def committed(request: Request, reference: str) -> list[Finding]:
    """The findings of the same scan at the commit where the branch parted from `reference`.

    The files are those of that commit; baselines, inputs and settings are those of now, so that a changed rule does
    not make all code look new. Raises UsageError for what is no revision, and for manifests from standard input.
    """
    if request.standard_input is not None:
        raise UsageError("manifests from standard input have no revision", hint="--compare-to report.json")
    base = project_base(request.paths)
    report = report_at(request, base, merge_base(base, reference))
    return report.findings if report else []


def report_at(request: Request, base: Path, commit: str, adapt: Adapt = lambda request, _: request) -> Report | None:
    """The report of the same scan on the files of a commit; None where there was nothing to scan yet.

    `adapt` may change the request further, once it knows where the files lie meanwhile. Raises UsageError as `git`.
    """
    with files_of(base, commit) as top:
        paths = [there for path in request.paths if (there := _moved(path, base, top)).exists()]
        if not paths:
            return None
        try:
            return scan(adapt(_as_it_was(request, paths, base, top), top))
        except SourceError:
            return None


def _as_it_was(request: Request, paths: list[Path], base: Path, top: Path) -> Request:
    return replace(
        request,
        paths=paths,
        roots=[_renamed(name, base, top) for name in request.roots],
        var_files=[_renamed(name, base, top) for name in request.var_files],
        helm=[_renamed(name, base, top) for name in request.helm],
        kustomize=[_renamed(name, base, top) for name in request.kustomize],
    )


def _moved(path: Path, base: Path, top: Path) -> Path:
    given = path.resolve()
    return top / given.relative_to(base) if given.is_relative_to(base) else given


def _renamed(name: str, base: Path, top: Path) -> str:
    """The place of something named from the working directory; what is looked for elsewhere stays as it is."""
    return str(_moved(Path(name), base, top)) if Path(name).exists() else name
