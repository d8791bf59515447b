"""The terminal report as people see it."""

import re
from dataclasses import replace

import pytest
import report_sample as sample
from rich.cells import cell_len

from scanner.model.finding import Enforce, Finding, ResourceRef, Verdict
from scanner.model.location import Location
from scanner.model.report import Report
from scanner.model.rule import Severity, Text
from scanner.model.value import Hop
from scanner.reports import quiet, text
from scanner.reports.places import from_directory

ESCAPE = "\x1b"


def render(report: Report | None = None, **options: object) -> str:
    return text.render(report or sample.report(), lines=sample.lines, **options)


def report_of(*findings: Finding) -> Report:
    return replace(sample.report(), findings=list(findings), notifications=[])


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("verbose", [False, True])
def test_whole_report(golden, language, verbose):
    name = f"text-{language}-verbose.txt" if verbose else f"text-{language}.txt"
    golden(name, render(language=language, verbose=verbose))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_whole_quiet_report(golden, language):
    golden(f"quiet-{language}.txt", quiet.render(sample.report(), language=language))


def test_quiet_has_one_line_for_each_violation_and_none_for_what_is_waived():
    lines = quiet.render(sample.report()).splitlines()
    assert lines[0].startswith("production/terraform.tfvars:3:3: critical EX-DB-002: ")
    assert not any('store["d"]' in line for line in lines)
    assert quiet.render(replace(sample.report(), findings=[])) == ""


def test_whole_report_in_colour(golden):
    golden("text-en-colour.txt", render(color=True))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_lines_fit_eighty_columns_in_terminal_cells(language):
    for line in render(language=language, verbose=True, width=80).splitlines():
        assert cell_len(line) <= 80, line


def test_narrow_terminals_wrap_words_and_cut_code():
    narrow = render(width=50, only=[Verdict.FAIL])
    code = [line for line in narrow.splitlines() if " | " in line]
    assert code
    assert all(cell_len(line) <= 50 for line in code)


def test_no_line_ends_in_spaces_so_that_output_can_be_compared():
    assert not re.search(r"[ \t]$", render(verbose=True), re.MULTILINE)


def test_without_colour_there_is_no_escape_sequence():
    assert ESCAPE not in render(color=False)
    assert ESCAPE in render(color=True)


def test_the_line_of_a_secret_is_withheld():
    shown = render(verbose=True)
    assert "hunter2" not in shown
    assert "(the line holds a secret)" in shown


def test_a_literal_beside_a_secret_sounding_name_is_replaced_even_if_the_finding_is_about_something_else():
    finding = replace(sample.multi_az(), location=Location("production/terraform.tfvars", 3, 3, 3, 23))
    shown = render(report_of(finding))
    assert "hunter2" not in shown
    assert 'password = "..."' in shown


def test_tabs_and_wide_characters_before_the_span_keep_the_underline_in_place():
    lines = {"a.tf": ['\t/* 비밀 */ name = "x"']}
    finding = replace(sample.multi_az(), location=Location("a.tf", 1, 11, 1, 21))
    shown = text.render(report_of(finding), lines=lambda path: lines.get(path, []))
    code, mark = (line for line in shown.splitlines() if " | " in line)
    start = cell_len(code[: code.index("name")])
    assert mark.index("^") == start
    assert mark.count("^") == len('name = "x"')


def test_a_long_line_is_cut_around_the_place_that_matters():
    line = "x" * 300 + " multi_az = false " + "y" * 300
    finding = replace(sample.multi_az(), location=Location("a.tf", 1, 302, 1, 318))
    shown = text.render(report_of(finding), lines=lambda _path: [line])
    code = next(row for row in shown.splitlines() if " | …" in row)
    assert "multi_az = false" in code
    assert cell_len(code) <= 80


def test_a_component_that_the_code_does_not_have_is_one_entry_with_its_requirements():
    shown = render()
    assert shown.count("component cache") == 1
    assert "2 requirements: EX-CACHE-001, EX-CACHE-002" in shown


