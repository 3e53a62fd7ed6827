"""Takes the pictures of docs/screenshots from a portal that really runs (`make screenshots`)."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcenter.settings")
from tests.e2e.portal import Portal, running_portal, without_inherited_settings

without_inherited_settings()
os.environ["DATABASE_URL"] = "postgresql:///of-no-use-in-this-process"

import django  # noqa: E402

django.setup()

from playwright.sync_api import Browser, BrowserContext, Page  # noqa: E402

from callcenter.demo.contact_lists import RELAY_FILE  # noqa: E402
from callcenter.launcher.programs import BASE_DIR  # noqa: E402
from tests.e2e.browsing import NARROW, WIDE, new_context, running_browser, sign_in  # noqa: E402

DIRECTORY = BASE_DIR / "docs" / "screenshots"
MOST_BYTES = 200_000
SPEED = 2.0
CALL_MS = 120_000
NOWHERE = "/calls/00000000-0000-7000-8000-000000000000/"
ALICE, ADMIN, NOBODY = "alice@example.com", "admin@example.com", ""


@dataclass(frozen=True)
class Picture:
    name: str
    show: Callable[["Studio", Page], None]
    language: str = "es"
    is_dark: bool = False
    is_narrow: bool = False
    who: str = ALICE


class Studio:
    """A running portal, a browser, and a signed-in context for each look."""

    def __init__(self, portal: Portal, browser: Browser) -> None:
        self.portal, self.browser = portal, browser
        self.places = portal.seed()
        self.cookies = {who: self._signed_in(who) for who in (ALICE, ADMIN)}

    def _signed_in(self, who: str) -> object:
        context = new_context(self.browser)
        sign_in(context.new_page(), self.portal.url, who)
        state = context.storage_state()
        context.close()
        return state

    def look(self, picture: Picture) -> BrowserContext:
        options = {"viewport": NARROW if picture.is_narrow else WIDE, "base_url": self.portal.url}
        if picture.who:
            options["storage_state"] = self.cookies[picture.who]
        return new_context(self.browser, language=picture.language, dark=picture.is_dark, **options)

    def take(self, picture: Picture) -> None:
        context = self.look(picture)
        page = context.new_page()
        picture.show(self, page)
        page.evaluate("document.activeElement.blur()")
        page.wait_for_timeout(400)
        file = DIRECTORY / f"{picture.name}.png"
        page.screenshot(path=file)
        context.close()
        print(f"{file.relative_to(BASE_DIR)}  {file.stat().st_size // 1000} kB")
        if file.stat().st_size > MOST_BYTES:
            sys.exit(f"{file.name} is too big")


def at(address: str) -> Callable[[Studio, Page], None]:
    """Shows a fixed address, or the seeded record of that name."""

    def show(studio: Studio, page: Page) -> None:
        page.goto(studio.places.get(address, address))
        page.wait_for_load_state("load")

    return show


def import_a_file(_studio: Studio, page: Page) -> None:
    page.goto("/contacts/import/")
    page.set_input_files("input[type=file]", RELAY_FILE)
    page.fill("input[name$=contact_list]", "Clientes de marzo")
    page.locator("#import-form button[type=submit]").click()
    page.locator("#import-confirm button[type=submit]").click()
    page.wait_for_url("**/contacts/imports/*/")


def start_calling(studio: Studio, page: Page) -> None:
    page.goto(studio.places["many_campaign"])
    page.locator("form[action$='/resume/'] button").first.click()
    page.wait_for_load_state("load")
    page.goto("/calls/?status=completed")
    page.locator("#call-rows tbody tr", has_text="Encuesta").nth(3).wait_for(timeout=CALL_MS)
    page.goto(studio.places["many_campaign"])


def watch_a_call(studio: Studio, page: Page) -> None:
    studio.portal.pin("+34655100200", "curious")
    page.goto(studio.places["marta_campaign"])
    page.locator("form[action$='/resume/'] button").first.click()
    page.wait_for_load_state("load")
    page.goto("/calls/?name=Marta")
    page.locator("#call-rows tbody tr a").first.click(timeout=CALL_MS)
    page.locator(".utterance").nth(4).wait_for(timeout=CALL_MS)


PICTURES = [
    Picture("sign-in", at("/accounts/login/"), is_narrow=True, who=NOBODY),
    Picture("import-result", import_a_file),
    Picture("contacts", at("/contacts/"), language="en"),
    Picture("campaign-form", at("/campaigns/new/"), language="en"),
    Picture("campaign-progress", start_calling, is_dark=True),
    Picture("home", at("/")),
    Picture("calls", at("/calls/"), language="en", is_dark=True),
    Picture("live-call", watch_a_call, is_narrow=True),
    Picture("finished-call", at("finished_call")),
    Picture("reports", at("/reports/"), language="en"),
    Picture("back-office-import", at("/admin/contacts/contact/import/"), who=ADMIN),
    Picture(
        "error-page", at("/calls/00000000-0000-7000-8000-000000000000/"), is_narrow=True, is_dark=True, language="en"
    ),
]


def main() -> None:
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[1:]
    with running_portal(speed=SPEED) as portal, running_browser() as browser:
        studio = Studio(portal, browser)
        for picture in PICTURES:
            if not wanted or picture.name in wanted:
                studio.take(picture)


if __name__ == "__main__":
    main()
