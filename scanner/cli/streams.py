"""Standard output and standard error, in UTF-8 whatever the locale says. Small: every command imports it."""

from __future__ import annotations

import os
import sys
from typing import IO

from scanner.errors import UsageError


def emit(text: str) -> None:
    """Writes to standard output. A reader that went away (`| head`) is no error.

    Raises UsageError where it cannot be written to, as on a full disk.
    """
    error = _send(sys.stdout, text)
    if error is not None and not isinstance(error, BrokenPipeError):
        raise UsageError(f"cannot write to standard output: {error.strerror}") from error


def emit_error(text: str) -> None:
    """Writes a message to standard error, safe to print whatever names it holds."""
    from scanner.reports.escape import visible_lines

    _send(sys.stderr, visible_lines(text.rstrip("\n")) + "\n")


def piped(hint: str, most: int = -1) -> bytes:
    """What is piped into standard input, at most so many bytes. Raises UsageError where nothing can come from there."""
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("nothing is piped into standard input", hint=hint)
    return sys.stdin.buffer.read(most)


def _send(stream: IO[str], text: str) -> OSError | None:
    """As UTF-8 whatever the locale says, so that reports do not depend on it; gives the error if there was one."""
    try:
        stream.flush()
        binary = getattr(stream, "buffer", None)
        if binary is None:
            stream.write(text)
        else:
            binary.write(text.encode("utf-8", "backslashreplace"))
        stream.flush()
    except OSError as error:
        # Python would complain again, and change the exit code, when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return error
    return None