def test_instances_that_fail_at_one_place_are_shown_once():
    instance = sample.buckets()[0]
    many = [replace(instance, resource=ResourceRef("aws_s3_bucket", f"aws_s3_bucket.b[{n}]", "x")) for n in range(9)]
    shown = render(report_of(*many))
    assert shown.count("no aws_s3_bucket_versioning refers to it") == 1
    assert "and 6 more" in shown
    assert "aws_s3_bucket.b[8]" in render(report_of(*many), verbose=True)


def test_the_most_severe_comes_first_and_advice_last():
    advice = replace(sample.password(), requirement="EX-ADVICE", enforce=Enforce.ADVISORY)
    shown = render(report_of(advice, *sample.buckets(), sample.multi_az(), sample.password()))
    order = [shown.index(name) for name in ("EX-DB-002", "EX-DB-001", "s3-versioning", "EX-ADVICE")]
    assert order == sorted(order)


def test_only_shows_what_was_asked_for_but_counts_everything():
    shown = render(only=[Verdict.UNKNOWN])
    assert "EX-DB-003" in shown
    assert "EX-DB-001" not in shown
    assert "8 fail" in shown


def test_undecided_findings_are_summarised_by_reason():
    base = next(finding for finding in sample.others() if finding.verdict is Verdict.UNKNOWN)
    many = [replace(base, requirement=f"EX-{n:03}") for n in range(9)]
    other = [replace(base, requirement="EX-X", reason=Text(f"reason {n}", f"사유 {n}")) for n in range(9)]
    shown = render(report_of(*many, *other))
    assert "9    var.kms_key has no value" in shown
    assert "and 3 more" in shown
    assert "and 2 more (--verbose shows all)" in shown
    assert "reason 8" in render(report_of(*many, *other), verbose=True)


@pytest.mark.parametrize(
    ("findings", "closing"),
    [
        ([], "Nothing was checked."),
        ([Verdict.PASS], "No violation found."),
        ([Verdict.PASS, Verdict.UNKNOWN], "No violation found, but 1 could not be decided."),
        ([Verdict.FAIL], "Not as built: 1 requirement violated (1 high)."),
    ],
)
def test_the_closing_line_says_how_it_went(findings, closing):
    made = [sample.finding(sample.rule("EX-DB-001"), verdict, Text("m", "m")) for verdict in findings]
    assert closing in render(report_of(*made))


def test_waived_and_advisory_failures_are_no_violations():
    waived = sample.buckets()[3]
    advised = replace(sample.multi_az(), enforce=Enforce.ADVISORY)
    shown = render(report_of(waived, advised))
    assert "waived until 2026-03-31 by data-team: rebuilt every night" in shown
    assert "No violation found." in shown
    assert "2 fail (1 advisory, 1 waived)" in shown


def test_expected_and_actual_are_shown_where_the_message_does_not_say_them():
    silent = replace(sample.multi_az(), message=Text("wrong", "틀림"), expected={"a": [1]}, actual=None)
    shown = render(report_of(silent))
    assert 'expected {"a": [1]}' in shown
    assert "actual   (not set)" in shown


def test_long_values_are_cut_unless_everything_is_asked_for():
    long = replace(sample.multi_az(), message=Text("wrong", "틀림"), actual=["x" * 10] * 100)
    assert len(render(report_of(long))) < 2000
    assert len(render(report_of(long), verbose=True)) > 2000


def hostile(name: str) -> Report:
    """A report in which every text of the scanned code is `name`."""
    finding = replace(
        sample.multi_az(),
        message=Text(name, name),
        resource=ResourceRef(name, name, "terraform"),
        location=Location(name, 1, 1, 1, 5),
        actual=name,
        expected=[name],
        provenance=(Hop(name, Location(name, 2, 1)),),
    )
    undecided = replace(finding, verdict=Verdict.UNKNOWN, reason=Text(name, name))
    base = sample.report()
    notifications = [replace(item, what=name, location=Location(name, 1)) for item in base.notifications]
    return replace(base, findings=[finding, undecided], notifications=notifications, inputs=[name])


