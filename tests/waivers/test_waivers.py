"""Accepted deviations: in asbuilt.yaml, in comments, with an end, and never out of sight."""

import json
from datetime import date, timedelta

import cli_project
import jsonschema
import pytest

from scanner.__main__ import main
from scanner.reports.read_json import read_report
from scanner.sources.waivers import written_waivers

LATER = (date.today() + timedelta(days=30)).isoformat()
OVER = (date.today() - timedelta(days=1)).isoformat()


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    """Multi-AZ is off (SHOP-DB-001), the rest holds."""
    cli_project.write(tmp_path)
    (tmp_path / "asbuilt.yaml").write_text("baseline: ./shop.yaml\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return tmp_path


def scanned(project, *arguments):
    """Exit code, report, and the messages of its notifications."""
    code = main(["scan", "infra", "--var", "key=alias/shop", "--quiet", "--format", "json=report.json", *arguments])
    report = read_report((project / "report.json").read_text(), "report.json", str(project))
    return code, report, [item.what for item in report.notifications]


def configured(project, text):
    (project / "asbuilt.yaml").write_text(f"baseline: ./shop.yaml\nwaivers:\n{text}")


def entry(id_="SHOP-DB-001", until=LATER, more=""):
    return f"  - {{id: {id_}, reason: small for now, owner: data-team, until: {until}{more}}}\n"


def commented(project, old, new):
    file = project / "infra/main.tf"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


RESOURCE = 'resource "aws_db_instance" "db" {'
WAIVE = f'# asbuilt:waive SHOP-DB-001 reason="small for now" until={LATER}'


def test_without_a_waiver_it_counts(project):
    code, report, _ = scanned(project)
    assert code == 1
    assert report.summary["fail"] == 1


def test_a_waived_violation_stays_a_violation_and_does_not_count(project):
    configured(project, entry())
    code, report, messages = scanned(project)
    assert code == 0
    assert messages == []
    (finding,) = [finding for finding in report.findings if finding.verdict == "fail"]
    assert (finding.suppression.reason, finding.suppression.owner) == ("small for now", "data-team")
    assert (finding.suppression.until, finding.suppression.kind) == (LATER, "config")
    assert str(finding.suppression.location).startswith("asbuilt.yaml:3:")


@pytest.mark.parametrize("name", ["text", "sarif", "junit", "csv", "markdown", "json"])
def test_every_report_shows_it(project, capsys, name):
    configured(project, entry())
    main(["scan", "infra", "--var", "key=alias/shop", "--format", name])
    shown = capsys.readouterr().out
    assert "small for now" in shown
    assert "data-team" in shown


@pytest.mark.parametrize("name", ["gitlab", "github"])
def test_what_knows_no_waiver_leaves_it_out(project, capsys, name):
    configured(project, entry())
    main(["scan", "infra", "--var", "key=alias/shop", "--format", name])
    assert "SHOP-DB-001" not in capsys.readouterr().out


def test_the_last_day_still_counts_and_the_next_does_not(project):
    configured(project, entry(until=date.today().isoformat()))
    assert scanned(project)[0] == 0
    configured(project, entry(until=OVER))
    code, _, messages = scanned(project)
    assert code == 1
    assert messages == [f"the waiver of SHOP-DB-001 ended on {OVER}: the violation counts again"]


def test_a_waiver_of_no_use_is_said(project):
    configured(project, entry("SHOP-DB-003"))
    code, report, messages = scanned(project)
    assert code == 1
    assert messages == ["the waiver of SHOP-DB-003 is of no use: nothing that it covers fails"]
    assert report.complete


def test_a_waiver_of_what_is_not_checked_is_a_note(project):
    configured(project, entry("OTHER-1"))
    assert scanned(project)[2] == ["the waiver of OTHER-1 names nothing that was checked"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (", resource: aws_db_instance.db", 0),
        (", resource: 'aws_db_*'", 0),
        (", resource: aws_db_instance.other", 1),
        (", component: db", 0),
        (", component: cache", 1),
        (", component: db, resource: nothing", 1),
    ],
)
def test_a_waiver_may_be_for_some_things_only(project, more, code):
    configured(project, entry(more=more))
    assert scanned(project)[0] == code


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  - {id: X, reason: r, owner: o}\n", "until"),
        ("  - {id: X, reason: r, owner: o, until: soon}\n", "must be a day"),
        ("  - {id: X, reason: ' ', owner: o, until: 2030-01-01}\n", "must not be empty"),
        ("  - {id: X, reason: r, until: 2030-01-01}\n", "owner"),
        ("  - {id: X, reason: r, owner: o, until: 2030-01-01, typo: y}\n", "typo"),
        ("  just text\n", "asbuilt.yaml:3"),
    ],
)
def test_mistakes_in_the_configuration_are_errors_with_their_place(project, capsys, text, said):
    configured(project, text)
    assert main(["scan", "infra"]) == 2
    assert said in (message := capsys.readouterr().err)
    assert "asbuilt.yaml:3" in message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (RESOURCE, f"{WAIVE}\n{RESOURCE}"),
        (RESOURCE, f"{RESOURCE}\n  {WAIVE}"),
        (RESOURCE, f"{RESOURCE} {WAIVE}"),
        (RESOURCE, f"{WAIVE.replace('#', '//')}\n{RESOURCE}"),
        (RESOURCE, f"/* {WAIVE[2:]} */\n{RESOURCE}"),
        (RESOURCE, f"/*\n  {WAIVE[2:]}\n*/\n{RESOURCE}"),
        (RESOURCE, f"{WAIVE}\n# another comment\n\n{RESOURCE}"),
        ("  multi_az   = var.multi_az", f"  multi_az   = var.multi_az {WAIVE}"),
        ("  default = false", f"  default = false {WAIVE}"),
    ],
)
def test_a_comment_speaks_of_the_block_that_it_is_in_or_above(project, old, new):
    commented(project, old, new)
    code, report, messages = scanned(project)
    assert code == 0
    assert messages == []
    (waiver,) = [finding.suppression for finding in report.findings if finding.suppression]
    assert waiver.kind == "inline"
    assert waiver.location.path == "infra/main.tf"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('variable "key" {', f"{WAIVE}\nvariable \"key\" {{"),
        ("  type = string", f"  type = string {WAIVE}"),
        ('  engine     = "postgres"', f"  engine     = <<-E\n    {WAIVE}\n  E"),
    ],
)  # fmt: skip
def test_a_comment_elsewhere_does_not(project, old, new):
    commented(project, old, new)
    assert scanned(project)[0] == 1


