"""Compose files: short and long forms, variables, env files, fragments, inheritance."""

from __future__ import annotations

import pytest

from scanner.documents.yaml import read_yaml_documents
from scanner.model.path import lookup
from scanner.model.value import Reason, Unknown, Value, plain
from scanner.sources.compose import is_compose, read_compose


def parse(text: str, path: str) -> Value | None:
    return read_yaml_documents(text, path)[0].value


def services(text: str, **files: str) -> dict[str, Value]:
    """The services of a Compose file by name; `files` lie beside it (`_` in a name stands for a dot)."""
    beside = {f"app/{name.replace('_', '.')}": content for name, content in files.items()}
    root = parse(text, "app/compose.yaml")
    assert root is not None
    resources = read_compose(root, "app/compose.yaml", beside.get, parse)
    assert resources[0].type == "compose_file"
    return {item.address.split("#")[1]: item.attributes for item in resources[1:]}


def at(service: Value, path: str) -> Value:
    (found,) = lookup(service, path)
    return found.value


def test_short_forms_read_like_long_ones():
    short = """
services:
  web:
    image: nginx
    ports: ["127.0.0.1:8080:80/udp", 443, "9000-9001:9000-9001"]
    volumes: ["./data:/data:ro", "cache:/cache", "/tmp"]
    env_file: web.env
    depends_on: [db]
    networks: [back]
    build: .
    labels: ["a=b", "c"]
"""
    long = """
services:
  web:
    image: nginx
    ports:
      - {target: 80, published: 8080, host_ip: 127.0.0.1, protocol: udp}
      - {target: 443, protocol: tcp}
      - {target: "9000-9001", published: "9000-9001", protocol: tcp}
    volumes:
      - {type: bind, source: ./data, target: /data, read_only: true}
      - {type: volume, source: cache, target: /cache, read_only: false}
      - {type: volume, target: /tmp, read_only: false}
    env_file: [{path: web.env, required: true}]
    depends_on: {db: {condition: service_started}}
    networks: {back: {}}
    build: {context: .}
    labels: {a: b, c: }
"""
    files = {"web_env": "A=1\n"}
    assert plain(services(short, **files)["web"]) == {**plain(services(long, **files)["web"])}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[::1]:80:8080", {"host_ip": "::1", "published": 80, "target": 8080, "protocol": "tcp"}),
        ("0.0.0.0::8080", {"host_ip": "0.0.0.0", "target": 8080, "protocol": "tcp"}),
        ("8080", {"target": 8080, "protocol": "tcp"}),
    ],
)
def test_ports(text, expected):
    port = at(services(f"services: {{web: {{image: a, ports: ['{text}']}}}}")["web"], "ports[0]")
    assert plain(port) == expected


def test_a_port_that_cannot_be_read_is_unknown():
    port = at(services("services: {web: {image: a, ports: ['http']}}")["web"], "ports[0]")
    assert isinstance(port.raw, Unknown)


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ('["CMD", "curl", "-f", "http://localhost:8000/health"]', "curl -f http://localhost:8000/health"),
        ('["CMD-SHELL", "curl -f http://localhost || exit 1"]', "curl -f http://localhost || exit 1"),
        ("curl -f http://localhost", "curl -f http://localhost"),
    ],
)
def test_health_checks_are_one_command_line(test, expected):
    web = services(f"services: {{web: {{image: a, healthcheck: {{test: {test}}}}}}}")["web"]
    assert at(web, "healthcheck.test").raw == expected


def test_a_health_check_of_none_is_switched_off():
    web = services("services: {web: {image: a, healthcheck: {test: [NONE]}}}")["web"]
    assert at(web, "healthcheck.disable").raw is True


