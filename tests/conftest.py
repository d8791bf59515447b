"""For all tests: the user's own cache and settings stay out of it."""

import os

import pytest
from hypothesis import settings

# The same cases on every run of the continuous integration; people's own runs look for new ones.
settings.register_profile("same", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("same")


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory):
    """Checked policies are kept in a directory of this test run."""
    before = {name: os.environ.get(name) for name in ("XDG_CACHE_HOME", "NO_COLOR", "COLUMNS")}
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
    os.environ.pop("NO_COLOR", None)
    os.environ["COLUMNS"] = "80"
    yield
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
