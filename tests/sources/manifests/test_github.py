"""GitHub workflows and actions: short forms written out, calls followed, expressions left as text."""

from __future__ import annotations

from textwrap import dedent

import pytest

from scanner.documents.yaml import read_yaml_documents
from scanner.model.resource import Resource
from scanner.model.value import plain
from scanner.sources.workflow import read_github

PATH = ".github/workflows/deploy.yml"


def read(files: dict[str, str]) -> dict[str, Resource]:
    documents = [(path, read_yaml_documents(dedent(text), path)[0].value) for path, text in files.items()]
    return {resource.address: resource for resource in read_github(documents)}


def workflow(text: str) -> Resource:
    return read({PATH: text})[PATH]


def found(resource: Resource, path: str) -> object:
    return [plain(item.value) for item in resource.lookup(path)]


@pytest.mark.parametrize(
    ("written", "events"),
    [
        ("push", {"push": {"unfiltered": True}}),
        ("[push, pull_request]", {"push": {"unfiltered": True}, "pull_request": {"unfiltered": True}}),
        ("{push: {branches: main}}", {"push": {"branches": ["main"]}}),
        (
            "{push: , schedule: [{cron: '0 3 * * *'}]}",
            {"push": {"unfiltered": True}, "schedule": [{"cron": "0 3 * * *"}]},
        ),
    ],
)
def test_events_are_a_mapping(written, events):
    resource = workflow(f"on: {written}\njobs: {{}}\n")
    assert (resource.type, resource.address) == ("github_workflow", PATH)
    assert found(resource, "on") == [events]


JOBS = """\
on: push
env: {A: workflow, B: workflow}
permissions: {contents: read}
jobs:
  test:
    env: {B: job}
    steps:
      - run: make test
        env: {C: step}
      - run: echo ${{ secrets.TOKEN }}
  build:
    needs: test
    permissions: write-all
    environment: production
    steps: [{run: make}]
  deploy:
    needs: [build]
    steps: [{run: make deploy}]
"""


def test_jobs_say_what_they_wait_for():
    resource = workflow(JOBS)
    assert found(resource, "jobs.test.needs") == [[]]
    assert found(resource, "jobs.build.needs") == [["test"]]
    assert found(resource, "jobs.deploy.all_needs") == [["build", "test"]]
    assert found(resource, "jobs.deploy.waits_for[*].steps[*].run") == [
        "make", "make test", "echo ${{ secrets.TOKEN }}",
    ]  # fmt: skip


def test_what_the_workflow_gives_reaches_jobs_and_steps():
    resource = workflow(JOBS)
    assert found(resource, "jobs.test.env") == [{"A": "workflow", "B": "job"}]
    assert found(resource, "jobs.test.steps[0].env") == [{"A": "workflow", "B": "job", "C": "step"}]
    assert found(resource, "jobs.test.permissions") == [{"contents": "read"}]
    assert found(resource, "jobs.build.permissions") == [{"all": "write"}]
    assert found(resource, "jobs.build.environment.name") == ["production"]
    (item,) = resource.lookup("jobs.test.steps[0].env.A")
    assert item.value.location is not None
    assert item.value.location.line == 2
    assert [hop.what for hop in item.value.hops] == ["env.A"]


def test_steps_know_the_steps_before_them():
    resource = workflow(JOBS)
    assert found(resource, "jobs.test.steps[0].earlier") == [[]]
    assert found(resource, "jobs.test.steps[1].earlier[*].run") == ["make test"]


def test_scripts_have_written_variables_filled_in():
    resource = workflow(
        """\
        on: push
        env: {REPOSITORY: app}
        jobs:
          build:
            steps:
              - env: {TAG: "${{ github.sha }}", IMAGE: "$REPOSITORY:${TAG}", LOOP: "$LOOP"}
                run: |
                  NAME=x
                  push ${{ env.IMAGE }} $NAME $OTHER $(date) $LOOP
        """
    )
    assert found(resource, "jobs.build.steps[0].script") == [
        "NAME=x\npush app:${{ github.sha }} x $OTHER $(date) $LOOP\n"
    ]


def test_everything_that_is_given_is_listed_and_credentials_are_masked():
    resource = workflow(
        """\
        on: push
        env: {API_TOKEN: abc, MODE: fast}
        jobs:
          call:
            uses: ./.github/workflows/other.yml
            secrets: {KEY: "${{ secrets.KEY }}"}
          test:
            env: {URL: "https://u:p@h/x"}
            steps:
              - uses: a/b@v1
                with: {password: "${{ secrets.P }}"}
        """
    )
    assert found(resource, "values") == [
        {
            "env.API_TOKEN": {"name": "API_TOKEN", "value": "(sensitive)"},
            "env.MODE": {"name": "MODE", "value": "fast"},
            "jobs.call.secrets.KEY": {"name": "KEY", "value": "${{ secrets.KEY }}"},
            "jobs.test.env.URL": {"name": "URL", "value": "(sensitive)"},
            "jobs.test.steps[0].with.password": {"name": "password", "value": "${{ secrets.P }}"},
        }
    ]
    assert found(resource, "env.API_TOKEN") == ["(sensitive)"]


