"""Calls of one service in one region: pages, descriptions in batches, and answers that are checked for their shape."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from scanner.sources.aws.failures import Failure, failure_of
from scanner.sources.aws.maps import Call, Describe
from scanner.sources.mapping import Expression, ExpressionError

_JSON_PROTOCOLS: Final = frozenset({"json", "rest-json"})
_PAGE: Final = re.compile(rb"\s*<(?:!doctype|html)", re.IGNORECASE)
_ERRORS: Final = (
    BotoCoreError, ClientError, ResponseParserError,
    # What botocore's parsers raise for a well-formed body that has nothing to do with the operation:
    AttributeError, IndexError, KeyError, TypeError, ValueError,
)  # fmt: skip


class MalformedAnswer(ValueError):
    """The body of an answer is not what the protocol of the service says."""


class Caller:
    """Calls one service in one region of one account. Every failed call raises Failure."""

    def __init__(self, client: Any) -> None:
        self._client = client
        json_ = client.meta.service_model.protocol in _JSON_PROTOCOLS
        client.meta.events.register("response-received", _refuse_other_than_json if json_ else _refuse_pages)

    def close(self) -> None:
        """Gives the connections back."""
        self._client.close()

    def items(self, call: Call, context: Mapping[str, Any], extra: Mapping[str, Any]) -> Iterator[Any]:
        """The items of a listing as its pages come; those of the pages before a failed one are still delivered."""
        try:
            for number, page in enumerate(self._pages(call, _arguments(call, context) | dict(extra))):
                if number == call.pages:
                    raise Failure(call.operation, f"only the first {number} pages are read", limited=True)
                yield from _listed(call, page)
                _refuse_gaps(call, page)
        except Failure as failure:
            if failure.code not in call.absent:
                raise

    def answer(self, call: Call, context: Mapping[str, Any]) -> Any:
        """What a detail call says; None where the service says that there is none."""
        try:
            pages = list(islice(self._pages(call, _arguments(call, context)), call.pages))
        except Failure as failure:
            if failure.code in call.absent:
                return None
            raise
        for page in pages:
            _refuse_gaps(call, page)
        if call.items is None:
            return pages[0]
        found = [_selected(call, page) for page in pages]
        whole = found[0] if len(found) == 1 else [item for part in found for item in part or ()]
        return whole if call.each is None else [self._further(call.each, item, context) for item in whole or ()]

    def _further(self, each: tuple[str, Call], item: Any, context: Mapping[str, Any]) -> dict[str, Any]:
        """An element of a detail with what a further call says of it."""
        name, call = each
        own = {key: value for key, value in context.items() if key in ("account", "region")}
        return {**item, name: self.answer(call, {**own, "parent": context, "item": item})}

    def described(self, describe: Describe, names: Sequence[Any], context: Mapping[str, Any]) -> Iterator[Any]:
        """Items in full, asked for by name."""
        for start in range(0, len(names), describe.batch):
            part = names[start : start + describe.batch]
            yield from self.items(describe.call, context, {describe.by: list(part) if describe.batch > 1 else part[0]})

    def _pages(self, call: Call, arguments: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """All answers of an operation, one by one."""
        name = xform_name(call.operation)
        pages = self._paginated(name, arguments) if self._client.can_paginate(name) else self._marked(call, arguments)
        while True:
            try:
                page = next(pages, None)
            except _ERRORS as error:
                raise failure_of(call.operation, error) from error
            if page is None:
                return
            yield page

    def _paginated(self, name: str, arguments: Mapping[str, Any]) -> Iterator[Any]:
        yield from self._client.get_paginator(name).paginate(**arguments)

    def _marked(self, call: Call, arguments: Mapping[str, Any]) -> Iterator[Any]:
        """Pages of an operation for which boto3 has no paginator: the marker of one leads to the next."""
        method = getattr(self._client, xform_name(call.operation))
        argument, _, field = (call.marker or "").partition("=")
        seen: set[str] = set()
        given = dict(arguments)
        while True:
            page = method(**given)
            yield page
            marker = page.get(field or argument)
            if not marker:
                return
            if marker in seen:
                raise MalformedAnswer("the same marker again")
            seen.add(marker)
            given[argument] = marker


def _arguments(call: Call, context: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return {
            name: given.of(context) if isinstance(given, Expression) else given
            for name, given in call.arguments.items()
        }
    except ExpressionError as error:
        raise Failure(call.operation, f"malformed answer ({error})") from error


def _listed(call: Call, page: Mapping[str, Any]) -> Iterator[Any]:
    found = page if call.items is None else _selected(call, page)
    if isinstance(found, Sequence) and not isinstance(found, str):
        yield from found
    elif found is not None:
        yield found


def _selected(call: Call, page: Mapping[str, Any]) -> Any:
    """What an answer says under the call's `items`. An answer without that field is no empty answer."""
    assert call.items is not None
    if not call.optional and not any(name in page for name in call.items.names):
        raise Failure(call.operation, f"malformed answer (no {call.items.text})")
    try:
        return call.items.of(page)
    except ExpressionError as error:
        raise Failure(call.operation, f"malformed answer ({error})") from error


def _refuse_gaps(call: Call, page: Mapping[str, Any]) -> None:
    """Raises Failure where an answer names what it could not tell."""
    if call.failures is None:
        return
    said = call.failures.of(page)
    if said:
        raise Failure(call.operation, f"answered in part ({', '.join(map(str, said[:3]))})")


def _body(response: Mapping[str, Any] | None) -> bytes:
    """The body of an answer that says it is a good one; nothing where the network failed."""
    if response is None or response["status_code"] >= 300:
        return b""
    body = response.get("body")
    return body if isinstance(body, bytes) else b""


def _refuse_other_than_json(response_dict: Mapping[str, Any] | None, **_: Any) -> None:
    """botocore takes a body that is no JSON for an empty answer."""
    body = _body(response_dict)
    if body:
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise MalformedAnswer("no JSON") from error
        if not isinstance(answer, dict):
            raise MalformedAnswer("no JSON object")


def _refuse_pages(response_dict: Mapping[str, Any] | None, **_: Any) -> None:
    """botocore takes XML that has nothing to do with the operation, such as a proxy's page, for an empty answer."""
    if _PAGE.match(_body(response_dict)):
        raise MalformedAnswer("an HTML page")
