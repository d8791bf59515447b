"""`asbuilt audit`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from scanner.cli import config
from scanner.cli.comparing import narrowing
from scanner.cli.names import typed
from scanner.cli.options import (
    EXIT_CODES,
    Presentation,
    Publisher,
    baseline_option,
    existing,
    input_option,
    report_options,
    settings_of,
    stage_option,
)
from scanner.cli.reach import REACH, SYSTEMS, ReachGiven, reach_of, reach_options
from scanner.cli.streams import emit, emit_error, piped
from scanner.errors import UsageError

if TYPE_CHECKING:
    from scanner.audit import AuditRequest
    from scanner.model.changes import Changes
    from scanner.model.report import Report

STANDARD_INPUT: Final = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(Presentation):
    """The command line as given; names are those of the options."""

    system: str
    baseline: tuple[str, ...]
    snapshot: tuple[str, ...]
    reach: ReachGiven
    permissions: bool
    stage: str | None
    input: tuple[str, ...]
    prometheus: str | None
    history: str | None
    notify: str | None
    notify_url_from: str | None


@click.command(
    epilog=f"""\b
Examples:
  asbuilt audit aws --baseline onno-production               what runs, against the document
  asbuilt audit aws --role-arn 'arn:aws:iam::{{account}}:role/auditor' --account 111122223333
  asbuilt audit aws --snapshot account.jsonl.gz              what was stored, offline
  kubectl get deploy,svc -A -o json | asbuilt audit kubernetes --snapshot -
  asbuilt audit aws --history audits.sqlite --strict         every night: what is new, fixed, persisting
  asbuilt audit aws --permissions > policy.json              the rights that it needs, no more

{EXIT_CODES}""",
)
@click.argument("system", type=click.Choice(SYSTEMS))
@baseline_option
@click.option(
    "--snapshot", multiple=True, metavar="PATH", help="Read this snapshot, or all of a directory; repeatable."
)
@click.option("--permissions", is_flag=True, help="Print the read-only rights that the audit needs, and stop.")
@reach_options
@stage_option
@input_option
@click.option("--prometheus", metavar="URL", help="Server to ask for measurements.")
@click.option("--history", metavar="FILE", help="Record the audit there and say what has changed.")
@click.option(
    "--notify",
    type=click.Choice(["slack", "teams", "json"]),
    help="Send what is new to a webhook; needs a history.",
)
@click.option(
    "--notify-url-from", metavar="VARIABLE", help="Environment variable with its URL. [default: ASBUILT_WEBHOOK_URL]"
)
@report_options
def command(**given: Any) -> int:
    """Check what really runs against design documents, with read-only calls."""
    reach = ReachGiven(**{name: given.pop(name) for name in REACH})
    return run(Options(reach=reach, **given))


def run(options: Options) -> int:
    """Audits, writes the reports, records and notifies, and gives the exit code."""
    settings = settings_of(options, [Path()])
    publisher = Publisher(options, settings)
    asked = request(options, settings)
    if options.permissions:
        emit(_policy(asked))
        return 0
    keeper = _Keeper(options, settings)
    narrow = narrowing(options.compare_to)

    from scanner.audit import audit
    from scanner.cli.page_extras import of_audit
    from scanner.cli.progress import Shown

    with Shown(publisher.language, wanted=not options.quiet) as progress:
        report = audit(asked, progress)
    changes = keeper.record(report)
    findings = report.findings
    code = publisher.publish(narrow(report), lambda: of_audit(asked, report, findings, keeper.file))
    if changes is not None:
        keeper.tell(report, changes, publisher.language)
    return code


def request(options: Options, settings: config.Config) -> AuditRequest:
    """The audit that the command line asks for; what it leaves open comes from the configuration."""
    from scanner.audit import SYSTEMS as ORIGINS
    from scanner.audit import AuditRequest
    from scanner.cli.measuring import readers
    from scanner.sources.live import Reach
    from scanner.sources.snapshot.files import stored

    reach = reach_of(options.system, options.reach)
    if options.snapshot and reach != Reach():
        raise UsageError("--snapshot reads no account: leave the options that choose one out")
    return AuditRequest(
        system=ORIGINS[options.system],
        baselines=options.baseline or settings.baselines,
        printed=_printed(options),
        snapshots=[path for text in options.snapshot if text != STANDARD_INPUT for path in stored(existing(text))],
        reach=reach,
        figures=readers(options.system, reach, options.prometheus, offline=bool(options.snapshot)),
        stage=options.stage or settings.stage,
        inputs={**settings.inputs, **typed("--input", options.input)},
        bindings=settings.bind,
        attestations=config.attestations(settings),
        waivers=settings.waivers,
        cache=options.cache,
    )


def _printed(options: Options) -> str | None:
    """What kubectl prints into standard input, where that is to be read."""
    if STANDARD_INPUT not in options.snapshot:
        return None
    if options.system != "kubernetes":
        raise UsageError(f"standard input is what kubectl prints: it does not tell about {options.system}")
    data = piped(hint="kubectl get … -A -o json | asbuilt audit kubernetes --snapshot -")
    return data.decode("utf-8-sig", "replace")


def _policy(asked: AuditRequest) -> str:
    """The IAM policy, or role definition, that can read everything the baselines need, and do nothing else."""
    import json

    from scanner.audit import rights

    actions = rights(asked.system, asked.baselines, cache=asked.cache)
    if asked.system.value == "azure":
        scopes = [f"/subscriptions/{name}" for name in asked.reach.subscriptions or ("SUBSCRIPTION-ID",)]
        role: dict[str, object] = {"Name": "asbuilt auditor", "IsCustom": True, "Actions": actions}
        return json.dumps({**role, "NotActions": [], "AssignableScopes": scopes}, indent=2) + "\n"
    statement = {"Sid": "AsbuiltReads", "Effect": "Allow", "Action": actions, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2) + "\n"


class _Keeper:
    """Records audits and sends messages where that is wanted; checked before the audit begins.

    Raises UsageError for what is missing.
    """

    def __init__(self, options: Options, settings: config.Config) -> None:
        from scanner.cli.notifying import sender

        self.file = Path(options.history) if options.history else settings.history
        self._days = settings.history_days
        self._quiet = options.quiet
        self._sender = sender(options.notify, options.notify_url_from, settings)
        if self._sender is not None and self.file is None:
            raise UsageError("what is new is known from a history only", hint="--history FILE")
        if self.file is not None and not self.file.parent.is_dir():
            raise UsageError(f"the directory {self.file.parent} does not exist")

    def record(self, report: Report) -> Changes | None:
        """Stores the audit, where it is wanted."""
        if self.file is None:
            return None
        from scanner.history import RETENTION_DAYS, History

        return History(self.file).record(report, keep_days=self._days or RETENTION_DAYS)

    def tell(self, report: Report, changes: Changes, language: str) -> None:
        """Says what has changed, on standard error and to whom it is sent."""
        from scanner.cli.history_text import summary

        if not self._quiet:
            emit_error(summary(changes, language))
        if self._sender is not None and (problem := self._sender(report, changes, language)):
            from scanner.model.words import in_language

            emit_error(f"asbuilt: {in_language(problem, language)}")
