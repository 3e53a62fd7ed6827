"""Every page in both languages, light and dark, wide and narrow: nothing for axe, no errors, no jumps."""

import pytest

from tests.e2e.browsing import IN_A_BROWSER, JUMP, NARROW, WIDE, new_context, open_page, sign_in

pytestmark = IN_A_BROWSER
PAGES = {
    "home": "/",
    "contacts": "/contacts/",
    "import": "/contacts/import/",
    "campaigns": "/campaigns/",
    "campaign form": "/campaigns/new/",
    "calls": "/calls/",
    "reports": "/reports/",
}
FORMS = [
    "/contacts/new/",
    "{contact}edit/",
    "{marta_campaign}edit/",
    "{finished_call}reschedule/",
    "/accounts/preferences/",
]
SEEDED = ("campaign", "finished_call", "contact", "call_now")
APPEARANCES = [("en", False, WIDE), ("es", True, WIDE), ("en", True, NARROW), ("es", False, NARROW)]


@pytest.fixture(scope="module", params=APPEARANCES, ids=lambda look: f"{look[0]}-{'dark' if look[1] else 'light'}")
def look(request, browser, portal, signed_in):
    language, is_dark, size = request.param
    context = new_context(
        browser, language=language, dark=is_dark, viewport=size, storage_state=signed_in, base_url=portal.url
    )
    yield language, is_dark, context
    context.close()


@pytest.mark.parametrize("name", [*PAGES, *SEEDED])
def test_a_page_is_whole(look, places, name):
    language, is_dark, context = look
    visit = open_page(context)
    judge_page(visit, PAGES.get(name) or places[name])
    assert visit.page.get_attribute("html", "lang") == language
    assert visit.page.get_attribute("html", "data-bs-theme") == ("dark" if is_dark else "light")
    visit.page.close()


@pytest.mark.parametrize("address", FORMS)
def test_a_form_is_whole_on_a_small_screen(browser, portal, signed_in, places, address):
    context = new_context(
        browser, language="es", dark=True, viewport=NARROW, storage_state=signed_in, base_url=portal.url
    )
    judge_page(open_page(context), address.format(**places))
    context.close()


def judge_page(visit, address):
    response = visit.page.goto(address)
    visit.page.wait_for_load_state("networkidle")
    assert response.status == 200
    assert visit.axe() == []
    assert visit.layout_shift() < JUMP
    assert visit.problems == []
    assert visit.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(("language", "dark"), [("en", False), ("es", True)])
def test_the_sign_in_page_is_whole(browser, portal, language, dark):
    context = new_context(browser, language=language, dark=dark)
    visit = open_page(context)
    visit.page.goto(f"{portal.url}/accounts/login/")
    assert visit.axe() == []
    assert visit.problems == []
    context.close()


def test_a_page_that_does_not_exist_says_so(visit):
    response = visit.page.goto("/calls/00000000-0000-7000-8000-000000000000/")
    assert response.status == 404
    assert visit.axe() == []
    visit.problems = [problem for problem in visit.problems if "404" not in problem]


def test_the_back_office_is_whole(browser, portal, places):
    context = new_context(browser, base_url=portal.url)
    visit = open_page(context)
    sign_in(visit.page, portal.url, "admin@example.com")
    visit.page.goto("/admin/calls/call/")
    assert visit.page.locator("#result_list tbody tr").count() > 5
    assert visit.problems == []
    context.close()
