# ruff: noqa: E501 (tables read better with one case on a line)
"""What is wrong in a policy or baseline file is said with file, line, column, key and the nearest name."""

from __future__ import annotations

import pytest
from definition_files import BASELINE, POLICY

from scanner.errors import DefinitionError, UsageError
from scanner.policy.library import Library
from scanner.policy.yaml_nodes import read_yaml

CHECK = '    assert: [{path: backup_days, op: gte, value: "${min_days}"}]\n'


def replaced(old, new):
    """The policy with one text replaced."""
    assert POLICY.count(old) == 1, old
    return POLICY.replace(old, new)


def asserting(text):
    """The policy with another assertion, which uses its parameter somewhere else."""
    return replaced(CHECK, f'    assert: [{text}, {{path: backup_days, op: gte, value: "${{min_days}}"}}]\n')


WRONG_YAML = [
    ("a: 1\na: 2\n", "f.yaml:2:1: the key 'a' is given twice"),
    ("a: {b: 1,\n  b: 2}\n", "f.yaml:2:3: a: the key 'b' is given twice"),
    ("a: on\n", 'f.yaml:1:4: a: on reads as a boolean in YAML\n  write true or false, or "on" in quotes'),
    ("a: [yes]\n", 'f.yaml:1:5: a[0]: yes reads as a boolean in YAML\n  write true or false, or "yes" in quotes'),
    ("on: 1\n", 'f.yaml:1:1: the key on reads as a boolean in YAML\n  write "on" in quotes'),
    ("a: 010\n", 'f.yaml:1:4: a: 010 reads as a number in YAML, but not as the one written\n  write "010" in quotes'),
    ("a: 12:30\n", 'f.yaml:1:4: a: 12:30 reads as a number in YAML, but not as the one written\n  write "12:30" in quotes'),
    ("a: .inf\n", 'f.yaml:1:4: a: .inf reads as a number in YAML, but not as the one written\n  write ".inf" in quotes'),
    ("a: [1,\n", "f.yaml:2:1: not valid YAML: did not find expected node content"),
    ("a: {b: 1\n", "f.yaml:2:1: not valid YAML: did not find expected ',' or '}'"),
    ("a:\n\t- 1\n", "f.yaml:2:1: not valid YAML: a tab is used for indentation"),
    ("", "f.yaml:1:1: the file is empty"),
    ("a: 1\n---\nb: 1\n", "f.yaml:3:1: there is a second document\n  write one document in each file"),
    ("base: &b {x: 1}\na:\n  <<: *b\n", "f.yaml:3:3: a: merge keys (<<) are not supported\n  write the keys out"),
    ("a: !!python/object:os.system x\n", "f.yaml:1:4: a: the tag tag:yaml.org,2002:python/object:os.system is not supported"),
    ("? [a]\n: 1\n", "f.yaml:1:3: a key must be plain text"),
    ("a: &x [*x]\n", "f.yaml:1:8: the anchor &x contains itself"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), WRONG_YAML, ids=[case[0] for case in WRONG_YAML])
def test_yaml_that_is_not_strict(text, message):
    with pytest.raises(DefinitionError) as caught:
        read_yaml(text, "f.yaml")
    assert str(caught.value) == message


def test_an_expanding_bomb_is_bounded():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]" for at in range(1, 9)]
    with pytest.raises(DefinitionError, match="too many values"):
        read_yaml("\n".join(lines), "f.yaml")


def test_plain_data_is_what_was_written():
    text = 'a: [1, -2, 0.5, true, null, "yes", 2025-01-02, 1e3, ~]\nb: {c: "010"}\n'
    assert read_yaml(text, "f.yaml").plain() == {
        "a": [1, -2, 0.5, True, None, "yes", "2025-01-02", "1e3", None],
        "b": {"c": "010"},
    }


