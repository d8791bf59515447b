"""The expressions of the maps: JMESPath and a few functions for what azurerm says otherwise."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlsplit

import jmespath
from jmespath import functions

from scanner.model.value import MASK
from scanner.sources.mapping import Expression, compiled

_ON: Final = frozenset({"enabled", "on", "true", "yes"})
_OFF: Final = frozenset({"disabled", "off", "false", "no"})
_ANY: Final = "string", "number", "boolean", "null", "array", "object"


class _Functions(functions.Functions):
    """Functions beyond those of JMESPath; null in, null out, unless said otherwise."""

    @functions.signature({"types": ["string", "boolean", "null"]})
    def _func_switch(self, text: Any) -> Any:
        """Enabled, on, "true" … and their opposites as a boolean; anything else as it is."""
        word = str(text).lower()
        return True if word in _ON else False if word in _OFF else text

    @functions.signature({"types": list(_ANY)}, {"types": list(_ANY)})
    def _func_otherwise(self, value: Any, default: Any) -> Any:
        """The value, or the default for null: unlike `||`, which takes false and empty lists for null too."""
        return default if value is None else value

    @functions.signature({"types": ["boolean", "null"]})
    def _func_negated(self, value: Any) -> Any:
        """The opposite of a boolean."""
        return None if value is None else not value

    @functions.signature({"types": ["string", "null"]})
    def _func_name_of(self, id_: Any) -> Any:
        """The name at the end of an id."""
        return None if id_ is None else id_.rstrip("/").rpartition("/")[2]

    @functions.signature({"types": ["string", "null"]}, {"types": ["string"]})
    def _func_segment(self, id_: Any, keyword: str) -> Any:
        """What follows a keyword in an id: the group after `resourceGroups`."""
        parts = (id_ or "").split("/")
        return next((after for word, after in pairwise(parts) if word.lower() == keyword.lower()), None)

    @functions.signature({"types": ["string", "null"]})
    def _func_place(self, location: Any) -> Any:
        """A region as Terraform writes it: `Korea Central` is `koreacentral`."""
        return None if location is None else location.replace(" ", "").lower()

    @functions.signature({"types": ["number", "null"]}, {"types": ["number"]})
    def _func_times(self, number: Any, factor: Any) -> Any:
        """A product."""
        return None if number is None else number * factor

    @functions.signature({"types": ["string", "number", "null"]})
    def _func_number(self, text: Any) -> Any:
        """A number from its text; another text as it is."""
        return float(text) if isinstance(text, str) and re.fullmatch(r"-?\d+(\.\d+)?", text) else text

    @functions.signature({"types": ["object", "null"]}, {"types": ["string"]})
    def _func_entry(self, table: Any, name: str) -> Any:
        """An entry whatever the case of its name."""
        return next((item for key, item in (table or {}).items() if key.lower() == name.lower()), None)

    @functions.signature({"types": ["object", "null"]})
    def _func_identity_block(self, identity: Any) -> Any:
        """The `identity` block; none where there is no identity."""
        type_ = (identity or {}).get("type")
        if not type_ or type_ == "None":
            return []
        kinds = ", ".join(part.strip() for part in type_.split(","))
        known = {"type": kinds, "identity_ids": sorted(identity.get("userAssignedIdentities") or {})}
        return [known | {"principal_id": identity.get("principalId"), "tenant_id": identity.get("tenantId")}]

    @functions.signature({"types": ["string", "null"]}, {"types": ["object"]})
    def _func_word(self, text: Any, words: Mapping[str, Any]) -> Any:
        """A word of the API as Terraform has it; one without another name as it is."""
        return words.get(text, text)

    @functions.signature({"types": ["array", "object", "string", "null"]}, {"types": ["array", "null"]})
    def _func_or_one(self, one: Any, several: Any) -> Any:
        """A list from the singular and the plural spelling of a field."""
        return list(several) if several else [] if one in (None, "") else [one]

    @functions.signature({"types": ["string", "null"]})
    def _func_lower_case(self, text: Any) -> Any:
        """The text in lower case."""
        return None if text is None else text.lower()

    @functions.signature({"types": ["string", "null"]})
    def _func_without_dot(self, name: Any) -> Any:
        """A host name without the dot of the root."""
        return None if name is None else name.rstrip(".")

    @functions.signature({"types": ["string", "null"]})
    def _func_account_named(self, connection: Any) -> Any:
        """The storage account that a connection string names, without the key."""
        found = re.search(r"(?:^|;)AccountName=([a-z0-9]+)", connection or "")
        return found[1] if found else None

    @functions.signature({"types": ["array"]})
    def _func_capitals(self, words: Any) -> Any:
        """Words as Terraform writes permissions: `get` is `Get`."""
        return [word[:1].upper() + word[1:] for word in words]

    @functions.signature({"types": ["number", "null"]})
    def _func_moment(self, seconds: Any) -> Any:
        """A moment from its Unix time."""
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @functions.signature({"types": ["string", "null"]}, {"types": ["string"]})
    def _func_replace_start(self, text: Any, mark: str) -> Any:
        """What follows the first mark: `Standard_ZRS` is `ZRS`."""
        return None if text is None else text.partition(mark)[2]

    @functions.signature({"types": ["string", "null"]}, {"types": ["string"]})
    def _func_before(self, text: Any, mark: str) -> Any:
        """What stands before a mark, whatever its case."""
        at = -1 if text is None else text.lower().find(mark.lower())
        return None if text is None else text[:at] if at >= 0 else text

    @functions.signature({"types": ["string", "null"]})
    def _func_split_words(self, text: Any) -> Any:
        """The words of a text with commas."""
        return None if text is None else [word.strip() for word in text.split(",") if word.strip()]

    @functions.signature({"types": ["object", "array", "null"]})
    def _func_json_text(self, data: Any) -> Any:
        """Data as JSON text."""
        return None if data is None else json.dumps(data, sort_keys=True)

    @functions.signature({"types": ["string", "null"]})
    def _func_without_keys(self, address: Any) -> Any:
        """The host of an address: its path and query may hold a key."""
        if address is None:
            return None
        parts = urlsplit(address)
        return f"{parts.scheme}://{parts.hostname}/{MASK}"


_OPTIONS: Final = jmespath.Options(custom_functions=_Functions())


@lru_cache(maxsize=8192)
def expression(text: str) -> Expression:
    """Compiles an expression. Raises jmespath's ParseError, a ValueError."""
    return compiled(text, _OPTIONS)
