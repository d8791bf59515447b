"""Ids of the Resource Manager in one spelling: they are case-insensitive, and services do not agree on one."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from scanner.sources.azure.maps import all_reads, walk
from scanner.sources.mapping import Expression

_WORDS: Final = (
    "subscriptions", "resourceGroups", "providers", "backendAddressPools", "backendHttpSettingsCollection",
    "frontendIPConfigurations", "frontendPorts", "gatewayIPConfigurations", "httpListeners", "ipConfigurations",
    "networkInterfaces", "probes", "redirectConfigurations", "requestRoutingRules", "rewriteRuleSets", "rules",
    "secrets", "securityRules", "sslCertificates", "urlPathMaps", "customDomains",
)  # fmt: skip
_ID: Final = re.compile(r"/subscriptions/[^/\s]+(/|\Z)", re.IGNORECASE)


@lru_cache(maxsize=65536)
def canonical(text: str) -> str:
    """An id with its keywords as the API documents them and its names in lower case; any other text as it is."""
    if not _ID.match(text):
        return text
    words, parts, after = _keywords(), text.rstrip("/").split("/"), ""
    out = []
    for at, part in enumerate(parts):
        keyword = at % 2 == 1 or after == "providers"
        out.append(words.get(part.lower(), part) if keyword else part.lower())
        after = part.lower() if at % 2 == 1 else ""
    return "/".join(out)


@cache
def _keywords() -> dict[str, str]:
    found = set(_WORDS)
    for read in walk(all_reads()):
        found.add(read.path.provider)
        for path in (read.path, *read.details.values()):
            if not isinstance(path.text, Expression):
                found.update(path.text.strip("/").split("/"))
    return {word.lower(): word for word in found}