WRONG_POLICIES = [
    (replaced("severity: high", "severty: high"),
     "3:1: severty: unknown key\n  did you mean severity?"),
    (replaced("severity: high\n", ""), "1:1: severity is missing"),
    (replaced("severity: high", "severity: hihg"), "3:11: severity: 'hihg' is not known\n  did you mean high?"),
    (replaced("category: backup", "category: backups"), "4:11: category: 'backups' is not known\n  did you mean backup?"),
    (replaced("id: backup-days", "id: backup-day"), "1:5: id: must equal the file name, backup-days"),
    (replaced("id: backup-days", "id: Backup_days"), "1:5: id: must be lower-case words joined by hyphens"),
    (replaced("ko: 백업 보존}", "ko: ''}"), "2:35: title.ko: must not be empty"),
    (replaced(", ko: 백업 보존}", "}"), "2:8: title: ko is missing"),
    (replaced("title: {en: Backups are kept, ko: 백업 보존}", "title: Backups"), "2:8: title: must be a mapping, not text"),
    (replaced("minimum: 1,", "minimun: 1,"), "8:29: params.min_days.minimun: unknown key\n  did you mean minimum?"),
    (replaced("type: integer", "type: int"), "8:20: params.min_days.type: 'int' is not known\n  "
     "did you mean integer?"),
    (replaced("default: 7", "default: 0"), "8:63: params.min_days.default: must be at least 1"),
    (replaced("default: 7", "default: 36"), "8:63: params.min_days.default: must be at most 35"),
    (replaced("default: 7", "default: seven"), "8:63: params.min_days.default: must be a whole number, not text"),
    (replaced("minimum: 1,", "minimum: low,"), "8:38: params.min_days.minimum: must be a number"),
    (replaced("minimum: 1,", "items: {type: string},"), "8:29: params.min_days.items: is for lists only"),
    (replaced("default: 7, ", ""), "8:3: params.min_days: has no default\n  give one, or set default_profile: false"),
    (replaced('value: "${min_days}"', "value: 7"), "8:3: params.min_days: is not used by any check"),
    (replaced("${min_days}", "${min_day}"), "11:50: checks[0].assert[0].value: ${min_day} is not declared\n  did you mean min_days?"),
    (replaced("type: test_database", "type: test_databse"), "10:20: checks[0].select.type: there is no resource type "
     "test_databse\n  did you mean test_database?"),
    (replaced("path: backup_days", "path: backup_day"), "11:21: checks[0].assert[0].path: test_database has no "
     "backup_day\n  did you mean backup_days?"),
    (replaced("path: name", "path: nmae"), "10:50: checks[0].select.where[0].path: test_database has no nmae\n  did you mean name?"),
    (replaced("path: backup_days", "path: 'backup..days'"), "11:21: checks[0].assert[0].path: cannot read '..days' in path 'backup..days'"),
    (replaced("op: gte", "op: gtee"), "11:38: checks[0].assert[0].op: 'gtee' is not known\n  did you mean gte?"),
    (replaced("op: gte,", ""), "11:14: checks[0].assert[0]: op is missing"),
    (replaced("op: gte", "op: exists"), "11:46: checks[0].assert[0].value: op exists takes none"),
    (replaced(CHECK, "    assert: []\n"), "11:13: checks[0].assert: must have at least one item"),
    (replaced(CHECK, ""), "10:5: checks[0]: assert is missing"),
    (asserting("{path: backup_days, op: gte}"), "11:14: checks[0].assert[0]: op gte needs a value"),
    (asserting("{path: backup_days, op: gte, value: seven}"), "11:50: checks[0].assert[0].value: cannot be compared "
     "as number: the text 'seven' is no number\n  say how to compare with `as`"),
    (asserting("{path: name, op: gte, as: string, value: a}"), "11:40: checks[0].assert[0].as: string has no order, "
     "which op gte needs\n  ordered are: number, version, quantity, duration, percent"),
    (asserting("{path: name, op: equals, as: versoin, value: a}"), "11:43: checks[0].assert[0].as: 'versoin' is not "
     "known\n  did you mean version?"),
    (asserting("{path: engine_version, op: gte, as: version, value: latest}"), "11:66: checks[0].assert[0].value: "
     "cannot be compared as version: the text 'latest' is no version"),
    (asserting("{path: name, op: in, value: a}"), "11:42: checks[0].assert[0].value: op in needs a list"),
    (asserting('{path: name, op: in, value: "${min_days}"}'), "11:42: checks[0].assert[0].value: op in needs a list, "
     "but min_days is declared as integer"),
    (asserting('{path: name, op: matches, value: "("}'), "11:47: checks[0].assert[0].value: is no regular expression: "
     "missing ), unterminated subpattern at position 0"),
    (asserting("{path: name, op: within, value: 10.0.0.0/33}"), "11:46: checks[0].assert[0].value: cannot be compared "
     "as cidr: the text '10.0.0.0/33' is no address block"),
    (asserting("{path: name, op: equals, value: null}"), "11:46: checks[0].assert[0].value: must not be empty\n  "
     "op absent tests that nothing is written"),
    (asserting("{path: name, op: equals, value: {path: nmae}}"), "11:53: checks[0].assert[0].value.path: test_database "
     "has no nmae\n  did you mean name?"),
    (asserting("{path: name, op: exists, match: most}"), "11:46: checks[0].assert[0].match: 'most' is not known\n  known: all, any"),
    (asserting("{anyof: []}"), "11:15: checks[0].assert[0].anyof: unknown kind of condition\n  did you mean any_of?"),
    (asserting("{}"), "11:14: checks[0].assert[0]: says nothing to test\n  one of path, any_of, all_of, not, some, "
     "every, references, referenced_by, count, distinct, function"),
    (asserting("{path: name, op: exists, not: {path: name, op: exists}}"), "11:14: checks[0].assert[0]: says several "
     "things at once: path, not\n  make them separate items"),
    (asserting("{any_of: []}"), "11:23: checks[0].assert[0].any_of: must have at least one item"),
    (asserting("{some: storage, satisfy: {path: sise, op: exists}}"), "11:46: checks[0].assert[0].satisfy.path: "
     "test_database has no storage.sise\n  did you mean size?"),
    (asserting("{every: storage}"), "11:14: checks[0].assert[0]: satisfy is missing"),
    (asserting("{path: 'parameter[nam=x].value', op: exists}"), "11:21: checks[0].assert[0].path: test_database has no "
     "parameter.nam\n  did you mean name?"),
    (asserting("{path: multi_az.x, op: exists}"), "11:21: checks[0].assert[0].path: test_database has no multi_az.x\n  none is defined"),
    (asserting("{references: {resource: test_kye}}"), "11:38: checks[0].assert[0].references.resource: there is no "
     "resource type test_kye\n  did you mean test_key?"),
    (asserting("{references: {resource: test_key, trough: kms_key_id}}"), "11:48: checks[0].assert[0].references.trough: "
     "unknown key\n  did you mean through?"),
    (asserting("{references: {resource: test_key, through: kms_key}}"), "11:57: checks[0].assert[0].references.through: "
     "test_database has no kms_key\n  did you mean kms_key_id?"),
    (asserting("{references: {resource: test_key, where: {path: rotate, op: exists}}}"), "11:62: checks[0].assert[0]."
     "references.where.path: test_key has no rotate\n  did you mean rotation?"),
    (asserting("{references: {component: db}}"), "11:28: checks[0].assert[0].references.component: can only stand in a "
     "baseline, in place of resource"),
    (asserting("{referenced_by: {resource: test_backup, through: source}}"), "11:63: checks[0].assert[0].referenced_by."
     "through: test_backup has no source\n  did you mean source_arn?"),
    (asserting("{referenced_by: {resource: test_backup}, op: gte}"), "11:14: checks[0].assert[0]: value is missing"),
    (asserting("{count: {resource: test_key}, op: in, value: 1}"), "11:48: checks[0].assert[0].op: 'in' is not known\n  "
     "known: equals, gt, gte, lt, lte"),
    (asserting("{count: {resource: test_key}, op: gte, value: two}"), "11:60: checks[0].assert[0].value: must be a whole number"),
    (asserting("{distinct: {where: [], path: name}, op: gte, value: 2}"), "11:26: checks[0].assert[0].distinct.where: needs resource"),
    (asserting("{function: guess}"), "11:25: checks[0].assert[0].function: 'guess' is not known"),
    (asserting("{path: name, op: within, as: region, value: 10.0.0.0/8}"), "11:43: checks[0].assert[0].as: op within compares address blocks"),
    (asserting("{path: name, op: matches, as: version, value: x}"), "11:44: checks[0].assert[0].as: op matches compares text"),
    (asserting('{path: name, op: in, value: "x-${min_days}"}'), "11:42: checks[0].assert[0].value: op in needs a list"),
    (asserting("{path: name, op: equals, value: {component: db}}"), "11:46: checks[0].assert[0].value: components can only be named in a baseline"),
    (asserting('{count: {resource: test_key}, op: gte, value: "x${min_days}"}'), "11:60: checks[0].assert[0].value: must be a number or one parameter of type integer"),
    (asserting("{function: subnet_route}"), "11:14: checks[0].assert[0]: function subnet_route needs with: to"),
    (asserting("{function: subnet_route, with: {too: nat}}"), "11:46: checks[0].assert[0].with.too: unknown key\n  did you mean to?"),
    (asserting("{references: {resource: []}}"), "11:38: checks[0].assert[0].references.resource: must name at least one resource type"),
    (asserting("{references: {resource: 'a b'}}"), "11:38: checks[0].assert[0].references.resource: 'a b' is no resource type"),
    (asserting("{references: {through: name}}"), "11:27: checks[0].assert[0].references: resource is missing"),
    (replaced("checks:\n  - select: {type: test_database, where: [{path: name, op: exists}]}\n" + CHECK, "checks: []\n"), "9:9: checks: must have at least one item"),
    (POLICY + "default_profile: maybe\n", "14:18: default_profile: must be true or false, not text"),
    (replaced("name: kept, ", ""), "13:5: examples[0]: name is missing"),
    (replaced("expect: pass", "expect: passes"), "13:26: examples[0].expect: 'passes' is not known\n  did you mean pass?"),
    (POLICY + "  - {name: kept, expect: pass, terraform: x}\n", "14:12: examples[1].name: another example has the same name"),
    (replaced('terraform: "x"', 'terraform: "x", params: {min_days: 0}'), "13:67: examples[0].params.min_days: must be at least 1"),
    (replaced('terraform: "x"', 'terraform: "x", params: {days: 1}'), "13:57: examples[0].params.days: unknown key\n  did you mean min_days?"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), WRONG_POLICIES, ids=[case[1] for case in WRONG_POLICIES])
