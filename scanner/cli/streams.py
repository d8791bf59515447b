"""Standard output and standard error, in UTF-8 whatever the locale says. Small: every command imports it."""

from __future__ import annotations

import os
import sys
from typing import IO


def emit(text: str) -> None:
    """Writes to standard output. A reader that went away (`| head`) is no error."""
    _send(sys.stdout, text)


def emit_error(text: str) -> None:
    """Writes a message to standard error, safe to print whatever names it holds."""
    from scanner.reports.escape import visible_lines

    _send(sys.stderr, visible_lines(text.rstrip("\n")) + "\n")


def _send(stream: IO[str], text: str) -> None:
    """As UTF-8 whatever the locale says, so that reports do not depend on it."""
    try:
        stream.flush()
        binary = getattr(stream, "buffer", None)
        if binary is None:
            stream.write(text)
        else:
            binary.write(text.encode("utf-8", "backslashreplace"))
        stream.flush()
    except BrokenPipeError:
        # Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
