"""`--compare-to`: only what is new since a git revision or an earlier report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from scanner.errors import UsageError

if TYPE_CHECKING:
    from scanner.model.report import Report
    from scanner.scan import Request

Narrow: TypeAlias = Callable[["Report"], "Report"]
_REPORT: Final = ".json"


def narrowing(compare_to: str | None, request: Request | None = None) -> Narrow:
    """What leaves of a report only what is new; made before the work begins, so that mistakes are found first.

    Without a `request`, as for what runs, there are earlier reports to compare with, but no revisions.
    Raises UsageError for what is neither, SourceError for a report that cannot be read.
    """
    if compare_to is None:
        return lambda report: report
    from scanner.compare import committed, reported, since

    file = Path(compare_to)
    if file.is_file() or compare_to.endswith(_REPORT):
        earlier = reported(file)
    elif request is not None:
        earlier = committed(request, compare_to)
    else:
        raise UsageError(f"there is no report {compare_to}", hint="only code can be compared with a git revision")
    return lambda report: since(report, earlier, compare_to)