def test_a_wrong_policy(files, text, message):
    files.policy(text)
    with pytest.raises(DefinitionError) as caught:
        files.library().policy("backup-days")
    assert str(caught.value).startswith(f"policies/backup-days.yaml:{message}")


def test_a_list_cannot_be_compared_with_an_operator_for_one_value(files):
    names = "params:\n  names: {type: list, default: [a], description: Names}\n"
    files.policy(
        replaced("params:\n", names).replace(
            'value: "${min_days}"}]', 'value: "${min_days}"}, {path: name, op: gte, value: "${names}"}]'
        )
    )
    with pytest.raises(DefinitionError, match="op gte needs one value, but names is declared as a list"):
        files.library().policy("backup-days")


def test_paths_below_alternatives_are_not_followed(files):
    files.policy(asserting("{some: storage|parameter, satisfy: {path: anything, op: exists}}"))
    assert files.library().policy("backup-days").checks[0].assertion.items[0].path == "storage|parameter"


def test_types_of_other_providers_are_not_checked(files):
    files.policy(replaced("type: test_database", "type: acme_database").replace("path: name", "path: whatever"))
    assert files.library().policy("backup-days").types == ("acme_database",)


@pytest.mark.parametrize(
    "path",
    ["tags.Name", 'tags["a/b"]', "policy.Statement.Effect", "zones[0]", "zones[*]", "storage[*].size", "lifecycle.ignore_changes",
     "depends_on", "provider.region", "parameter[name=${min_days}].value", "tags.${min_days}", "name|kms_key_id", "timeouts.create"],
)  # fmt: skip
def test_paths_that_the_schema_allows(files, path):
    files.policy(asserting(f"{{path: '{path}', op: exists}}"))
    assert files.library().policy("backup-days").checks[0].assertion.items[0].path == path


