"""The `asbuilt` command, also as `python -m scanner`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

INCOMPLETE = 3
INTERRUPTED = 130
DEBUG = "--debug"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and gives its exit code; a defect in asbuilt is one message, not a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        from scanner.cli.main import run

        return run([argument for argument in given if argument != DEBUG])
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        # The only broad handler: what was not foreseen must neither look like a result nor be a traceback.
        if DEBUG in given:
            raise
        name = type(error).__name__
        detail = ascii(str(error))[1:-1][:300]
        sys.stderr.write(
            f"asbuilt: internal error: {name}: {detail}\n"
            f"  This is a defect in asbuilt; nothing was decided. Please report it with the output of the same command"
            f" and {DEBUG}.\n"
        )
        return INCOMPLETE


if __name__ == "__main__":
    sys.exit(main())
