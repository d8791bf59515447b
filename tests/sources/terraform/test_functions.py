"""What functions do with places, references, unknown parts, files, hostile input; results are in terraform_console."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from scanner.model.location import Location
from scanner.model.value import Hop, Reason, Reference, SetItems, Unknown, Value
from scanner.sources.terraform.functions import FUNCTIONS, FunctionError
from scanner.sources.terraform.kinds import ListItems, MapItems
from scanner.sources.terraform.sets import make_set

PLACE = Location("terraform.tfvars", 5, 1, 5, 18)
KEY = Reference("aws_kms_key.main", "arn")
MISSING = Value(Unknown(Reason.COMPUTED, "known after apply"), refs=(KEY,))


class Directory:
    """A scope whose files are in a directory."""

    template = False

    def __init__(self, root: Path) -> None:
        self.root = root
        self.directory = root

    def expand_template(self, text: str, variables: Mapping[str, Value], name: str) -> Value:
        return Value(f"{name}: {text} {sorted(variables)}")


def call(name: str, *arguments: Value, root: Path = Path()) -> Value:
    return FUNCTIONS[name].call(Directory(root), list(arguments))


def plain(data: object) -> Value:
    if isinstance(data, dict):
        return Value({key: plain(item) for key, item in data.items()})
    if isinstance(data, list):
        return Value(tuple(plain(item) for item in data))
    return data if isinstance(data, Value) else Value(data)


def placed(raw: object) -> Value:
    return Value(plain(raw).raw, PLACE, (Hop("var.db", PLACE),))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("lookup", [plain({"a": placed(1)}), plain("a"), plain(2)]),
        ("element", [plain([placed(1)]), plain(0)]),
        ("coalesce", [plain(None), placed(1)]),
        ("one", [plain([placed(1)])]),
        ("max", [plain(0), placed(1)]),
        ("min", [placed(1), plain(2)]),
        ("tonumber", [placed("1")]),
        ("nonsensitive", [placed(1)]),
        ("ephemeralasnull", [placed(1)]),
    ],
)
def test_a_value_that_is_passed_through_keeps_its_place(name: str, arguments: list[Value]) -> None:
    result = call(name, *arguments)
    assert (result.raw, result.location, result.hops) == (1, PLACE, (Hop("var.db", PLACE),))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("merge", [plain({"b": 2}), plain({"a": placed(1)})]),
        ("zipmap", [plain(["a"]), plain([placed(1)])]),
    ],
)
def test_items_of_a_new_map_keep_their_places(name: str, arguments: list[Value]) -> None:
    result = call(name, *arguments)
    assert isinstance(result.raw, Mapping)
    assert result.raw["a"].location == PLACE


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("concat", [plain([placed("x")]), plain(["y"])]),
        ("flatten", [plain([[placed("x")]])]),
        ("values", [plain({"k": placed("x")})]),
        ("slice", [plain([placed("x"), "y"]), plain(0), plain(1)]),
        ("reverse", [plain([placed("x")])]),
        ("compact", [plain(["", placed("x")])]),
        ("distinct", [plain([placed("x"), "x"])]),
        ("sort", [plain(["z", placed("x")])]),
        ("tolist", [plain([placed("x"), 1])]),
        ("toset", [plain([placed("x"), "y"])]),
        ("setunion", [plain([placed("x")]), plain(["y"])]),
        ("setintersection", [plain([placed("x")]), plain(["x"])]),
        ("matchkeys", [plain([placed("x")]), plain([1]), plain([1])]),
    ],
)
def test_elements_of_a_new_list_keep_their_places(name: str, arguments: list[Value]) -> None:
    result = call(name, *arguments).raw
    assert isinstance(result, tuple)
    assert result[0].location == PLACE


def test_an_element_was_reached_through_the_list_that_it_was_in() -> None:
    names = Value((Value("x", PLACE),), None, (Hop("var.names", None),), (KEY,))
    result = call("concat", names, plain(["y"])).raw
    assert isinstance(result, tuple)
    assert (result[0].hops, result[0].refs) == ((Hop("var.names", None),), (KEY,))
    assert (result[1].hops, result[1].refs) == ((), ())


def test_a_new_value_has_no_place_but_the_references_of_all_its_parts() -> None:
    result = call("join", plain(","), plain([Value("x", PLACE, refs=(KEY,)), "y"]))
    assert (result.raw, result.location, result.refs) == ("x,y", None, (KEY,))


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("length", [plain([MISSING, MISSING])], 2),
        ("length", [plain({"a": MISSING})], 1),
        ("contains", [plain(["a", MISSING]), plain("a")], True),
        ("alltrue", [plain([MISSING, False])], False),
        ("anytrue", [plain([MISSING, True])], True),
        ("lookup", [plain({"a": MISSING, "b": 1}), plain("b")], 1),
        ("coalesce", [plain("a"), MISSING], "a"),
        ("index", [plain(["a", MISSING]), plain("a")], 0),
        ("element", [plain([MISSING, "b"]), plain(1)], "b"),
    ],
)
def test_what_does_not_depend_on_unknown_parts_is_known(name: str, arguments: list[Value], expected: object) -> None:
    assert call(name, *arguments).raw == expected


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("length", [Value(make_set([MISSING, Value("a")]))]),
        ("length", [MISSING]),
        ("contains", [plain(["a", MISSING]), plain("b")]),
        ("alltrue", [plain([MISSING, True])]),
        ("anytrue", [plain([MISSING, False])]),
        ("coalesce", [MISSING, plain("a")]),
        ("index", [plain([MISSING, "a"]), plain("a")]),
        ("join", [plain(","), plain(["a", MISSING])]),
        ("format", [plain("%s"), MISSING]),
        ("flatten", [plain([MISSING])]),
        ("merge", [plain({"a": 1}), MISSING]),
        ("upper", [MISSING]),
        ("tolist", [Value(make_set([MISSING, Value("a")]))]),
        ("reverse", [Value(make_set([MISSING, Value("a")]))]),
    ],
)
def test_what_depends_on_unknown_parts_is_unknown_and_keeps_their_references(name: str, arguments: list[Value]) -> None:
    result = call(name, *arguments)
    assert isinstance(result.raw, Unknown)
    assert result.raw.reason is Reason.COMPUTED
    assert KEY in result.refs


def test_structure_around_unknown_parts_stays_known() -> None:
    merged = call("merge", plain({"a": 1, "b": 2}), plain({"b": MISSING}))
    assert isinstance(merged.raw, dict)
    assert (merged.raw["a"].raw, merged.raw["b"].is_unknown) == (1, True)
    rows = call("formatlist", plain("%s-1"), plain(["x", MISSING])).raw
    assert isinstance(rows, ListItems)
    assert (rows[0].raw, rows[1].is_unknown, rows[1].refs) == ("x-1", True, (KEY,))


def test_json_keeps_its_structure_with_places_even_where_it_is_unknown_in_part() -> None:
    encoded = call("jsonencode", plain({"Statement": [{"Effect": placed("Allow"), "Resource": MISSING}]}))
    assert encoded.is_unknown
    assert encoded.decoded is not None
    decoded = call("jsondecode", encoded)
    assert isinstance(decoded.raw, Mapping)
    statement = decoded.raw["Statement"].raw[0].raw
    assert (statement["Effect"].raw, statement["Effect"].location) == ("Allow", PLACE)
    assert statement["Resource"].refs == (KEY,)


def test_decoded_json_has_tuples_and_objects_whatever_was_encoded() -> None:
    encoded = call("jsonencode", Value(MapItems({"a": Value(SetItems((Value(1),)))})))
    decoded = call("jsondecode", encoded).raw
    assert type(decoded) is dict
    assert type(decoded["a"].raw) is tuple


@pytest.mark.parametrize("name", ["timestamp", "plantimestamp", "uuid"])
def test_what_differs_from_run_to_run_is_unknown(name: str) -> None:
    assert call(name).is_unknown


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("bcrypt", [plain("x")]),
        ("rsadecrypt", [plain("x"), plain("y")]),
        ("base64gzip", [plain("x")]),
        ("pathexpand", [plain("~/x")]),
    ],
)
def test_what_cannot_be_computed_here_is_unknown(name: str, arguments: list[Value]) -> None:
    assert call(name, *arguments).is_unknown


def test_files_inside_of_the_root_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("한국\n", encoding="utf-8")
    assert call("file", plain("a.txt"), root=tmp_path).raw == "한국\n"
    assert call("file", plain(str(tmp_path / "a.txt")), root=tmp_path).raw == "한국\n"
    assert call("templatefile", plain("a.txt"), plain({"x": 1}), root=tmp_path).raw == "a.txt: 한국\n ['x']"


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/passwd", "link.txt", "~/secret.txt"])
@pytest.mark.parametrize("function", ["file", "filebase64", "filemd5", "fileexists"])
def test_files_outside_of_the_root_are_not_read(function: str, name: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    result = call(function, plain(name), root=root)
    assert isinstance(result.raw, Unknown)
    assert result.raw.reason is Reason.UNREADABLE


def test_directories_outside_of_the_root_are_not_listed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    assert call("fileset", plain(".."), plain("*.txt"), root=root).is_unknown
    assert call("fileset", plain("."), plain("../*.txt"), root=root).is_unknown


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "large.txt").write_bytes(b"x" * 4_000_001)
    assert call("file", plain("large.txt"), root=tmp_path).is_unknown


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FunctionError, match="there is no file"):
        call("file", plain("missing.txt"), root=tmp_path)


def test_templates_are_not_expanded_within_templates(tmp_path: Path) -> None:
    scope = Directory(tmp_path)
    scope.template = True
    with pytest.raises(FunctionError, match="cannot be called from a template"):
        FUNCTIONS["templatefile"].call(scope, [plain("a.txt"), plain({})])


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 9)
)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("yamldecode", [plain(LAUGHS)]),
        ("yamldecode", [plain("[" * 5000)]),
        ("jsondecode", [plain("[" * 100_000)]),
        ("replace", [plain("x" * 3_000_000), plain("x"), plain("y" * 3_000_000)]),
        ("replace", [plain("x" * 3_000_000), plain("/x/"), plain("y" * 3_000_000)]),
        ("indent", [plain(10**9), plain("a\nb")]),
        ("format", [plain("%999999999d"), plain(1)]),
        ("format", [plain("%.999999999f"), plain(1)]),
        ("setproduct", [plain(list(range(1000)))] * 4),
        ("tonumber", [plain("1e999999999")]),
        ("parseint", [plain("9" * 1_000_000), plain(10)]),
        ("range", [plain(10**12)]),
        ("timeadd", [plain("9999-12-31T23:59:59Z"), plain("9999999h")]),
        ("regex", [plain("(a+)+$"), plain("a" * 50_000 + "b")]),
        ("regex", [plain("(" * 100_000), plain("a")]),
    ],
)
def test_input_made_to_exhaust_memory_or_time_is_refused_at_once(name: str, arguments: list[Value]) -> None:
    before = time.monotonic()
    with pytest.raises(FunctionError):
        call(name, *arguments)
    assert time.monotonic() - before < 5


def test_heavy_libraries_are_only_imported_when_a_function_needs_them() -> None:
    code = (
        "import sys; from scanner.sources.terraform.functions import FUNCTIONS;"
        "FUNCTIONS['merge'], FUNCTIONS['jsonencode'], FUNCTIONS['replace'], FUNCTIONS['join'], FUNCTIONS['format'];"
        "print([name for name in ('yaml', 're2', 'uuid', 'hashlib') if name in sys.modules])"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert process.stdout == "[]\n"