def test_two_files_with_one_id(files, tmp_path):
    (tmp_path / "policies" / "more").mkdir()
    (tmp_path / "policies" / "more" / "backup-days.yaml").write_text(POLICY)
    with pytest.raises(DefinitionError, match=r"policies/more/backup-days\.yaml: the policy backup-days exists twice"):
        files.library()


def test_an_unknown_policy(files):
    with pytest.raises(UsageError, match="there is no policy backup-day") as caught:
        files.library().policy("backup-day")
    assert caught.value.hint == "did you mean backup-days?"


def test_a_directory_that_does_not_exist(tmp_path):
    from engine import FACTS

    with pytest.raises(UsageError, match="there is no directory"):
        Library.load([tmp_path / "none"], FACTS, cache=False)


def test_a_file_that_is_not_utf8(files, tmp_path):
    (tmp_path / "policies" / "backup-days.yaml").write_bytes(b"id: x\ntitle: \xff\n")
    with pytest.raises(DefinitionError) as caught:
        files.library().policy("backup-days")
    assert str(caught.value) == "policies/backup-days.yaml:2:1: is not UTF-8"


def changed(old, new):
    """The baseline with one text replaced."""
    assert BASELINE.count(old) == 1, old
    return BASELINE.replace(old, new)


def requiring(text):
    """The baseline with a further requirement."""
    return f'{BASELINE}  - {{id: SHOP-DB-002, section: "2", title: {{en: T, ko: 제목}}, severity: low, category: backup, {text}}}\n'