@pytest.mark.parametrize("style", ["quiet", "normal", "verbose"])
@pytest.mark.parametrize(
    "name",
    ["\x1b]0;owned\x07", "a\x1b[2J\rb", "x\x9b31m", "\u202egnp.exe", "bad\udcffname", "two\nlines", "\u200bzero"],
)
def test_hostile_names_cannot_control_the_terminal(style, name):
    report = hostile(name)
    verbose = style == "verbose"
    shown = quiet.render(report) if style == "quiet" else text.render(report, verbose=verbose, lines=lambda _: [name])
    shown.encode("utf-8")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e]", shown)
    assert "two\nlines" not in shown


def test_the_closing_line_names_every_severity_in_order():
    findings = [
        replace(sample.multi_az(), requirement=f"EX-{severity}", severity=severity) for severity in reversed(Severity)
    ]
    assert "4 requirements violated (1 critical, 1 high, 1 medium, 1 low)" in render(report_of(*findings))


def test_lines_come_from_the_reports_base_and_unreadable_files_have_none(tmp_path):
    sample.write(tmp_path)
    shown = text.render(sample.report(str(tmp_path)))
    assert "2 |   multi_az = false" in shown
    assert "2 |   multi_az = false" not in text.render(sample.report(str(tmp_path / "nowhere")))


def test_a_long_chain_is_cut_unless_everything_is_asked_for():
    hops = tuple(Hop(f"var.v{n}", Location("modules/data/main.tf", n, 1)) for n in range(1, 30))
    finding = replace(sample.multi_az(), provenance=hops)
    shown = render(report_of(finding))
    assert "var.v7 " in shown
    assert "var.v8 " not in shown
    assert "and 22 more" in shown
    assert "var.v29" in render(report_of(finding), verbose=True)


def test_places_of_a_chain_lose_the_scanned_directory_where_lines_get_long():
    deep = Location("production/" + "deep/" * 9 + "main.tf", 7, 1)
    elsewhere = Location("modules/main.tf", 8, 1)
    finding = replace(sample.multi_az(), provenance=(Hop("var.a", deep), Hop("var.bcd", elsewhere)))
    shown = render(report_of(finding))
    assert f"var.a    …/{'deep/' * 9}main.tf:7" in shown
    assert "var.bcd  modules/main.tf:8" in shown


def test_a_place_that_does_not_fit_beside_its_name_stands_below_it():
    name = 'module.a.aws_s3_bucket.b["' + "k" * 30 + '"].bucket'
    finding = replace(sample.multi_az(), provenance=(Hop(name, Location("modules/data/main.tf", 6, 1)),))
    assert f"{name}\n             modules/data/main.tf:6" in render(report_of(finding))


def test_a_chain_of_nothing_but_the_place_itself_is_not_repeated():
    finding = sample.multi_az()
    shown = render(report_of(replace(finding, provenance=(Hop("multi_az", finding.location),))))
    assert "from" not in shown


def test_places_are_shown_as_seen_from_the_working_directory(tmp_path):
    show = from_directory(str(tmp_path), str(tmp_path / "production"))
    assert show(Location("production/main.tf", 3, 5)) == "main.tf:3:5"
    assert show(Location("modules/main.tf", 3, 5)) == "../modules/main.tf:3:5"
    assert from_directory(str(tmp_path), str(tmp_path))(Location("main.tf", 1, 1)) == "main.tf:1:1"


def test_no_line_is_shown_of_a_file_too_large_to_read_for_it(tmp_path, monkeypatch):
    sample.write(tmp_path)
    monkeypatch.setattr("scanner.reports.excerpt.MAX_BYTES", 10)
    assert " | " not in text.render(sample.report(str(tmp_path)))


def test_quiet_marks_advice():
    advice = replace(sample.multi_az(), enforce=Enforce.ADVISORY)
    assert ": high (advisory) EX-DB-001: " in quiet.render(report_of(advice))


def test_a_line_that_no_person_wrote_is_not_shown(tmp_path):
    (tmp_path / "plan.json").write_text('{"a": "' + "x" * 5_000 + '"}')
    finding = replace(sample.multi_az(), location=Location("plan.json", 1, 3, 1, 8), provenance=())
    report = replace(sample.report(base=str(tmp_path)), findings=[finding])
    shown = text.render(report)
    assert "plan.json:1:3" in shown
    assert "xxx" not in shown
