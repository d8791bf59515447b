"""Attestations: their file, and the verdicts that follow from them."""

from __future__ import annotations

from datetime import date

import pytest
from definition_files import BASELINE
from engine import FACTS, inventory

from scanner.errors import DefinitionError
from scanner.model.finding import Verdict
from scanner.policy.attestations import Attestation, Attestations, line_of, load_attestations
from scanner.policy.evaluate import evaluate_baseline

HEAD = BASELINE[: BASELINE.index("inputs:")] + BASELINE[BASELINE.index("components:") : BASELINE.index("requirements:")]
COMMON = 'id: SHOP-X-001, section: "2", title: {en: T, ko: 제목}, severity: low, category: process'
TODAY = date(2026, 6, 1)
ENTRY = Attestation("SHOP-X-001", "Platform team", date(2026, 5, 1), date(2026, 7, 1), "https://wiki.example/1")
DRILL = "metric: {source: record, name: rollback_seconds, unit: s, op: lte, value: 300, max_age_days: 60}"


@pytest.fixture
def judged(files):
    """The finding of one requirement, given the entries that exist."""

    def judge(requirement, *entries, today=TODAY):
        text = f"{HEAD}requirements:\n  - {{{COMMON}, {requirement}}}\n"
        attestations = Attestations(today, entries)
        (found,) = evaluate_baseline(files.baseline(text), inventory(), FACTS, attestations=attestations)
        return found

    return judge


def test_a_sign_off_that_holds_passes_and_says_whose_it_is(judged):
    found = judged("attest: {}", ENTRY)
    assert found.verdict is Verdict.PASS
    assert found.message.en == "signed off by Platform team on 2026-05-01, until 2026-07-01: https://wiki.example/1"


def test_one_that_ends_soon_says_so(judged):
    assert "which is soon" in judged("attest: {}", ENTRY, today=date(2026, 6, 20)).message.en


@pytest.mark.parametrize(
    ("requirement", "today"),
    [("attest: {}", date(2026, 7, 2)), ("attest: {max_age_days: 30}", date(2026, 6, 1))],
    ids=["as written", "older than the requirement allows"],
)
def test_an_expired_one_is_for_review(judged, requirement, today):
    found = judged(requirement, ENTRY, today=today)
    assert found.verdict is Verdict.REVIEW
    assert "has to be renewed" in found.message.en


def test_the_last_day_still_holds(judged):
    assert judged("attest: {max_age_days: 31}", ENTRY).verdict is Verdict.PASS


def test_another_requirements_or_baselines_entry_says_nothing(judged):
    other = Attestation("SHOP-X-002", "A", ENTRY.signed, ENTRY.expires, "e")
    elsewhere = Attestation("SHOP-X-001", "A", ENTRY.signed, ENTRY.expires, "e", baseline="store")
    assert judged("attest: {}", other, elsewhere).verdict is Verdict.REVIEW


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(299.5, Verdict.PASS), (300, Verdict.PASS), (301, Verdict.FAIL), (None, Verdict.REVIEW)],
)
def test_a_recorded_figure_must_be_as_required(judged, value, verdict):
    entry = Attestation("SHOP-X-001", "A", ENTRY.signed, ENTRY.expires, "e", value=value)
    assert judged(DRILL, entry).verdict is verdict


def test_a_figure_without_a_record_is_for_review(judged):
    assert judged(DRILL).verdict is Verdict.REVIEW


def test_a_line_of_the_file_reads_back(tmp_path):
    entry = Attestation(
        "SHOP-X-001", 'The "A" team: 운영', ENTRY.signed, ENTRY.expires, "https://wiki.example/#1", "shop", 12.5, "{x}"
    )
    file = tmp_path / "attestations.yaml"
    file.write_text(f"# who signed what\n{line_of(entry)}\n", "utf-8")
    assert load_attestations(file) == (entry,)


def test_an_empty_file_has_no_entries(tmp_path):
    file = tmp_path / "attestations.yaml"
    file.write_text("# nothing yet\n", "utf-8")
    assert load_attestations(file) == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("date: 2026-05-01", "date: soon", "must be a date"),
        ("expires: 2026-07-01", "expires: 2026-04-30", "lies before the date"),
        ("by:", "from:", "unknown key"),
        ("evidence:", "value: x, evidence:", "must be a number"),
    ],
)
def test_a_wrong_entry_is_an_error_with_its_place(tmp_path, old, new, message):
    file = tmp_path / "attestations.yaml"
    file.write_text(line_of(ENTRY).replace(old, new) + "\n", "utf-8")
    with pytest.raises(DefinitionError, match=message) as caught:
        load_attestations(file)
    assert caught.value.line == 1


def test_two_entries_for_one_requirement_are_an_error(tmp_path):
    file = tmp_path / "attestations.yaml"
    file.write_text(f"{line_of(ENTRY)}\n{line_of(ENTRY)}\n", "utf-8")
    with pytest.raises(DefinitionError, match="has two entries"):
        load_attestations(file)