WRONG_BASELINES = [
    (changed("baseline: shop", "baseline: store"), "1:11: baseline: must equal the file name, shop"),
    (changed("component: db", "component: database"), "18:16: requirements[0].component: 'database' is not known\n  known: db"),
    (changed("policy: backup-days", "policy: backup-day"), "19:13: requirements[0].policy: there is no policy backup-day\n  did you mean backup-days?"),
    (changed("min_days:", "min_day:"), "20:12: requirements[0].with.min_day: unknown key\n  did you mean min_days?"),
    (changed('"${days}"', "0"), "20:22: requirements[0].with.min_days: must be at least 1"),
    (changed("${days}", "${dayz}"), "20:22: requirements[0].with.min_days: ${dayz} is not declared\n  did you mean days?"),
    (changed('with: {min_days: "${days}"}', "enforce: required"), "6:3: inputs.days: is not used by any requirement"),
    (changed("id: SHOP-DB-001", "id: shop-db-1"), "13:9: requirements[0].id: must be capital words joined by hyphens"),
    (changed('section: "1-1"', "section: 1.1"), "14:14: requirements[0].section: must be text, not a number\n  put it in quotes"),
    (changed("name: shop-db", "nmae: shop-db"), "10:14: components.db.match[0]: test_database has no nmae\n  did you mean name?"),
    (changed("type: test_database", "type: test_databas"), "9:11: components.db.type: there is no resource type test_databas"),
    (changed("{name: shop-db}", "{attached_to: bd}"), "10:27: components.db.match[0].attached_to: 'bd' is not known\n  known: db"),
    (changed("{name: shop-db}", "{attached_to: db}"), "8:3: components.db: is found through itself: db → db"),
    (changed("{name: shop-db}", "{}"), "10:13: components.db.match[0]: must name at least one attribute"),
    (changed("{name: shop-db}", '{name: "/(/"}'), "10:20: components.db.match[0].name: is no regular expression"),
    (changed("  db:\n", "  Db:\n"), "8:3: components.Db: must be lower-case words joined by hyphens"),
    (requiring("component: db"), "21:5: requirements[1]: must have exactly one of policy, assert, attest, metric; it has none"),
    (requiring("policy: backup-days, attest: {}"), "21:5: requirements[1]: must have exactly one of policy, assert, attest, metric; it has policy and attest"),
    (requiring("kind: static, attest: {}"), "21:100: requirements[1].kind: attest makes it attest"),
    (requiring("attest: {max_days: 3}"), "21:103: requirements[1].attest.max_days: unknown key"),
    (requiring("attest: {max_age_days: 0}"), "21:117: requirements[1].attest.max_age_days: must be a number of days, at least 1"),
    (requiring("metric: {source: prometheus, op: gte, value: 1}"), "21:102: requirements[1].metric: query is missing"),
    (requiring("metric: {source: nagios, op: gte, value: 1}"), "21:111: requirements[1].metric.source: 'nagios' is not known"),
    (requiring("metric: {source: prometheus, query: up, op: in, value: 1}"), "21:138: requirements[1].metric.op: 'in' is not known"),
    (requiring("metric: {source: prometheus, query: up, op: gte, value: much}"), "21:150: requirements[1].metric.value: must be a number"),
    (requiring("metric: {source: cloudwatch, namespace: N, metric: M, statistic: Mean, window: 1h, op: gte, value: 1}"), "21:159: requirements[1].metric.statistic: is no statistic"),
    (requiring("metric: {source: cloudwatch, metric: M, statistic: Sum, window: 1h, op: gte, value: 1}"), "21:102: requirements[1].metric: namespace is missing"),
    (requiring("metric: {source: azure_monitor, metric: M, statistic: Total, op: gte, value: 1}"), "21:102: requirements[1].metric: window is missing"),
    (requiring("metric: {source: azure_monitor, expression: a/b, metrics: {a: {metric: M, statistic: Total}}, window: 1h, op: gte, value: 1}"), "21:138: requirements[1].metric.expression: b is no metric of this requirement"),
    (requiring("metric: {source: azure_monitor, expression: 'a()', metrics: {a: {metric: M, statistic: Total}}, window: 1h, op: gte, value: 1}"), "21:138: requirements[1].metric.expression: only + - * /, max, min and the names of metrics can be used"),
    (requiring("metric: {source: azure_monitor, expression: 'max(a)', metrics: {a: {metric: M, statistic: Total}}, window: 1h, op: gte, value: 1}"), "21:138: requirements[1].metric.expression: only + - * /, max, min and the names of metrics can be used"),
    (requiring("metric: {source: azure_monitor, expression: 'max(a, max)', metrics: {a: {metric: M, statistic: Total}}, window: 1h, op: gte, value: 1}"), "21:138: requirements[1].metric.expression: max is no metric of this requirement"),
    (requiring("component: db, select: {type: test_key}, policy: backup-days"), "21:109: requirements[1].select: cannot stand beside component"),
    (requiring("select: {type: test_key}, policy: backup-days"), "21:128: requirements[1].policy: backup-days is about test_database, not about test_key"),
    (requiring("component: db, assert: [{path: nmae, op: exists}]"), "21:125: requirements[1].assert[0].path: test_database has no nmae"),
    (requiring("assert: [{path: name, op: exists}]"), "21:102: requirements[1].assert: without component or select only count, distinct and functions"),
    (requiring("component: db, with: {}, assert: [{path: name, op: exists}]"), "21:109: requirements[1].with: is for a policy"),
    (requiring("component: db, policy: backup-days, expect: some"), "21:130: requirements[1].expect: is for select"),
    (requiring("component: db, policy: backup-days, stage: grow"), "21:137: requirements[1].stage: 'grow' is not known\n  did you mean growth?"),
    (requiring("component: db, policy: backup-days, replaces: SHOP-DB-001"), "21:130: requirements[1].replaces: needs a stage"),
    (requiring("component: db, policy: backup-days, stage: growth, replaces: SHOP-DB-01"), "21:155: requirements[1].replaces: 'SHOP-DB-01' is not known"),
    (requiring("component: db, policy: backup-days").replace("SHOP-DB-002", "SHOP-DB-001"), "21:6: requirements[1].id: SHOP-DB-001 is already the id in line 13"),
    (requiring("component: db, polcy: backup-days"), "21:109: requirements[1].polcy: unknown key\n  did you mean policy?"),
    (requiring("component: db, assert: [{references: {component: kee}}]"), "21:143: requirements[1].assert[0].references.component: 'kee' is not known"),
    (changed("description: {en: Days, ko: 일수}", "description: Days"), "6:50: inputs.days.description: must be a mapping, not text"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), WRONG_BASELINES, ids=[case[1] for case in WRONG_BASELINES])
