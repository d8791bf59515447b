"""Exports of AWS Config and Resource Graph: recognised, complete or said not to be, and never believed too much."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from scanner.errors import SourceError
from scanner.model.inventory import Inventory, Level
from scanner.model.resource import Origin
from scanner.model.value import Value
from scanner.sources.aws.recorded.maps import deciding, recorded_maps
from scanner.sources.snapshot import json_stream
from scanner.sources.snapshot.exports import exports_among, read_exports
from scanner.sources.snapshot.forms import Form, form_of
from scanner.sources.snapshot.write import resource_data
from tests.sources.azure.arm_server import row
from tests.sources.azure.support import collect
from tests.sources.azure.tripgen import tripgen
from tests.sources.snapshot.config_export import item

ACCOUNT, REGION = "111122223333", "ap-northeast-2"
DATABASE = {"dBInstanceIdentifier": "db", "dbiResourceId": "db-1", "engine": "postgres", "multiAZ": True}
RECORDER: dict[str, Any] = {"allSupported": True, "includeGlobalResourceTypes": True}
UNDECIDED = {
    "aws_backup_vault_lock_configuration",
    "aws_s3_bucket_logging",
    "aws_sns_topic_policy",
    "aws_vpc_peering_connection",
}
"""Types that hang on fields that Config is not known to record; they are hidden where an item lacks those."""
DATABASES = frozenset({"aws_db_instance", "aws_rds_cluster"})


def database(account: str = ACCOUNT, region: str = REGION, **more: Any) -> dict[str, Any]:
    made = item(account, region, "AWS::RDS::DBInstance", "db-1", "arn:db", {}, {**DATABASE, **more}, {})
    return json.loads(json.dumps(made))


def config(path: Path, *items: Any) -> Path:
    path.write_text(json.dumps({"fileVersion": "1.0", "configSnapshotId": "0", "configurationItems": list(items)}))
    return path


def recorders(path: Path, group: dict[str, Any], region: str = REGION) -> Path:
    arn = f"arn:aws:config:{region}:{ACCOUNT}:configuration-recorder/default/0"
    path.write_text(json.dumps({"ConfigurationRecorders": [{"name": "default", "arn": arn, "recordingGroup": group}]}))
    return path


def read(*paths: Path, types: frozenset[str] = DATABASES, system: Origin = Origin.AWS) -> Inventory:
    return read_exports(exports_among(paths), system, types).inventory


def attribute(inventory: Inventory, name: str) -> Value:
    (resource,) = inventory.resources
    raw = resource.attributes.raw
    assert not isinstance(raw, str | int | tuple)
    return raw.get(name)  # type: ignore[union-attr, return-value]  # attributes are an object


def errors(inventory: Inventory) -> list[str]:
    return [note.what for note in inventory.notifications if note.level is Level.ERROR]


class TestForms:
    @pytest.mark.parametrize(
        ("content", "form"),
        [
            ('{"fileVersion": "1.0", "configurationItems": []}', Form.CONFIG),
            ('{"Results": [], "QueryInfo": {"SelectFields": []}}', Form.CONFIG_QUERY),
            ('{"ConfigurationRecorders": []}', Form.CONFIG_RECORDERS),
            ('{"count": 0, "data": [], "skip_token": null, "total_records": 0}', Form.GRAPH_PAGES),
            ('[{"id": "/subscriptions/a", "name": "b", "type": "c"}]', Form.GRAPH_LIST),
            ('{"id": "/subscriptions/a", "type": "c"}\n{"id": "/subscriptions/b", "type": "c"}\n', Form.GRAPH_ROWS),
            ("\ufeffNAME,TYPE,ID\na,b,c\n", Form.GRAPH_CSV),
            ('{"asbuilt_snapshot": 1, "taken": "x", "data": []}', Form.OWN),
            ("", Form.OWN),
            ("nonsense", Form.OWN),
        ],
    )
    def test_a_form_is_told_by_its_content(self, tmp_path, content, form):
        path = tmp_path / "inventory.gz"
        path.write_bytes(gzip.compress(content.encode()))
        assert form_of(path) is form

    def test_an_export_of_another_system_is_refused(self, tmp_path):
        with pytest.raises(SourceError, match="does not tell about azure"):
            read(config(tmp_path / "config.json"), system=Origin.AZURE)


class TestConfig:
    def test_what_config_does_not_hold_is_unknown_and_what_it_leaves_out_is_absent(self, tmp_path):
        inventory = read(config(tmp_path / "config.json", database()))
        assert attribute(inventory, "multi_az").raw is True
        assert attribute(inventory, "kms_key_id").is_absent
        assert attribute(inventory, "master_user_secret").is_unknown

    def test_whether_a_resource_exists_hangs_on_what_config_records(self):
        maps = [made for maps in recorded_maps().values() for made in maps]
        assert all(made.types() for made in maps)
        unheld = {
            resource.type
            for made in maps
            for resource in made.decided()
            if deciding(resource) & made.unheld - made.fill.keys()
        }
        assert unheld == UNDECIDED

    def test_deleted_items_are_no_resources_and_unrecorded_ones_hide_their_type(self, tmp_path):
        gone = {**database(), "configurationItemStatus": "ResourceDeleted"}
        lost = {**database(), "configurationItemStatus": "ResourceNotRecorded"}
        assert read(config(tmp_path / "config.json", gone)).resources == []
        inventory = read(config(tmp_path / "config.json", lost))
        assert inventory.resources == []
        assert errors(inventory) == ["AWS Config did not record db-1 (AWS::RDS::DBInstance): ResourceNotRecorded"]

    def test_types_without_a_map_are_counted(self, tmp_path):
        stack = item(ACCOUNT, REGION, "AWS::CloudFormation::Stack", "s", "", {}, {}, {})
        inventory = read(config(tmp_path / "config.json", stack, stack))
        said = [note.what for note in inventory.notifications if note.level is Level.NOTE]
        assert said == ["AWS::CloudFormation::Stack is not read from AWS Config: 2 items"]

    def test_the_same_resource_twice_is_undecided(self, tmp_path):
        older = config(tmp_path / "older.json", database(multiAZ=False))
        inventory = read(older, config(tmp_path / "newer.json", database()))
        assert "occurs twice" in errors(inventory)[0]
        assert inventory.may_hide("aws_db_instance")

    def test_old_groups_without_ranges_as_objects_are_not_taken_for_closed(self, tmp_path):
        rule = {"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "ipRanges": ["0.0.0.0/0"], "userIdGroupPairs": []}
        group = {"groupId": "sg-1", "groupName": "web", "vpcId": "vpc-1", "ipPermissions": [rule]}
        made = item(ACCOUNT, REGION, "AWS::EC2::SecurityGroup", "sg-1", "", {}, group, {})
        inventory = read(config(tmp_path / "config.json", made), types=frozenset({"aws_security_group"}))
        assert "0.0.0.0/0" in json.dumps(resource_data(inventory.resources[0])["attributes"])


class TestCoverage:
    def test_a_type_that_occurs_is_recorded_and_another_may_be_missing(self, tmp_path):
        inventory = read(config(tmp_path / "config.json", database()))
        assert inventory.may_hide("aws_db_instance") is None
        hidden = inventory.may_hide("aws_rds_cluster")
        assert hidden
        assert hidden.what == f"nothing says that AWS Config records AWS::RDS::DBCluster in {ACCOUNT}/{REGION}"

    def test_it_has_to_occur_in_every_region(self, tmp_path):
        other = item(ACCOUNT, "us-east-1", "AWS::EC2::Volume", "vol-1", "", {}, {"volumeId": "vol-1"}, {})
        assert read(config(tmp_path / "config.json", database(), other)).may_hide("aws_db_instance")

    @pytest.mark.parametrize(
        ("group", "known"),
        [
            (RECORDER, True),
            ({"allSupported": False, "resourceTypes": ["AWS::RDS::DBCluster"]}, True),
            ({"allSupported": False, "resourceTypes": ["AWS::RDS::DBInstance"]}, False),
            (
                {
                    "allSupported": False,
                    "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
                    "exclusionByResourceTypes": {"resourceTypes": ["AWS::RDS::DBCluster"]},
                },
                False,
            ),
        ],
    )
    def test_recorders_tell_what_is_recorded(self, tmp_path, group, known):
        listed = recorders(tmp_path / "recorders.json", group)
        inventory = read(config(tmp_path / "config.json", database()), listed)
        assert (inventory.may_hide("aws_rds_cluster") is None) is known

    def test_a_recorder_that_stands_still_tells_nothing(self, tmp_path):
        told = {"Recording": False, "RecordingGroup": {"AllSupported": True}}
        still = item(ACCOUNT, REGION, "AWS::Config::ConfigurationRecorder", "default", "", {}, told, {})
        assert read(config(tmp_path / "config.json", database(), still)).may_hide("aws_rds_cluster")

    def test_roles_are_recorded_where_the_recorder_says_so(self, tmp_path):
        types = frozenset({"aws_iam_role"})
        without = recorders(tmp_path / "recorders.json", {"allSupported": True, "includeGlobalResourceTypes": False})
        assert read(config(tmp_path / "config.json", database()), without, types=types).may_hide("aws_iam_role")
        recorders(without, RECORDER)
        assert not read(config(tmp_path / "config.json", database()), without, types=types).may_hide("aws_iam_role")

    def test_a_type_that_config_does_not_tell_may_be_missing(self, tmp_path):
        listed = recorders(tmp_path / "recorders.json", RECORDER)
        inventory = read(listed, types=frozenset({"aws_lb_target_group", "aws_alb_target_group"}))
        assert inventory.may_hide("aws_lb_target_group")
        assert inventory.may_hide("aws_alb_target_group")


class TestQueries:
    FIELDS = ("accountId", "awsRegion", "resourceType", "resourceId", "arn", "configuration")

    def query(self, path: Path, fields: tuple[str, ...] = FIELDS, token: str | None = None) -> Path:
        made = {**database(), "accountId": ACCOUNT, "arn": "arn:db"}
        page = {
            "Results": [json.dumps({name: made[name] for name in fields if name in made})],
            "QueryInfo": {"SelectFields": [{"Name": name} for name in fields]},
        }
        path.write_text(json.dumps(page | ({"NextToken": token} if token else {})))
        return path

    def test_what_a_query_left_out_is_not_known(self, tmp_path):
        inventory = read(self.query(tmp_path / "query.json"))
        assert attribute(inventory, "multi_az").raw is True
        assert attribute(inventory, "tags").is_unknown
        assert inventory.may_hide("aws_db_instance")

    def test_a_query_for_some_fields_of_the_configuration_is_refused(self, tmp_path):
        inventory = read(self.query(tmp_path / "query.json", (*self.FIELDS[:5], "configuration.multiAZ")))
        assert inventory.resources == []
        assert "left configuration out" in errors(inventory)[0]

    def test_a_further_page_is_missed(self, tmp_path):
        assert "speaks of a further one" in errors(read(self.query(tmp_path / "query.json", token="more")))[0]


HOSTILE = {
    "torn": b'{"configurationItems": [' + json.dumps(database()).encode() + b', {"resource',
    "deep": b'{"configurationItems": [' + b"[" * 5_000_000,
    "deep inside of an item": b'{"configurationItems": [{"a":' + b'{"a":[' * 40 + b"1" + b"]}" * 40 + b"}]}",
    "a string without an end": b'{"configurationItems": ["' + b"x" * 1_000_000,
    "escapes without an end": b'{"configurationItems": ["' + b"\\" * 1_000_001,
    "no UTF-8": b'{"configurationItems": ["\xff\xfe"]}',
    "a number beyond numbers": b'{"configurationItems": [1e999]}',
    "something behind it": b'{"configurationItems": []} nonsense',
    "items that are none": b'{"configurationItems": [null, 1, "x", [], {}, {"resourceType": 1}]}',
    "no configuration": json.dumps({"configurationItems": [{**database(), "configuration": "x"}]}).encode(),
    "tags that are none": json.dumps({"configurationItems": [{**database(), "tags": [1]}]}).encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_errors_that_hide_everything(tmp_path, monkeypatch, name):
    monkeypatch.setattr(json_stream, "MAX_ITEM", 500_000)
    path = tmp_path / "config.json"
    path.write_bytes(HOSTILE[name])
    found = read_exports({path: Form.CONFIG}, Origin.AWS, DATABASES).inventory
    assert errors(found)
    assert found.may_hide("aws_db_instance")


def test_a_damaged_archive_is_an_error(tmp_path):
    path = tmp_path / "config.json.gz"
    whole = gzip.compress(config(tmp_path / "plain", *[database() for _ in range(500)]).read_bytes())
    path.write_bytes(whole[: len(whole) // 2])
    found = read_exports({path: Form.CONFIG}, Origin.AWS, DATABASES).inventory
    assert any("could not be read in full" in what for what in errors(found))


class TestResourceGraph:
    TYPES = frozenset({"azurerm_postgresql_flexible_server", "azurerm_redis_cache", "azurerm_virtual_network"})

    BODIES = tripgen().bodies

    def rows(self) -> list[dict[str, Any]]:
        return [row(id_, body) for id_, body in self.BODIES.items() if "/providers/" in id_]

    def write(self, path: Path, form: Form, **more: Any) -> Path:
        rows = self.rows()
        if form is Form.GRAPH_CSV:
            with path.open("w", newline="", encoding="utf-8-sig") as file:
                table = csv.DictWriter(file, list(dict.fromkeys(name for each in rows for name in each)))
                table.writeheader()
                for each in rows:
                    table.writerow({k: json.dumps(v) if isinstance(v, dict | list) else v for k, v in each.items()})
        elif form is Form.GRAPH_ROWS:
            path.write_text("".join(json.dumps(each) + "\n" for each in rows))
        else:
            page = {"count": len(rows), "data": rows, "skip_token": None, "total_records": len(rows), **more}
            path.write_text(json.dumps(page if form is Form.GRAPH_PAGES else rows))
        return path

    @pytest.mark.parametrize("form", [Form.GRAPH_PAGES, Form.GRAPH_LIST, Form.GRAPH_ROWS, Form.GRAPH_CSV])
    def test_rows_are_what_the_manager_answers(self, tmp_path, form):
        path = self.write(tmp_path / "graph", form)
        assert form_of(path) is form
        inventory = read(path, types=self.TYPES, system=Origin.AZURE)
        live = {item.address: resource_data(item) for item in collect(self.BODIES, self.TYPES)[0].resources}
        found = {item.address: resource_data(item) for item in inventory.resources}
        assert found.keys() == live.keys()
        for address, data in found.items():
            own, other = data["attributes"], live[address]["attributes"]
            assert isinstance(own, dict)
            assert isinstance(other, dict)
            known = {name: value for name, value in own.items() if "(unknown)" not in json.dumps(value)}
            assert known == {name: other[name] for name in known}
        assert errors(inventory) == []
        assert inventory.may_hide("azurerm_redis_cache")

    @pytest.mark.parametrize("more", [{"skip_token": "more"}, {"total_records": 1000}])
    def test_missing_pages_are_an_error(self, tmp_path, more):
        path = self.write(tmp_path / "graph.json", Form.GRAPH_PAGES, **more)
        assert "pages are missing" in errors(read(path, types=self.TYPES, system=Origin.AZURE))[0]

    def test_a_column_that_the_query_left_out_is_unknown(self, tmp_path):
        (server, *_) = [each for each in self.rows() if each["type"].endswith("/redis")]
        path = tmp_path / "graph.json"
        path.write_text(json.dumps([{name: server[name] for name in ("id", "name", "type", "location")}]))
        inventory = read(path, types=frozenset({"azurerm_redis_cache"}), system=Origin.AZURE)
        assert attribute(inventory, "location").raw == "koreacentral"
        assert attribute(inventory, "tags").is_unknown
        assert attribute(inventory, "minimum_tls_version").is_unknown

    @pytest.mark.parametrize("content", ['[{"id": 1, "type": "a"}]', '[{"id": "x", "type": "y"}]', '[{"id": "/sub'])
    def test_rows_that_are_none_are_errors(self, tmp_path, content):
        path = tmp_path / "graph.json"
        path.write_text(content)
        found = read_exports({path: Form.GRAPH_LIST}, Origin.AZURE, self.TYPES).inventory
        assert errors(found)