def test_jobs_that_need_each_other_are_no_loop():
    resource = workflow("on: push\njobs:\n  a: {needs: b, steps: []}\n  b: {needs: [a, gone], steps: []}\n")
    assert found(resource, "jobs.a.all_needs") == [["b", "gone"]]
    assert found(resource, "jobs.b.all_needs") == [["a", "gone"]]


CALLED = """\
on: workflow_call
env: {DATABASE_URL: "postgres://db"}
jobs:
  one:
    steps:
      - uses: ./.github/actions/setup
      - run: make test
"""
ACTION = """\
runs:
  using: composite
  steps:
    - run: make setup
"""


def test_steps_of_called_workflows_and_actions_are_followed():
    caller = "on: push\nenv: {MODE: x}\njobs:\n  test:\n    uses: ./.github/workflows/test.yml\n"
    files = {PATH: caller, ".github/workflows/test.yml": CALLED, ".github/actions/setup/action.yml": ACTION}
    resources = read({f"apps/one/{path}": text for path, text in files.items()})
    assert {item.type for item in resources.values()} == {"github_workflow", "github_action"}
    resource = resources[f"apps/one/{PATH}"]
    assert found(resource, "jobs.test.steps[*].run") == [None, "make setup", "make test"]
    assert found(resource, "jobs.test.steps[2].env") == [{"DATABASE_URL": "postgres://db"}]
    (item,) = resource.lookup("jobs.test.steps[1].run")
    assert item.value.location is not None
    assert item.value.location.path == "apps/one/.github/actions/setup/action.yml"


def test_services_of_called_workflows_are_followed():
    jobs = "  a:\n    services: {db: {image: postgres:16}}\n  b:\n    services: {cache: {image: redis:7}}\n"
    files = {
        PATH: "on: push\njobs:\n  test:\n    uses: ./.github/workflows/test.yml\n",
        ".github/workflows/test.yml": f"on: workflow_call\njobs:\n{jobs}",
    }
    resource = read(files)[PATH]
    assert found(resource, "jobs.test.services[*].image") == ["postgres:16", "redis:7"]
    elsewhere = workflow("on: push\njobs:\n  test:\n    uses: a/b/.github/workflows/test.yml@v1\n")
    assert elsewhere.lookup("jobs.test.services.db.image")[0].value.is_unknown


def test_steps_that_were_not_read_are_unknown():
    resource = workflow("on: push\njobs:\n  test:\n    uses: a/b/.github/workflows/test.yml@v1\n")
    (item,) = resource.lookup("jobs.test.steps[*].run")
    assert item.value.is_unknown
    assert item.value.location is not None
    assert item.value.location.line == 4


def test_workflows_and_actions_that_call_themselves_end():
    itself = f"on: push\njobs:\n  a: {{uses: ./{PATH}}}\n  b: {{uses: ./{PATH}}}\n"
    assert workflow(itself).lookup("jobs.a.steps[*].run")[0].value.is_unknown
    step = "    - uses: ./.github/actions/x\n" * 20
    action = f"runs:\n  using: composite\n  steps:\n{step}"
    files = {PATH: f"on: push\njobs:\n  a:\n    steps:\n{step}", ".github/actions/x/action.yml": action}
    steps = read(files)[PATH].lookup("jobs.a.steps[*].uses")
    assert any(item.value.is_unknown for item in steps)


@pytest.mark.parametrize("text", ["a: 1\n", "- 1\n", "on: push\n", "jobs: {}\n", "runs: [1]\n"])
def test_other_documents_are_left_alone(text):
    assert read({PATH: text}) == {}


@pytest.mark.parametrize(
    "text",
    [
        "on: push\njobs: [1]\n",
        "on: [1, {}]\njobs: {a: 1, b: {steps: 2, env: 3}}\n",
        "on: push\njobs: {a: {steps: [1, run], needs: {x: 1}, uses: 7}}\nenv: 3\n",
    ],
)
def test_odd_documents_break_nothing(text):
    plain(workflow(text).attributes)


def test_many_steps_and_jobs_are_read_in_time():
    steps = "".join(f"      - run: step {number}\n" for number in range(60))
    plain(workflow(f"on: push\njobs:\n  a:\n    steps:\n{steps}").attributes)
    steps = "".join(f"      - run: step {number}\n" for number in range(3000))
    jobs = "".join(f"  j{number}: {{needs: j{number + 1}}}\n" for number in range(1500))
    resource = workflow(f"on: push\njobs:\n  a:\n    steps:\n{steps}{jobs}")
    assert resource.lookup("jobs.a.steps[2999].earlier")[0].value.is_unknown
    assert found(resource, "jobs.a.steps[900].earlier[899].run") == ["step 899"]
    assert resource.lookup("jobs.j0.all_needs")[0].value.is_unknown
    assert found(resource, "jobs.j1400.all_needs[-1]") == ["j1500"]
