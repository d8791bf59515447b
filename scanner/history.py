"""The history of audits: a SQLite file that several audits may write at once, and that no kill can tear.

A finding is known by its fingerprint. Its state is open from the audit that first saw it failing, and closed by one
that decided it otherwise, or that read everything and did not meet it any more. What could not be decided closes
nothing. Audits are compared with earlier ones of the same scope: system, account, baselines, stage.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from scanner.errors import SourceError
from scanner.model.changes import Changes, Entry
from scanner.model.finding import Finding, Verdict
from scanner.model.inventory import Level, may_hide
from scanner.model.report import Report
from scanner.model.rule import Severity, Text

VERSION: Final = 1
RETENTION_DAYS: Final = 400
"""A little more than a year, so that a yearly comparison is possible."""

_WAIT_SECONDS: Final = 60
_PAUSE_SECONDS: Final = 0.02
_PASSING: Final = ("arn", "taken", "version", "name")
"""What may change from audit to audit of the same system."""
_SCHEMA: Final = """
CREATE TABLE runs (
  id INTEGER PRIMARY KEY, scope TEXT NOT NULL, started TEXT NOT NULL, identity TEXT NOT NULL, inputs TEXT NOT NULL,
  baselines TEXT NOT NULL, complete INTEGER NOT NULL, summary TEXT NOT NULL
) STRICT;
CREATE INDEX runs_of_scope ON runs (scope, started);
CREATE TABLE verdicts (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, fingerprint BLOB NOT NULL, verdict TEXT NOT NULL,
  PRIMARY KEY (run, fingerprint)
) STRICT, WITHOUT ROWID;
CREATE TABLE violations (
  scope TEXT NOT NULL, fingerprint BLOB NOT NULL, rule TEXT NOT NULL, baseline TEXT NOT NULL, severity TEXT NOT NULL,
  title_en TEXT NOT NULL, title_ko TEXT NOT NULL, component TEXT NOT NULL, type TEXT NOT NULL, place TEXT NOT NULL,
  since TEXT NOT NULL, closed TEXT,
  PRIMARY KEY (scope, fingerprint)
) STRICT, WITHOUT ROWID;
CREATE TABLE changes (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, fingerprint BLOB NOT NULL, change TEXT NOT NULL,
  PRIMARY KEY (run, fingerprint)
) STRICT, WITHOUT ROWID;
"""
_WORST: Final = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.REVIEW, Verdict.PASS, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Run:
    """One audit of the past."""

    id: int
    scope: str
    started: str
    identity: Mapping[str, str]
    baselines: list[str]
    complete: bool
    summary: Mapping[str, int]


class History:
    """The audits in a file; it is made where there is none.

    Raises SourceError where the file cannot be used, is no history, or was made by a later version.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as connection, _transaction(connection):
            found = connection.execute("PRAGMA user_version").fetchone()[0]
            tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if found > VERSION or (found == 0 and tables):
                what = "was made by a later version of asbuilt" if found else "is another database"
                raise SourceError(f"{path} {what}")
            if found == 0:
                for statement in filter(str.strip, _SCHEMA.split(";\n")):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {VERSION}")

    def record(self, report: Report, *, keep_days: int = RETENTION_DAYS) -> Changes:
        """Stores an audit and says what has changed; audits older than `keep_days` are forgotten.

        It is stored as a whole or not at all.
        """
        with self._open() as connection, _transaction(connection):
            return _Recording(connection, report, scope_of(report)).record(keep_days)

    def runs(self, scope: str | None = None) -> list[Run]:
        """The audits, of one scope or of all, the oldest first."""
        with self._open() as connection:
            rows = connection.execute(
                "SELECT id, scope, started, identity, baselines, complete, summary FROM runs"
                " WHERE ?1 IS NULL OR scope = ?1 ORDER BY started, id",
                (scope,),
            ).fetchall()
        return [
            Run(row[0], row[1], row[2], json.loads(row[3]), json.loads(row[4]), bool(row[5]), json.loads(row[6]))
            for row in rows
        ]

    def changes(self, run: Run) -> Changes:
        """What had changed with an audit."""
        with self._open() as connection:
            return _changes(connection, run.id, run.scope)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = sqlite3.connect(self._path, timeout=_WAIT_SECONDS, isolation_level=None)
        except sqlite3.Error as error:
            raise SourceError(f"cannot open the history {self._path}: {error}") from error
        try:
            _use_log(connection)
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            yield connection
        except sqlite3.Error as error:
            raise SourceError(f"cannot use the history {self._path}: {error}") from error
        finally:
            connection.close()


def _use_log(connection: sqlite3.Connection) -> None:
    """Has writers append to a log. SQLite does not wait for others when it changes the journal of a new file."""
    until = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_PAUSE_SECONDS)


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Everything or nothing. Others wait from the first statement on: no two audits compare with the same state."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def scope_of(report: Report) -> str:
    """What makes audits comparable: the system, the account, the baselines, the stage."""
    account = {key: value for key, value in report.identity.items() if key not in _PASSING}
    return json.dumps([report.system, account, sorted(report.baselines), report.stage], sort_keys=True)


