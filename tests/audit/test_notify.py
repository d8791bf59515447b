"""Messages to webhooks: what they say, how often they are tried, and what they never say."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cli_project
import pytest
from audited import FakeSource, database, live

from scanner.cli.main import run
from scanner.errors import UsageError
from scanner.history import History
from scanner.model.changes import Changes, Entry
from scanner.model.resource import Origin
from scanner.model.rule import Severity, Text
from scanner.notify import BODIES, Message, Webhook
from scanner.sources import live as live_sources
from scanner.sources.live import Opened

SECRET = "/services/T000/B000/s3cr3t?token=abc"


@contextmanager
def webhook(*statuses: int, headers: dict[str, str] | None = None) -> Iterator[tuple[str, list[dict]]]:
    """A server that answers with these statuses, the last one for ever, and what it was told."""
    told: list[dict] = []
    left = list(statuses) or [200]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.append({"path": self.path, "type": self.headers["Content-Type"], "body": json.loads(body)})
            self.send_response(left.pop(0) if len(left) > 1 else left[0])
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}{SECRET}", told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def entry(rule: str, severity: Severity = Severity.HIGH, where: str = "123/x//aws_lb/a_b") -> Entry:
    return Entry("00", rule, "shop", severity, Text(f"Title <{rule}> & more", f"{rule} 제목"), where, "2026-11-01")


def message(**changes: list[Entry]) -> Message:
    return Message(["shop"], "aws", "123456789012", Changes(**changes))


NEWS = {"new": [entry("A", Severity.LOW), entry("B", Severity.CRITICAL)], "fixed": [entry("C")]}


def test_slack_gets_text_without_markup_of_ours():
    text = BODIES["slack"](message(**NEWS))["text"].splitlines()
    assert text[0] == "*asbuilt: 2 new violations (shop; aws 123456789012)*"
    assert text[1] == "• critical B Title &lt;B&gt; &amp; more: 123/x//aws_lb/a_b"
    assert text[2].startswith("• low A")
    assert text[3] == "fixed 1, persisting 0"


def test_teams_gets_a_card():
    content = BODIES["teams"](message(**NEWS))["attachments"][0]["content"]
    assert content["type"] == "AdaptiveCard"
    assert content["body"][0]["weight"] == "Bolder"
    assert content["body"][1]["text"] == r"critical B Title <B> & more: 123/x//aws\_lb/a\_b"


def test_others_get_everything_by_name():
    data = BODIES["json"](message(**NEWS, persisting=[entry("D")]))
    assert [item["rule"] for item in data["new"]] == ["A", "B"]
    assert data["fixed"][0]["where"] == "123/x//aws_lb/a_b"
    assert data["persisting"] == 1
    assert json.loads(json.dumps(data)) == data


def test_a_message_is_not_endless():
    lines = message(new=[entry(f"R{number}") for number in range(50)]).lines()
    assert len(lines) == 21
    assert lines[-1] == "and 30 more"


def test_it_speaks_korean():
    korean = Message(["shop"], "aws", "1", Changes(regressed=[entry("A")]), "ko")
    assert korean.head() == "asbuilt: 1 재발 위반 (shop; aws 1)"
    assert "A 제목" in korean.lines()[0]


@pytest.mark.parametrize(
    ("statuses", "tries", "problem"),
    [
        ([200], 1, None),
        ([204], 1, None),
        ([500, 502, 200], 3, None),
        ([429, 200], 2, None),
        ([503], 4, "the webhook was not told: it answered 503"),
        ([404], 1, "the webhook was not told: it answered 404"),
        ([302], 1, "the webhook was not told: it answered 302"),
    ],
)
def test_it_is_tried_again_where_that_may_help(statuses, tries, problem):
    pauses: list[float] = []
    with webhook(*statuses, headers={"Location": "http://127.0.0.1:9/"}) as (url, told):
        assert Webhook("json", url, pauses.append).send(message(**NEWS)) == problem
    assert len(told) == tries
    assert pauses == [1.0, 2.0, 4.0][: tries - 1]
    assert told[0]["path"] == SECRET
    assert told[0]["type"] == "application/json"


@pytest.mark.parametrize(("wait", "pause"), [("7", 7.0), ("9999", 30.0), ("soon", 1.0)])
def test_it_waits_as_long_as_it_is_asked_to_within_bounds(wait, pause):
    pauses: list[float] = []
    with webhook(429, 200, headers={"Retry-After": wait}) as (url, _):
        assert Webhook("json", url, pauses.append).send(message(**NEWS)) is None
    assert pauses == [pause]


def test_nobody_there_is_said_without_the_address():
    with webhook() as (url, _):
        pass
    problem = Webhook("json", url, lambda _: None).send(message(**NEWS))
    assert problem == "the webhook was not told: no answer (ConnectionRefusedError)"


@pytest.mark.parametrize(
    "url", ["ftp://x/s3cr3t", "https://", "s3cr3t", "https://x:99999/s3cr3t", "http://x.example/s3cr3t"]
)
def test_an_address_that_will_not_do_is_refused_without_being_repeated(url):
    with pytest.raises(UsageError) as error:
        Webhook("json", url)
    assert "s3cr3t" not in str(error.value)


class TestAudit:
    @pytest.fixture(autouse=True)
    def project(self, tmp_path, monkeypatch):
        (tmp_path / "shop.yaml").write_text(cli_project.BASELINE, encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        self.account = FakeSource([database()])
        monkeypatch.setitem(live_sources._OPEN, Origin.AWS, lambda *_: Opened(self.account, frozenset({"aws_*"})))
        self.monkeypatch = monkeypatch

    def audit(self, url: str, *arguments: str) -> int:
        self.monkeypatch.setenv("HOOK", url)
        given = ["--history", "h.sqlite", "--notify", "json", "--notify-url-from", "HOOK", "--lang", "en"]
        return run(["audit", "aws", "--baseline", "shop.yaml", *given, *arguments])

    def test_only_what_is_new_is_told(self, capfd):
        with webhook() as (url, told):
            assert self.audit(url) == 0
            assert told == []
            self.account.items = [database(multi_az=False)]
            assert self.audit(url) == 1
            assert self.audit(url) == 1
        assert [[item["rule"] for item in one["body"]["new"]] for one in told] == [["SHOP-DB-001"]]
        assert told[0]["body"]["account"] == "123456789012"
        assert "0 new, 0 regressed, 1 persisting, 0 fixed" in capfd.readouterr().err

    def test_no_value_and_no_address_of_the_webhook_is_told(self, capfd):
        with webhook() as (url, told):
            self.account.items = [database(kms_key_id="hunter2")]
            assert self.audit(url, "--format", "json=report.json") == 1
        assert "hunter2" not in json.dumps(told)
        captured = capfd.readouterr()
        assert "s3cr3t" not in captured.out + captured.err

    def test_a_webhook_that_does_not_answer_changes_no_verdict(self, capfd):
        self.account.items = [database(multi_az=False)]
        with webhook(403) as (url, _):
            assert self.audit(url) == 1
        assert "the webhook was not told: it answered 403" in capfd.readouterr().err

    def test_the_configuration_may_say_it_all(self, tmp_path):
        said = "baseline: shop.yaml\nhistory: h.sqlite\nhistory_days: 30\nnotify: {to: slack, url_from: HOOK}\n"
        (tmp_path / "asbuilt.yaml").write_text(said, encoding="utf-8")
        self.account.items = [live("aws_db_instance", "shop-db", {"identifier": "shop-db", "multi_az": False})]
        with webhook() as (url, told):
            self.monkeypatch.setenv("HOOK", url)
            assert run(["audit", "aws", "--quiet"]) == 1
        assert "SHOP-DB-001" in told[0]["body"]["text"]
        assert len(History(tmp_path / "h.sqlite").runs()) == 1

    def test_what_is_new_needs_a_history(self, capfd):
        self.monkeypatch.setenv("ASBUILT_WEBHOOK_URL", "https://example.com/x")
        assert run(["audit", "aws", "--baseline", "shop.yaml", "--notify", "slack"]) == 2
        assert "known from a history only" in capfd.readouterr().err


def test_nothing_new_is_not_worth_a_message():
    assert not message(persisting=[entry("A")], fixed=[entry("B")]).worth_telling
    assert message(regressed=[entry("A")]).worth_telling
