"""The door of the portal in a real browser."""

from playwright.sync_api import expect

from tests.e2e.browsing import IN_A_BROWSER, new_context, open_page, sign_in

pytestmark = IN_A_BROWSER


def test_one_signs_in_and_is_at_home(browser, portal, places):
    context = new_context(browser)
    visit = open_page(context)
    sign_in(visit.page, portal.url, "alice@example.com")
    expect(visit.page.get_by_role("link", name="Campaigns").first).to_be_visible()
    assert visit.problems == []
    context.close()


def test_a_page_behind_the_door_leads_to_the_sign_in_and_back(browser, portal, places):
    context = new_context(browser)
    page = context.new_page()
    page.goto(f"{portal.url}/calls/")
    assert "/accounts/login/" in page.url
    page.fill("input[type=email]", "alice@example.com")
    page.fill("input[type=password]", "wrong")
    page.click("form button[type=submit]")
    expect(page.locator("main")).to_contain_text("not correct")
    context.close()
