import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--base-url", default="https://api-staging.ai-model-mgmt.com")
    parser.addoption("--env", default="staging", choices=["staging"])


@pytest.fixture
def base_url(request: pytest.FixtureRequest) -> str:
    return request.config.getoption("--base-url")
