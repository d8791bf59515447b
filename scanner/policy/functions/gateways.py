"""Whether an application gateway answers plain HTTP with nothing but a permanent redirect to HTTPS.

Listeners, rules and redirects refer to each other by name inside one resource, which conditions cannot follow.
"""

from __future__ import annotations

from scanner.model.finding import Verdict
from scanner.model.path import as_text, lookup
from scanner.model.resource import Resource
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown, Value
from scanner.model.words import Words
from scanner.policy.evidence import HOLDS, Outcome, all_hold
from scanner.policy.functions.base import Arguments, Function, said, undecided
from scanner.policy.world import Subject, hidden_by

_GATEWAY = "azurerm_application_gateway"
_NONE = Unknown(
    Reason.UNSUPPORTED, Words("there is no application gateway in the code", "코드에 애플리케이션 게이트웨이가 없음")
)
_NO_LISTENER = Text("no gateway has a listener for HTTP", "HTTP 리스너가 있는 게이트웨이가 없음")
_SERVES = Text(
    "a listener for HTTP does more than redirect permanently to HTTPS",
    "HTTP 리스너가 HTTPS 영구 리디렉션 외의 동작을 함",
)


def _redirects(subject: Subject, arguments: Arguments) -> Outcome:  # noqa: ARG001 (one signature for all functions)
    gateways = subject.world.of_types((_GATEWAY,))
    hidden = subject.world.hidden((_GATEWAY,))
    if not gateways:
        return undecided(subject, hidden_by(hidden) if hidden else _NONE)
    outcomes = [outcome for gateway in gateways if (outcome := _of_gateway(subject, gateway)) is not None]
    return all_hold(outcomes) if outcomes else said(Verdict.FAIL, subject, _NO_LISTENER)


def _of_gateway(subject: Subject, gateway: Resource) -> Outcome | None:
    """The outcome for one gateway; None where it has no listener for HTTP."""
    blocks = {
        name: [found.value for found in lookup(gateway.attributes, f"{name}[*]")]
        for name in ("http_listener", "request_routing_rule", "redirect_configuration")
    }
    for values in blocks.values():
        for value in values:
            if isinstance(value.raw, Unknown):
                return undecided(subject, value.raw, value)
    listeners = {_field(block, "name"): _field(block, "protocol").lower() for block in blocks["http_listener"]}
    plain = {name for name, protocol in listeners.items() if protocol == "http"}
    if not plain:
        return None
    good = {
        _field(block, "name")
        for block in blocks["redirect_configuration"]
        if _field(block, "redirect_type") == "Permanent"
        and listeners.get(_field(block, "target_listener_name")) == "https"
    }
    for block in blocks["request_routing_rule"]:
        if _field(block, "http_listener_name") in plain and _field(block, "redirect_configuration_name") not in good:
            return said(Verdict.FAIL, subject, _SERVES, at=block)
    return HOLDS


def _field(block: Value, name: str) -> str:
    return as_text(lookup(block, name)[0].value) or ""


FUNCTIONS = (
    Function(
        "gateway_only_redirects_http",
        "every listener for HTTP of an application gateway only redirects permanently to one for HTTPS",
        (),
        _redirects,
    ),
)
