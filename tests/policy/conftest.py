"""For tests that need files of policies and baselines."""

import pytest
from definition_files import Files


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A directory with one policy, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    return Files(tmp_path)
