"""A real browser for the tests: headless Chromium without a network, which tells everything that goes wrong."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-dev-shm-usage",
)  # fmt: skip
AXE = Path(__file__).parent / "node_modules/axe-core/axe.min.js"


@contextmanager
def started() -> Iterator[Any]:
    """The browser; tests are skipped where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (the extra dev)")
    if PROGRAM is None:
        pytest.skip("there is no Chromium (make tools)")
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=PROGRAM, args=list(ARGUMENTS))
        yield browser
        browser.close()


class Watched:
    """A page from disk, with what it says on the console, the errors it throws and what it asks a network for."""

    def __init__(self, browser: Any, file: Path, **options: Any) -> None:
        self.context = browser.new_context(offline=True, **{"viewport": {"width": 1280, "height": 900}, **options})
        self.page = self.context.new_page()
        self.file = file
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url.partition("#")[0]))

    def open(self, link: str = "") -> Any:
        """The page at a permalink, as if it had just been given to somebody."""
        self.page.goto("about:blank")
        self.page.goto(self.file.as_uri() + link)
        self.page.locator("main .view:not([hidden])").wait_for()
        return self.page

    def close(self) -> None:
        """Nothing was said, nothing was asked for but the file itself."""
        self.context.close()
        assert self.said == []
        assert set(self.asked) <= {self.file.as_uri()}