def test_a_wrong_baseline(files, text, message):
    with pytest.raises(DefinitionError) as caught:
        files.baseline(text)
    assert str(caught.value).startswith(f"shop.yaml:{message}")


def test_a_parameter_without_default_must_be_given(files):
    files.policy(replaced("default: 7, ", "").replace("checks:", "default_profile: false\nchecks:").replace(
        '"x"}', '"x", params: {min_days: 1}}'))  # fmt: skip
    with pytest.raises(DefinitionError) as caught:
        files.baseline(changed('    with: {min_days: "${days}"}\n', ""))
    assert str(caught.value) == (
        "shop.yaml:19:13: requirements[0].policy: the parameter min_days is not given and has no default"
    )


def test_a_file_that_is_too_large():
    with pytest.raises(DefinitionError, match="the file is larger than 4000000 characters"):
        read_yaml("#" * 4_000_001, "f.yaml")


def test_characters_that_yaml_does_not_have():
    with pytest.raises(DefinitionError, match=r"f\.yaml:1:4: not valid YAML: the character U\+0000"):
        read_yaml("a: \x00", "f.yaml")


def test_files_that_cannot_be_read(files, tmp_path):
    (tmp_path / "policies" / "backup-days.yaml").unlink()
    (tmp_path / "policies" / "backup-days.yaml").mkdir()
    (tmp_path / "policies" / "gone.yaml").symlink_to(tmp_path / "nowhere.yaml")
    with pytest.raises(DefinitionError, match=r"policies/gone\.yaml: cannot be read: No such file"):
        files.library().policy("gone")


def test_a_baseline_may_have_no_components(files):
    text = BASELINE.replace(BASELINE[BASELINE.index("components:") : BASELINE.index("requirements:")], "").replace(
        "    component: db\n", ""
    )
    assert files.baseline(text).components == {}


def test_an_unknown_baseline(files):
    from engine import FACTS

    from scanner.policy.baseline import load_baseline

    with pytest.raises(UsageError, match=r"there is no baseline file none\.yaml"):
        load_baseline("none.yaml", files.library(), FACTS)
    with pytest.raises(UsageError, match="there is no baseline no-such-name"):
        load_baseline("no-such-name", files.library(), FACTS)
