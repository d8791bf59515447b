"""Files that are written whole or not at all, and may as well not be written."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def keep(file: Path, text: str) -> None:
    """Replaces a file, and makes its directory.

    A directory that cannot be written to is no error: what is kept only makes the next run quicker. Bytes of names that
    are no UTF-8 come back as they were.
    """
    import tempfile

    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".asbuilt-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape") as stream:
                stream.write(text)
            Path(temporary).replace(file)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
