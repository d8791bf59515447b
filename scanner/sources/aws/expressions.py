"""The expressions of the maps: JMESPath, which comes with boto3, and functions for what Terraform says otherwise."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import jmespath
from jmespath import functions

from scanner.model.secrets import announces_secret, has_credentials
from scanner.model.value import MASK
from scanner.sources.mapping import Expression, compiled

ON: Final = frozenset({"enabled", "on", "true", "enabling"})
OFF: Final = frozenset({"disabled", "off", "false", "disabling"})
_CREDENTIALS: Final = re.compile(r"(://[^/\s:@]*:)[^@\s$]+@")
_REFERENCE: Final = re.compile(r"arn:aws[a-z-]*:(?:secretsmanager|ssm|kms):[\w-]+:\d{12}:[\w+=,.@/:-]+")
_WORDS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TAG_NAMES: Final = (("Key", "Value"), ("key", "value"), ("TagKey", "TagValue"))
_OTHER_NAMES: Final = {"cloud_watch": "cloudwatch"}
_ANY: Final = "string", "number", "boolean", "null", "array", "object"


class _Functions(functions.Functions):
    """Functions beyond those of JMESPath; null in, null out, unless said otherwise."""

    @functions.signature({"types": ["array", "object", "null"]})
    def _func_tags(self, tags: Any) -> Any:
        """Tags as a map, without those that AWS sets itself; no tags are an empty map."""
        if isinstance(tags, list):
            names = next((pair for pair in _TAG_NAMES if tags and pair[0] in tags[0]), _TAG_NAMES[0])
            tags = {tag[names[0]]: tag.get(names[1], "") for tag in tags}
        return {key: value for key, value in (tags or {}).items() if not key.startswith("aws:")}

    @functions.signature({"types": ["array", "null"]}, {"types": ["string"]}, {"types": ["string"]})
    def _func_pairs(self, items: Any, key: str, value: str) -> Any:
        """A list of objects as a map of two of their fields."""
        return {item[key]: item.get(value) for item in items or ()}

    @functions.signature({"types": ["string", "boolean", "null"]})
    def _func_switch(self, text: Any) -> Any:
        """ENABLED, on, true … and their opposites as a boolean; anything else as it is."""
        word = str(text).lower()
        return True if word in ON else False if word in OFF else text

    @functions.signature({"types": ["string", "null"]}, {"types": ["string"]})
    def _func_last(self, text: Any, separator: str) -> Any:
        """What follows the last separator."""
        return text if text is None else text.rpartition(separator)[2]

    @functions.signature({"types": ["string", "null"]}, {"types": ["string"]})
    def _func_first(self, text: Any, separator: str) -> Any:
        """What stands before the first separator."""
        return text if text is None else text.partition(separator)[0]

    @functions.signature({"types": ["string", "null"]}, {"types": ["string"]})
    def _func_split(self, text: Any, separator: str) -> Any:
        """The parts between separators."""
        return text if text is None else [part.strip() for part in text.split(separator) if part.strip()]

    @functions.signature({"types": ["string", "null"]}, {"types": ["string"]}, {"types": ["string"]})
    def _func_replace(self, text: Any, old: str, new: str) -> Any:
        """The text with every `old` replaced."""
        return text if text is None else text.replace(old, new)

    @functions.signature({"types": ["string", "null"]})
    def _func_lower(self, text: Any) -> Any:
        """The text in lower case."""
        return text if text is None else text.lower()

    @functions.signature({"types": ["string", "null"]}, {"types": ["string"]})
    def _func_without_end(self, text: Any, end: str) -> Any:
        """The text without an ending."""
        return text if text is None else text.removesuffix(end)

    @functions.signature({"types": ["string", "object", "array", "null"]})
    def _func_as_json(self, data: Any) -> Any:
        """An object or list as JSON text; texts are taken for JSON already."""
        return data if data is None or isinstance(data, str) else json.dumps(data, sort_keys=True, default=str)

    @functions.signature({"types": ["string", "null"]})
    def _func_from_json(self, text: Any) -> Any:
        """What JSON text holds; null where it is none."""
        try:
            return None if text is None else json.loads(text)
        except (ValueError, RecursionError):
            return None

    @functions.signature({"types": ["string", "null"]})
    def _func_json_text(self, text: Any) -> Any:
        """Text that is JSON; anything else is a malformed answer."""
        if text is not None:
            json.loads(text)
        return text

    @functions.signature({"types": ["number"]})
    def _func_ago(self, seconds: Any) -> Any:
        """The moment so many seconds before now, as text."""
        return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat(timespec="seconds")

    @functions.signature({"types": ["number", "null"]})
    def _func_moment(self, milliseconds: Any) -> Any:
        """Milliseconds since 1970 as text."""
        return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()

    @functions.signature({"types": ["array", "null"]})
    def _func_latest(self, moments: Any) -> Any:
        """The last of several moments; null where there are none."""
        return max(moments or (), default=None)

    @functions.signature({"types": list(_ANY)})
    def _func_blocks(self, data: Any) -> Any:
        """An object as Terraform's nested block: a list of one, names in snake case, all the way down.

        A list of objects is so many blocks, and Terraform names blocks in the singular.
        """
        return None if data is None else _blocks(data)

    @functions.signature({"types": ["object", "null"]})
    def _func_masked(self, variables: Any) -> Any:
        """Environment variables without the secrets among them."""
        return None if variables is None else {name: masked(name, text) for name, text in variables.items()}

    @functions.signature({"types": ["array", "null"]})
    def _func_masked_containers(self, containers: Any) -> Any:
        """Container definitions without the secrets among their environment variables."""
        return [_masked_container(container) for container in containers or ()]


def masked(name: str, text: Any) -> Any:
    """The text of a variable, or the mask where its name announces a secret; passwords in URLs are masked there.

    The ARN of a secret says where it is kept, and nothing of it.
    """
    if announces_secret(name) and not (isinstance(text, str) and _REFERENCE.fullmatch(text)):
        return MASK
    return _CREDENTIALS.sub(rf"\1{MASK}@", text) if isinstance(text, str) and has_credentials(text) else text


def _masked_container(container: Mapping[str, Any]) -> dict[str, Any]:
    variables = container.get("environment")
    if not variables:
        return dict(container)
    safe = [{**item, "value": masked(item.get("name", ""), item.get("value"))} for item in variables]
    return {**container, "environment": safe}


def snake(name: str) -> str:
    """A name of the API in Terraform's spelling: `CloudWatchMetricsEnabled` → `cloudwatch_metrics_enabled`."""
    text = _WORDS.sub("_", name).lower()
    for old, new in _OTHER_NAMES.items():
        text = text.replace(old, new)
    return text


def _block_name(name: str, data: Any) -> str:
    several = isinstance(data, list) and data and isinstance(data[0], Mapping)
    return snake(name).removesuffix("s") if several else snake(name)


def _blocks(data: Any) -> Any:
    if isinstance(data, Mapping):
        return [{_block_name(name, item): _blocks(item) for name, item in data.items()}]
    if isinstance(data, list):
        return [block for item in data for block in _blocks(item)] if data and isinstance(data[0], Mapping) else data
    return data


_OPTIONS: Final = jmespath.Options(custom_functions=_Functions())


@lru_cache(maxsize=8192)
def expression(text: str) -> Expression:
    """Compiles an expression. Raises jmespath's ParseError, a ValueError."""
    return compiled(text, _OPTIONS)
