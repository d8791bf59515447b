"""Whom the action groups of Azure Monitor reach: PagerDuty, Teams, or anybody at all.

A webhook is recognised by the host of its address, which is often known where the key in it is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from scanner.model.finding import Verdict
from scanner.model.path import lookup
from scanner.model.resource import Resource
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown, Value, shape_of
from scanner.model.words import Words
from scanner.policy.evidence import HOLDS, Outcome
from scanner.policy.functions.azure_alert_rules import AlertRule
from scanner.policy.functions.base import Arguments, Function, said, texts, undecided
from scanner.policy.functions.linked import Doubt, referred
from scanner.policy.world import Subject, hidden_by

_GROUPS = ("azurerm_monitor_action_group",)
_KINDS = {
    "pagerduty": re.compile(r"^https://([\w-]+\.)*pagerduty\.com([:/]|$)|@([\w-]+\.)*pagerduty\.com$", re.IGNORECASE),
    "teams": re.compile(
        r"^https://([\w-]+\.)*(webhook\.office\.com|outlook\.office\.com|logic\.azure\.com|powerplatform\.com)([:/]|$)"
        r"|@([\w-]+\.)*teams\.ms$",
        re.IGNORECASE,
    ),
}
_HOST = re.compile(r"^https://[^/$]+[/:]|@[^$]+$")
_NAMES = {"pagerduty": "PagerDuty", "teams": "Teams"}
_ADDRESSES = (
    "webhook_receiver[*].service_uri",
    "email_receiver[*].email_address",
    "logic_app_receiver[*].callback_url",
)
_OUTSIDE = Unknown(Reason.UNSUPPORTED, Words("the action group is not part of this code", "작업 그룹이 이 코드에 없음"))
_RECEIVERS = (
    "arm_role_receiver", "automation_runbook_receiver", "azure_app_push_receiver", "azure_function_receiver",
    "email_receiver", "event_hub_receiver", "itsm_receiver", "logic_app_receiver", "sms_receiver", "voice_receiver",
    "webhook_receiver",
)  # fmt: skip


def reached(subject: Subject, rule: AlertRule, wanted: list[str]) -> Outcome:
    """Whether an alert's action groups reach everybody of `wanted`; `any` stands for one receiver of any kind."""
    linked = referred(subject.world, rule.resource, rule.groups, _GROUPS)
    doubts = linked.doubts + [Doubt(_OUTSIDE, mention.value) for mention in linked.outside]
    at = lookup(rule.resource.attributes, rule.groups)[0].value
    return _outcome(subject, [group for group, _ in linked.certain], doubts, wanted, at, rule.label)


def _decide(subject: Subject, arguments: Arguments) -> Outcome:
    groups = subject.world.of_types(_GROUPS)
    hidden = subject.world.hidden(_GROUPS)
    doubts = [Doubt(hidden_by(hidden))] if hidden is not None else []
    return _outcome(subject, groups, doubts, texts(arguments, "receivers"), None, "")


def _outcome(
    subject: Subject, groups: Iterable[Resource], doubts: list[Doubt], wanted: list[str], at: Value | None, who: str
) -> Outcome:
    found: set[str] = set()
    doubts = list(doubts)
    for group in groups:
        kinds, unsure = _kinds(group)
        found |= kinds
        doubts += unsure
    lacking = [kind for kind in wanted if kind not in found]
    if not lacking:
        return HOLDS
    if doubts:
        return undecided(subject, doubts[0].unknown, doubts[0].value)
    names = ", ".join(_NAMES.get(kind, "a receiver") for kind in lacking)
    names_ko = ", ".join(_NAMES.get(kind, "수신자") for kind in lacking)
    english = f"{who} does not reach {names}" if who else f"no action group reaches {names}"
    korean = f"{who} 경보가 {names_ko}에 전달되지 않음" if who else f"{names_ko}에 전달하는 작업 그룹이 없음"
    return said(Verdict.FAIL, subject, Text(english, korean), at=at, expected=list(wanted))


def _kinds(group: Resource) -> tuple[set[str], list[Doubt]]:
    """What an enabled action group certainly reaches, and what else it may reach."""
    enabled = lookup(group.attributes, "enabled")[0].value
    if isinstance(enabled.raw, Unknown):
        return set(), [Doubt(enabled.raw, enabled)]
    if group.undecided is not None and isinstance(group.undecided.raw, Unknown):
        return set(), [Doubt(group.undecided.raw, group.undecided)]
    if str(enabled.raw).lower() == "false":
        return set(), []
    kinds: set[str] = set()
    doubts: list[Doubt] = []
    for block in (found.value for name in _RECEIVERS for found in lookup(group.attributes, f"{name}[*]")):
        if isinstance(block.raw, Unknown):
            doubts.append(Doubt(block.raw, block))
        else:
            kinds.add("any")
    for path in _ADDRESSES:
        for address in lookup(group.attributes, path):
            text = shape_of(address.value)
            known = {kind for kind, pattern in _KINDS.items() if text and pattern.search(text)}
            kinds |= known
            if isinstance(address.value.raw, Unknown) and not known and not _HOST.search(text or ""):
                doubts.append(Doubt(address.value.raw, address.value))
    # A logic app is how Teams takes messages since its own connectors are gone.
    if any(not block.value.is_unknown for block in lookup(group.attributes, "logic_app_receiver[*]")):
        kinds.add("teams")
    return kinds, doubts


FUNCTIONS = (
    Function(
        "azure_action_group_receivers",
        "Whether the enabled action groups together reach everybody named (pagerduty, teams, any)",
        ("receivers",),
        _decide,
        set_level=True,
    ),
)
