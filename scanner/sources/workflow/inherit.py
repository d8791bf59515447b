"""What a job takes over from its workflow, and a step from its job."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from scanner.model.value import Hop, Value, fields_of

_USE: Final = re.compile(r"\$\{\{\s*env\.(\w+)\s*\}\}|\$\{(\w+)\}|\$(\w+)")
_ASSIGNED: Final = re.compile(r"^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)=(\"?)([^\s\"'`()]*)\2[ \t]*$", re.MULTILINE)
_MAX_SCRIPT: Final = 100_000
_PASSES: Final = 3
"""How deeply variables may be made of others, and how long a script may become."""


def merged(given: Value, own: Value | None) -> Value:
    """Variables of what is around and one's own; those of one's own win."""
    if not isinstance(given.raw, Mapping) or (own is not None and not isinstance(own.raw, Mapping)):
        return own or given
    taken = {name: inherited(value, f"env.{name}") for name, value in given.raw.items()}
    return Value({**taken, **fields_of(own)}, (own or given).location)


def inherited(value: Value, path: str) -> Value:
    """A value that is written further out, at `path`."""
    hop = Hop(path, value.location)
    return value if value.hops[:1] == (hop,) else value.with_(hops=(hop,))


def script(run: Value, env: Value | None) -> Value:
    """A `run` with the variables filled in whose values are written: those of its `env`, and of plain assignments.

    What is left as it is written: expressions other than `${{ env.NAME }}`, and everything that a shell works out.
    """
    text = run.raw
    if not isinstance(text, str):
        return run
    known = {name: value.raw for name, value in fields_of(env).items() if isinstance(value.raw, str)}
    known.update({match[1]: match[3] for match in _ASSIGNED.finditer(text)})
    longest = max((len(value) for value in known.values()), default=0)
    filled = text
    for _ in range(_PASSES):
        if len(filled) + longest * len(_USE.findall(filled)) > _MAX_SCRIPT:
            break
        filled = _USE.sub(lambda match: known.get(match[1] or match[2] or match[3], match[0]), filled)
    return Value(filled, run.location, run.hops, run.refs, run.sensitive)
