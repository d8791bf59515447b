"""What `asbuilt baseline new` does."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Final

from scanner.cli import output
from scanner.cli.trace import read_document
from scanner.errors import UsageError

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")


def begin(name: str, cloud: str, document: str | None, directory: str) -> list[Path]:
    """Writes the baseline and the record of its document; gives their paths.

    Raises UsageError for a name that cannot be one, and rather than writing over a file.
    """
    from scanner.policy.document import FOLDER
    from scanner.policy.skeleton import baseline_text, record_text

    if not _NAME.match(name):
        raise UsageError(
            f"{name} cannot be a baseline's name", hint="lower-case words joined by hyphens: shop-production"
        )
    sections = read_document(document) if document else []
    baseline = Path(directory) / f"{name}.yaml"
    record = Path(directory) / FOLDER / f"{name}.yaml"
    for file in (baseline, record):
        if file.exists():
            raise UsageError(f"{file} is already there")
    try:
        record.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make {record.parent}: {error.strerror}") from error
    today = date.today().isoformat()
    output.write(output.Target("yaml", baseline), baseline_text(name, str(baseline), cloud, today, sections))
    output.write(output.Target("yaml", record), record_text(name, sections))
    return [baseline, record]
