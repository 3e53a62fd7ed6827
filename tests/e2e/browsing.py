"""A browser, and what every page must keep: no errors in its console, nothing for axe to find, no jumps."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from callcenter.launcher.programs import BASE_DIR
from tests.factories import PASSWORD

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
AXE = BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}
IN_A_BROWSER = [pytest.mark.e2e, pytest.mark.timeout(180)]
"""The marks of every module here."""
JUMP = 0.05
"""The cumulative layout shift from which on a page is felt to jump."""
COUNT_SHIFTS = """
window.layoutShift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.layoutShift += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""


@contextmanager
def running_browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise RuntimeError("The browser tests need Chromium: run make setup.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


DROPPED_REQUESTS = ("htmx:sendAbort", "htmx:afterRequest", "htmx:oobErrorNoTarget, #call-details")
"""What htmx says when the page is left, or a newer request wins; a failed one says sendError or responseError too.

The last: a refresh came back after its part of the call's page had been replaced by a newer one.
"""


@dataclass
class Visit:
    """A page with all that went wrong on it."""

    page: Page
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(DROPPED_REQUESTS):
            self.problems.append(f"{message.text} ({message.location.get('url', '')})")

    def axe(self) -> list[str]:
        """What axe finds: rule, and the elements that break it. It is let in past the page's content policy."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]

    def layout_shift(self) -> float:
        return float(self.page.evaluate("window.layoutShift"))


def new_context(browser: Browser, *, language: str = "en", dark: bool = False, **options: Any) -> BrowserContext:
    locale = {"en": "en-US", "es": "es-ES"}[language]
    context = browser.new_context(
        locale=locale, color_scheme="dark" if dark else "light", timezone_id="Europe/Madrid", **options
    )
    context.set_default_timeout(30_000)
    return context


def open_page(context: BrowserContext) -> Visit:
    page = context.new_page()
    page.add_init_script(COUNT_SHIFTS)
    return Visit(page)


def wait_until(page: Page, expression: str, *, seconds: float = 60.0) -> None:
    """Asks the page until it says true. Playwright's own way needs `eval`, which the content policy forbids."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"not within {seconds} s: {expression}"
        page.wait_for_timeout(100)


def wait_for(page: Page, condition: Callable[[], Any], *, seconds: float = 60.0) -> None:
    """Asks the test until it says true; meanwhile the page's news are heard."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {condition}"
        page.wait_for_timeout(50)


def sign_in(page: Page, url: str, email: str) -> None:
    page.goto(f"{url}/accounts/login/")
    page.fill("input[type=email]", email)
    page.fill("input[type=password]", PASSWORD)
    page.click("main button[type=submit], form button[type=submit]")
    page.wait_for_url(f"{url}/")