class _Recording:
    """One audit on its way into the file."""

    def __init__(self, connection: sqlite3.Connection, report: Report, scope: str) -> None:
        self._connection = connection
        self._report = report
        self._scope = scope
        self._by_rule: dict[str, list[Finding]] = {}
        for finding in report.findings:
            self._by_rule.setdefault(finding.rule, []).append(finding)

    def record(self, keep_days: int) -> Changes:
        report = self._report
        cursor = self._connection.execute(
            "INSERT INTO runs (scope, started, identity, inputs, baselines, complete, summary)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                self._scope,
                report.started,
                json.dumps(dict(report.identity)),
                json.dumps(report.inputs),
                json.dumps(report.baselines),
                int(report.complete),
                json.dumps(report.summary),
            ),
        )
        run = cursor.lastrowid
        assert run is not None
        verdicts = self._verdicts()
        self._connection.executemany(
            "INSERT INTO verdicts VALUES (?, ?, ?)",
            [(run, bytes.fromhex(key), verdict.value) for key, verdict in verdicts.items()],
        )
        self._compare(run)
        self._forget(keep_days)
        return _changes(self._connection, run, self._scope)

    def _verdicts(self) -> dict[str, Verdict]:
        """The verdict of each fingerprint; where several findings share it, the worst."""
        found: dict[str, Verdict] = {}
        for finding in self._report.findings:
            key = finding.fingerprint
            found[key] = min(finding.verdict, found.get(key, finding.verdict), key=_WORST.index)
        return found

    def _compare(self, run: int) -> None:
        known = dict(
            self._connection.execute(
                "SELECT fingerprint, closed FROM violations WHERE scope = ?", (self._scope,)
            ).fetchall()
        )
        failing: set[bytes] = set()
        for finding in self._report.findings:
            key = bytes.fromhex(finding.fingerprint)
            if finding.verdict is not Verdict.FAIL or key in failing:
                continue
            if finding.suppression is not None and known.get(key, "") is not None:
                continue  # an accepted deviation is no news
            failing.add(key)
            change = "new" if key not in known else "persisting" if known[key] is None else "regressed"
            self._open_violation(finding, key)
            self._change(run, key, change)
        for key in (key for key, closed in known.items() if closed is None and key not in failing):
            self._close(run, key)

    def _open_violation(self, finding: Finding, key: bytes) -> None:
        self._connection.execute(
            "INSERT INTO violations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)"
            " ON CONFLICT DO UPDATE SET closed = NULL, severity = excluded.severity,"
            " title_en = excluded.title_en, title_ko = excluded.title_ko,"
            " since = CASE WHEN closed IS NULL THEN since ELSE excluded.since END",
            (
                self._scope,
                key,
                finding.rule,
                finding.baseline or "",
                finding.severity.value,
                finding.title.en,
                finding.title.ko,
                finding.component or "",
                finding.resource.type if finding.resource else "",
                _place(finding),
                self._report.started,
            ),
        )

    def _close(self, run: int, key: bytes) -> None:
        """A violation that was not found this time: fixed where that is certain."""
        rule, component, type_, place = self._connection.execute(
            "SELECT rule, component, type, place FROM violations WHERE scope = ? AND fingerprint = ?",
            (self._scope, key),
        ).fetchone()
        if self._fixed(rule, component, type_, place):
            self._connection.execute(
                "UPDATE violations SET closed = ? WHERE scope = ? AND fingerprint = ?",
                (self._report.started, self._scope, key),
            )
            self._change(run, key, "fixed")
        else:
            self._change(run, key, "undecided")

    def _fixed(self, rule: str, component: str, type_: str, place: str) -> bool:
        """Whether the rule was decided there; or it is certain that the resource is gone."""
        findings = self._by_rule.get(rule, [])
        here = [item for item in findings if _place(item) == place or (not type_ and item.component == component)]
        # An unknown finding without a resource may be about any of them.
        doubts = [item for item in findings if item in here or item.resource is None]
        if any(item.verdict is Verdict.UNKNOWN for item in doubts):
            return False
        said = self._report.notifications
        return bool(here) or not any(may_hide(item, type_) if type_ else item.level is Level.ERROR for item in said)

    def _change(self, run: int, key: bytes, change: str) -> None:
        self._connection.execute("INSERT INTO changes VALUES (?, ?, ?)", (run, key, change))

    def _forget(self, days: int) -> None:
        """Drops what is too old, never the last audit of a scope."""
        limit = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._connection.execute(
            "DELETE FROM runs WHERE started < ? AND id NOT IN (SELECT max(id) FROM runs GROUP BY scope)", (limit,)
        )
        self._connection.execute(
            "DELETE FROM violations WHERE closed < ?"
            " AND fingerprint NOT IN (SELECT fingerprint FROM changes)", (limit,)
        )  # fmt: skip


def _place(finding: Finding) -> str:
    return finding.resource.shown if finding.resource else finding.component or ""


def _changes(connection: sqlite3.Connection, run: int, scope: str) -> Changes:
    rows: list[tuple[Any, ...]] = connection.execute(
        "SELECT change, fingerprint, rule, baseline, severity, title_en, title_ko, place, since FROM changes"
        " JOIN violations USING (fingerprint) WHERE run = ? AND scope = ? ORDER BY rule, place, fingerprint",
        (run, scope),
    ).fetchall()
    found = Changes()
    for change, key, rule, baseline, severity, en, ko, where, since in rows:
        entry = Entry(key.hex(), rule, baseline, Severity(severity), Text(en, ko), where, since)
        getattr(found, change).append(entry)
    return found