def test_in_a_variable_file_it_speaks_of_the_value(project):
    (project / "infra/terraform.tfvars").write_text(f'multi_az = false {WAIVE}\nkey = "alias/shop"\n')
    assert scanned(project)[0] == 0
    (project / "infra/terraform.tfvars").write_text(f'multi_az = false\nkey = "alias/shop" {WAIVE}\n')
    assert scanned(project)[0] == 1


def test_a_comment_that_has_ended_is_said(project):
    commented(project, RESOURCE, f"{WAIVE.replace(LATER, OVER)}\n{RESOURCE}")
    code, _, messages = scanned(project)
    assert code == 1
    assert "ended on" in messages[0]


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("asbuilt:waive", "it needs the id"),
        ("asbuilt:waive SHOP-DB-001", "the reason is missing"),
        ('asbuilt:waive SHOP-DB-001 reason="x"', "until must be a day"),
        ('asbuilt:waive SHOP-DB-001 reason="x" until=someday', "until must be a day"),
        ('asbuilt:waive SHOP-DB-001 SHOP-DB-002 reason="x" until=2099-01-01', "one requirement"),
        ('asbuilt:waive SHOP-DB-001 reasn="x" until=2099-01-01', "there is no reasn"),
        ('asbuilt:waive SHOP-DB-001 reason="" until=2099-01-01', "the reason is missing"),
        ("asbuilt:waive !!! reason", "makes no sense"),
    ],
)
def test_a_comment_that_is_no_waiver_counts_for_nothing_and_is_said(project, comment, said):
    commented(project, RESOURCE, f"# {comment}\n{RESOURCE}")
    code, report, messages = scanned(project)
    assert code == 1
    assert said in messages[0]
    assert "asbuilt:waive ID reason=" in messages[0]
    (note,) = report.notifications
    assert note.location.path == "infra/main.tf"


