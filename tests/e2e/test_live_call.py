"""A call watched from the press of a button to its recording: real processes, the practice network at its end."""

from contextlib import contextmanager

from playwright.sync_api import expect

from tests.e2e.browsing import IN_A_BROWSER, JUMP, wait_until

pytestmark = IN_A_BROWSER
MARTA, PABLO, EVA = "+34655100200", "+34655100300", "+34655100400"
CALL_MS = 90_000


def test_a_call_is_watched_while_it_runs_and_heard_afterwards(visit, portal, places):
    page = visit.page
    portal.pin(MARTA, "cooperative")
    open_call_of(page, places["marta_campaign"], "Marta")
    watch_transcript_grow(page)
    expect(page.locator("[data-field=status]")).to_contain_text("Completed", timeout=CALL_MS)
    expect(page.locator("[data-field=answered-by]")).to_contain_text("Person")
    expect(page.locator("[data-field=disposition]")).to_contain_text("Questions answered")
    expect(page.locator("audio")).to_be_visible(timeout=CALL_MS)
    play_recording(page)
    expect(page.locator(".live-link")).to_have_count(0)
    assert visit.axe() == []
    assert visit.layout_shift() < JUMP


def test_a_call_is_hung_up_from_its_page_whatever_news_comes_meanwhile(visit, portal, places):
    page = visit.page
    portal.pin(PABLO, "curious")
    open_call_of(page, places["pablo_campaign"], "Pablo")
    page.locator("#open-hang-up-dialog").click(timeout=CALL_MS)
    with refreshes_held_back(page):
        page.locator("#hang-up-dialog button[type=submit]").click()
    expect(page.locator(".toast")).to_contain_text("The call is being ended.")
    expect(page.locator("#hang-up-dialog")).to_be_hidden()
    expect(page.locator("[data-field=status]")).to_contain_text("Completed", timeout=CALL_MS)
    expect(page.locator("#call-header")).to_contain_text("Hung up by staff")


def test_a_campaigns_page_follows_it_to_its_end(visit, portal, places):
    page = visit.page
    portal.pin(EVA, "not-interested")
    page.goto(places["eva_campaign"])
    page.get_by_role("button", name="Resume").first.click()
    expect(page.locator("#campaign-progress [data-value=running]")).to_be_visible()
    expect(page.locator("#campaign-progress [data-value=finished]")).to_be_visible(timeout=CALL_MS)
    expect(page.locator("#campaign-contacts [data-value=done]")).to_be_visible()


def open_call_of(page, campaign, name):
    """Resume the campaign and open the first call it makes, which appears by itself."""
    page.goto(campaign)
    with page.expect_response("**/resume/"):
        page.get_by_role("button", name="Resume").first.click()
    page.goto(f"/calls/?name={name}")
    page.locator("#call-rows tbody tr a").first.click(timeout=CALL_MS)


@contextmanager
def refreshes_held_back(page):
    """One refresh of the page is on its way and others wait for it while the caller acts."""
    held, address = [], page.url
    page.route(address, lambda route: held.append(route))
    page.evaluate("htmx.trigger(document.body, 'changed')")
    yield
    page.evaluate("htmx.trigger(document.body, 'changed')")
    for route in held:
        route.continue_()
    page.unroute(address)


def watch_transcript_grow(page):
    """The page is never loaded again; each turn finds its way in."""
    page.evaluate("window.isTheSamePage = true")
    for position in range(3):
        expect(page.locator(".turn").nth(position)).to_be_visible(timeout=CALL_MS)
    assert page.evaluate("window.isTheSamePage")


def play_recording(page):
    wait_until(page, "document.querySelector('audio').readyState >= 1")
    assert page.evaluate("document.querySelector('audio').duration") > 1
    page.evaluate("document.querySelector('audio').play()")
    wait_until(page, "document.querySelector('audio').currentTime > 0.2")
