"""What must work after a deployment: pytest tests/e2e/smoke_tests.py --base-url=… --env=staging (see conftest.py)."""

import requests


def test_health(base_url: str) -> None:
    assert requests.get(f"{base_url}/api/health/detailed", timeout=10).status_code == 200


def test_evaluations_need_a_token(base_url: str) -> None:
    assert requests.get(f"{base_url}/api/evaluations", timeout=10).status_code == 401