def test_in_yaml_it_speaks_of_its_document(tmp_path):
    (tmp_path / "a.yaml").write_text(
        f'kind: One\n---\nkind: Two # asbuilt:waive X reason="r" until={LATER}\nspec: {{}}\n---\nkind: Three\n'
    )
    ((waiver,), notes) = written_waivers(tmp_path, ["a.yaml"])
    assert notes == []
    assert waiver.lines == (2, 4)


def test_checkov_comments_are_mapped_where_a_policy_names_the_check(project, monkeypatch, capsys):
    place = project / "other"
    place.mkdir()
    monkeypatch.chdir(place)
    code = 'resource "aws_db_instance" "db" {\n  #checkov:skip=CKV_AWS_157:a test database\n  multi_az = false\n}\n'
    (place / "main.tf").write_text(code)
    assert main(["scan", ".", "--policy", "rds-multi-az", "--format", "json"]) == 0
    (finding,) = [item for item in json.loads(capsys.readouterr().out)["findings"] if item["verdict"] == "fail"]
    assert finding["suppression"]["kind"] == "checkov"
    assert finding["suppression"]["reason"] == "a test database"
    assert finding["suppression"]["until"] == ""
    (place / "main.tf").write_text(code.replace("CKV_AWS_157", "CKV_AWS_16"))
    assert main(["scan", ".", "--policy", "rds-multi-az", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["notifications"] == []


def test_in_sarif_a_comment_is_a_suppression_in_the_source(project, capsys):
    commented(project, RESOURCE, f"{WAIVE}\n{RESOURCE}")
    main(["scan", "infra", "--var", "key=alias/shop", "--format", "sarif"])
    (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    (suppression,) = result["suppressions"]
    assert suppression["kind"] == "inSource"
    assert suppression["location"]["physicalLocation"]["artifactLocation"]["uri"] == "infra/main.tf"


def test_the_report_fits_its_schema(project, request):
    configured(project, entry())
    scanned(project)
    schema = json.loads((request.config.rootpath / "scanner/schemas/report.schema.json").read_text())
    jsonschema.validate(json.loads((project / "report.json").read_text()), schema)


# asbuilt waive

WAIVER = ["waive", "SHOP-DB-001", "--reason", 'say "small": now', "--owner", "data-team", "--until", LATER]


@pytest.mark.parametrize(
    "before",
    [
        "baseline: ./shop.yaml\n",
        "baseline: ./shop.yaml # ours\nlang: en",
        f"baseline: ./shop.yaml\nwaivers: # accepted\n{entry('SHOP-DB-003')}lang: en\n",
        f"waivers:\n- {{id: X, reason: r, owner: o, until: {LATER}}}\nbaseline: ./shop.yaml\n",
    ],
)
def test_waive_adds_a_line_and_leaves_the_rest(project, capsys, before):
    file = project / "asbuilt.yaml"
    file.write_text(before)
    assert main(WAIVER) == 0
    assert "SHOP-DB-001 waived in asbuilt.yaml" in capsys.readouterr().out
    text = file.read_text()
    assert [line for line in before.splitlines() if line not in text.splitlines()] == []
    assert len(text.splitlines()) - len(before.splitlines()) in (1, 2)
    assert scanned(project)[0] == 0


def test_waive_begins_a_configuration(project):
    (project / "asbuilt.yaml").unlink()
    assert main([*WAIVER, "--baseline", "shop.yaml"]) == 0
    assert scanned(project, "--baseline", "shop.yaml")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["waive", "SHOP-DB-01", *WAIVER[2:]], "SHOP-DB-001"),
        ([*WAIVER[:-1], "soon"], "expected a day"),
        ([*WAIVER[:-1], OVER], "is over"),
        ([*WAIVER[:3], "", *WAIVER[4:]], "must not be empty"),
    ],
)
def test_waive_refuses_what_would_not_count(project, capsys, arguments, said):
    before = (project / "asbuilt.yaml").read_text()
    assert main(arguments) == 2
    assert said in capsys.readouterr().err
    assert (project / "asbuilt.yaml").read_text() == before


def test_waive_leaves_a_list_that_it_cannot_extend(project, capsys):
    file = project / "asbuilt.yaml"
    file.write_text("baseline: ./shop.yaml\nwaivers: []\n")
    assert main(WAIVER) == 2
    assert "not a list with a line each" in capsys.readouterr().err
    assert file.read_text() == "baseline: ./shop.yaml\nwaivers: []\n"