def test_the_own_environment_wins_over_its_files_and_the_later_file_over_the_earlier():
    web = services(
        "services: {web: {image: a, env_file: [one.env, two.env], environment: [C=own, HOST]}}",
        one_env="A=1\nB=1\nC=1\n",
        two_env="B=2\n",
    )["web"]
    assert [at(web, f"environment.{name}").raw for name in "ABC"] == ["1", "2", "own"]
    assert at(web, "environment.B").location.path == "app/two.env"
    host = at(web, "environment.HOST").raw
    assert isinstance(host, Unknown)
    assert host.reason is Reason.UNSET_VARIABLE
    assert at(web, "environment.OTHER").is_absent


def test_what_a_missing_env_file_may_set_is_unknown():
    web = services("services: {web: {image: a, env_file: gone.env, environment: {A: 1}}}")["web"]
    assert at(web, "environment.A").raw == 1
    other = at(web, "environment.OTHER").raw
    assert isinstance(other, Unknown)
    assert "gone.env is not there" in other.detail


def test_variables_come_from_the_env_file_beside_it_or_their_default():
    text = "services: {web: {image: '${REGISTRY}/web:${TAG:-stable}', command: '$$HOME ${EMPTY-x} ${EMPTY:-y}'}}"
    web = services(text, _env="EMPTY=\nREGISTRY=registry.example.com\n")["web"]
    assert at(web, "image").raw == "registry.example.com/web:stable"
    assert at(web, "image").hops[0].what == "$REGISTRY"
    assert at(web, "command").raw == "$HOME  y"


def test_a_variable_without_value_is_unknown_and_keeps_its_shape():
    image = at(services("services: {web: {image: '${REGISTRY}/web:1'}}")["web"], "image")
    assert isinstance(image.raw, Unknown)
    assert "REGISTRY" in image.raw.detail
    assert image.shape == "${REGISTRY}/web:1"


def test_secrets_are_marked():
    web = services("services: {web: {image: a, environment: {DB_PASSWORD: x, URL: 'redis://:abc@h', LEVEL: info}}}")
    marked = {name: at(web["web"], f"environment.{name}").sensitive for name in ("DB_PASSWORD", "URL", "LEVEL")}
    assert marked == {"DB_PASSWORD": True, "URL": True, "LEVEL": False}


def test_fragments_and_merge_keys():
    text = """
x-common: &common
  restart: unless-stopped
  image: a
services:
  web:
    <<: *common
    image: b
"""
    web = services(text)["web"]
    assert (at(web, "restart").raw, at(web, "image").raw) == ("unless-stopped", "b")
    assert at(web, "restart").location.line == 3


def test_extends_takes_over_from_this_and_other_files():
    text = """
services:
  base: {image: a, environment: {A: 1, B: 1}, ports: [80]}
  web: {extends: base, environment: {B: 2}, ports: [81]}
  far: {extends: {service: remote, file: other.yaml}}
  lost: {image: a, extends: nobody}
"""
    found = services(text, other_yaml="services: {remote: {image: far}}")
    assert plain(at(found["web"], "environment")) == {"A": 1, "B": 2}
    assert [item.raw for item in (at(found["web"], "ports[0].target"), at(found["web"], "ports[1].target"))] == [80, 81]
    assert at(found["far"], "image").raw == "far"
    assert at(found["lost"], "extends").is_unknown


def test_files_outside_the_scanned_directory_are_not_read():
    asked: list[str] = []

    def neighbour(path: str) -> None:
        asked.append(path)

    root = parse("services: {web: {image: a, env_file: [../../secret.env, /etc/passwd]}}", "app/compose.yaml")
    assert root is not None
    read_compose(root, "app/compose.yaml", neighbour, parse)
    assert asked == ["app/.env"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("services: {web: {image: a}}", True),
        ("version: '3.8'\nservices: {web: {build: .}}", True),
        ("services: [web]", False),
        ("services: {web: {port: 80}}", False),
        ("apiVersion: v1\nservices: {web: {image: a}}", False),
        ("services: {}", False),
    ],
)
def test_compose_files_are_told_by_their_content(text, expected):
    root = parse(text, "f.yaml")
    assert root is not None
    assert is_compose(root) is expected
