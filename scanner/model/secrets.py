"""Names and texts that announce a secret, so that their values are never printed."""

from __future__ import annotations

import re
from typing import Final

_NAME: Final = re.compile(
    r"(?i)passw|passphrase|pwd|secret|token|credential|private_?key|api_?key|access_?key|auth|dsn"
)
_CREDENTIALS: Final = re.compile(r"://[^/\s:@]*:[^@\s$]+@")


def announces_secret(name: str) -> bool:
    """Whether something of this name usually holds a secret (`DB_PASSWORD`, `apiKey`)."""
    return _NAME.search(name) is not None


def has_credentials(text: str) -> bool:
    """Whether a text is a URL with a password in it (a variable in its place is none)."""
    return _CREDENTIALS.search(text) is not None
