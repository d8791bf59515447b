"""Every text that people may read exists in Korean, and a finished message is recognised by its template."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from message_templates import merged, templates

from scanner.cli.main import run
from scanner.model import korean_messages
from scanner.model.inventory import Level, Notification
from scanner.model.korean_messages import FILES, UNCHANGED, korean, read_templates
from scanner.model.report import Report
from scanner.model.words import Words, in_language
from scanner.reports import github, junit, markdown, sarif, text

ROOT = Path(__file__).resolve().parent.parent / "scanner"
PLACE = Path(korean_messages.__file__).parent
MESSAGES, PARTS, CLICK = (read_templates((PLACE / name).read_text(encoding="utf-8")) for name in FILES)
ALL = {**MESSAGES, **PARTS, **CLICK}
COMMANDS = ("--", "asbuilt ", "helm ", "kubectl ", "pip ", "terraform ")
FILLED = re.compile(r"\{(\d)(?::([가-힣]+))?\}")


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    return templates(ROOT)


def test_every_text_of_an_error_or_notification_has_a_korean_one(written):
    missing = {english: module for english, module in written.items() if english not in ALL}
    assert not missing, "add these to scanner/model/korean_messages.txt"


def test_no_korean_text_is_left_over(written):
    assert set(MESSAGES) - set(written) == set()


def test_words_that_are_filled_in_occur_in_the_code():
    code = "".join(file.read_text(encoding="utf-8") for file in ROOT.rglob("*.py"))
    assert [part for part in PARTS if f'"{part.split("{}")[0]}' not in code] == []


def test_no_text_occurs_twice():
    lines = [line for name in FILES for line in (PLACE / name).read_text(encoding="utf-8").splitlines()]
    kept = [line for line in lines if line and not line.startswith("#")]
    assert len(kept) == 2 * len(ALL)
    assert [english for english in ALL if english != merged(english)] == []


def test_every_korean_text_holds_hangul_or_is_a_command():
    latin = [english for english, said in ALL.items() if not re.search("[가-힣]", FILLED.sub("", said))]
    assert [english for english in latin if not english.startswith(COMMANDS)] == []
    assert all(ALL[english] == english for english in latin), f"a command stays as it is: {UNCHANGED}"


def test_what_is_filled_in_is_the_same_in_both_languages():
    for english, said in ALL.items():
        if said != english:
            numbers = {int(match[1]) for match in FILLED.finditer(said)}
            assert numbers == set(range(english.count("{}"))), english


def test_every_template_gives_its_own_korean_text():
    wrong = []
    for english, said in ALL.items():
        words = iter(f"<{letter}>" for letter in "pqrstuv")
        message = re.sub(r"\{\}", lambda _, words=words: next(words), english)
        if korean(message) == message and said != english:
            wrong.append(message)
    assert wrong == []


@pytest.mark.parametrize(
    ("english", "expected"),
    [
        ("there is no baseline file shop.yaml", "기준 파일 shop.yaml이 없음"),
        ("there is no group sg-a", "그룹 sg-a가 없음"),
        ("bind: db: must be text, not a number", "bind: db: 텍스트여야 함(현재 숫자)"),
        ("account 111122223333: cannot be reached (Timeout)", "111122223333 계정: 연결할 수 없음(Timeout)"),
        (
            "ec2 DescribeVpcs eu-west-1: AccessDenied (missing permission ec2:DescribeVpcs) (3 times)",
            "ec2 DescribeVpcs eu-west-1: AccessDenied (필요한 권한 없음: ec2:DescribeVpcs) (3회)",
        ),
        ("the plan deletes a.b, c.d and 3 more", "계획에서 삭제하는 리소스: a.b, c.d 외 3개"),
        (
            "the component db fits 2 resources: a, b; name the one that is meant in asbuilt.yaml: bind: {db: a}",
            "구성 요소 db에 해당하는 리소스가 2개임: a, b; asbuilt.yaml에 해당 리소스 지정: bind: {db: a}",
        ),
        ("읽지 못함: the file is binary (a.tf:1:1)", "읽지 못함: 바이너리 파일임 (a.tf:1:1)"),
        ("{1} is no number", "{1}은 숫자가 아님"),
        ("words of another program", "words of another program"),
    ],
)
def test_a_finished_message_is_recognised(english, expected):
    assert in_language(english, "ko") == expected
    assert in_language(english, "en") == english


def test_a_text_that_brings_its_korean_needs_no_template():
    assert in_language(Words("an input", "입력값"), "ko") == "입력값"


@pytest.mark.parametrize("piece", [": ", "; ", " is no ", " of ", "a: b; c is no d (", "\n", "{0}", "\x00"])
def test_hostile_texts_are_read_quickly(piece):
    message = (piece * 20_000)[:20_000]
    program = "import sys; from scanner.model.korean_messages import korean; korean(sys.stdin.read())"
    done = subprocess.run([sys.executable, "-c", program], input=message.encode(), cwd=ROOT.parent, timeout=10)
    assert done.returncode == 0
    assert korean("no JSON: " * 20_000).startswith("no JSON: ")


def test_reports_tell_notifications_in_the_language_of_who_reads_them():
    report = Report(
        "scan", "2026-01-01T00:00:00Z", ["infra"], ["shop"], [],
        notifications=[Notification(Level.ERROR, "the file cannot be read: EACCES")],
    )  # fmt: skip
    for module in (github, junit, markdown, sarif, text):
        assert "파일을 읽을 수 없음: EACCES" in module.render(report, language="ko"), module.__name__
        assert "the file cannot be read: EACCES" in module.render(report, language="en"), module.__name__


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        (["scan", "nowhere", "--lang", "ko"], {}, "asbuilt: nowhere가 없음\n"),
        (["scan", "nowhere"], {"ASBUILT_LANG": "ko"}, "asbuilt: nowhere가 없음\n"),
        (["scan", "nowhere"], {"LC_ALL": "ko_KR.UTF-8"}, "asbuilt: nowhere가 없음\n"),
        (["scan", "nowhere", "--lang=en"], {"ASBUILT_LANG": "ko"}, "asbuilt: there is no nowhere\n"),
        (["explain", "--lang", "ko"], {}, "asbuilt: 인수 'ID' 누락.\n  도움말: 'asbuilt explain --help'\n"),
        (["scan", "--unheard", "--lang", "ko"], {}, "asbuilt: 옵션 "),
        (["scna"], {"LC_ALL": "ko_KR.UTF-8"}, "asbuilt: 명령 'scna'가 없음. 비슷한 이름: scan\n"),
    ],
)
def test_errors_are_told_in_the_language_of_who_reads_them(
    arguments, environment, expected, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("ASBUILT_LANG", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert run(arguments) == 2
    assert capsys.readouterr().err.startswith(expected)


@click.command()
@click.argument("place")
@click.option("--size", type=int)
@click.option("--part", type=click.FloatRange(0, 1))
@click.option("--kind", type=click.Choice(["a", "b"]), required=True)
@click.option("--pair", nargs=2)
@click.option("--flag", is_flag=True)
def sample(**_given):
    """Takes arguments of every sort."""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--kind", "a"],
        ["x"],
        ["x", "y", "--kind", "a"],
        ["x", "y", "z", "--kind", "a"],
        ["x", "--kind", "c"],
        ["x", "--kind"],
        ["x", "--pair", "1"],
        ["x", "--flag=1"],
        ["x", "--kind", "a", "--size", "many"],
        ["x", "--kind", "a", "--part", "many"],
        ["x", "--kind", "a", "--part", "2"],
        ["x", "--unheard"],
        ["x", "--kin", "a"],
        ["x", "--p", "a"],
    ],
)
def test_wrong_arguments_are_told_in_korean(arguments):
    with pytest.raises(click.UsageError) as caught:
        sample.main(arguments, standalone_mode=False)
    said = korean(caught.value.format_message())
    assert re.search("[가-힣]", said)
    assert not re.search("is not|No such|Invalid|Missing|requires|does not|unexpected|Did you", said), said


def test_english_output_does_not_load_the_korean_texts():
    program = (
        "import sys; from scanner.cli.main import run; run(sys.argv[1:]); print('korean_messages' in str(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "scan", "nowhere", "--lang", "en"],
        cwd=ROOT.parent,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "False\n"
