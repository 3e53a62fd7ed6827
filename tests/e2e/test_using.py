"""What people do on the pages: filter, change language, go dark, walk by keyboard, mistype."""

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import IN_A_BROWSER, new_context, open_page, wait_for

pytestmark = IN_A_BROWSER


def test_a_filter_narrows_the_calls_without_loading_the_page_again(visit):
    page = visit.page
    page.goto("/calls/")
    page.evaluate("window.isTheSamePage = true")
    page.select_option("select[name=status]", "busy")
    expect(page.locator("#call-rows tbody [data-value=completed]")).to_have_count(0)
    expect(page.locator("#call-rows tbody [data-value=busy]").first).to_be_visible()
    assert "status=busy" in page.url
    assert page.evaluate("window.isTheSamePage")


def test_a_live_refresh_never_takes_the_place_of_what_was_asked_for(visit):
    page = visit.page
    page.goto("/calls/")
    held = []
    page.route("**/calls/*status=busy*", lambda route: held.append(route))
    page.select_option("select[name=status]", "busy")
    wait_for(page, lambda: held)
    refreshes = []
    page.on("request", lambda request: refreshes.append(request.url) if is_refresh(request) else None)
    page.evaluate("htmx.trigger(document.body, 'changed')")
    held.pop().continue_()
    page.unroute("**/calls/*status=busy*")
    expect(page.locator("#call-rows tbody [data-value=completed]")).to_have_count(0)
    expect(page.locator("#call-rows tbody [data-value=busy]").first).to_be_visible()
    with page.expect_request(is_refresh):
        page.evaluate("htmx.trigger(document.body, 'changed')")
    assert all("status=busy" in url for url in refreshes)


def is_refresh(request):
    return request.headers.get("hx-trigger") == "call-rows"


def test_without_a_socket_the_page_asks_by_itself(visit):
    page = visit.page
    page.route_web_socket("**/live/**", lambda socket: socket.close())
    page.goto("/calls/")
    with page.expect_request(is_refresh):
        pass
    visit.problems = [problem for problem in visit.problems if "WebSocket" not in problem]


def test_going_back_after_a_filter_shows_the_whole_page(visit):
    page = visit.page
    page.goto("/calls/")
    page.select_option("select[name=status]", "busy")
    page.wait_for_url("**status=busy**")
    page.locator("#call-rows tbody a").first.click()
    page.wait_for_url("**/calls/*-*/")
    page.go_back()
    expect(page.locator("nav").first).to_be_visible()
    expect(page.locator("#call-rows tbody [data-value=busy]").first).to_be_visible()


def test_filters_work_without_javascript(browser, portal, signed_in):
    context = new_context(browser, storage_state=signed_in, base_url=portal.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/calls/")
    page.select_option("select[name=status]", "busy")
    page.click("#call-filter button[type=submit]")
    assert page.locator("#call-rows tbody [data-value=busy]").count() > 0
    assert page.locator("#call-rows tbody [data-value=completed]").count() == 0
    context.close()


@pytest.mark.parametrize("has_script", [True, False])
def test_a_dialog_opens_asks_and_tells_what_is_wrong(browser, portal, places, signed_in, has_script):
    context = new_context(browser, storage_state=signed_in, base_url=portal.url, java_script_enabled=has_script)
    visit = open_page(context)
    page = visit.page
    page.goto(places["finished_call"])
    expect(page.locator("#reschedule-dialog")).to_be_hidden()
    page.get_by_role("button", name="Reschedule").click()
    page.fill("#reschedule-form input[name=at]", "2020-01-01T10:00")
    page.locator("#reschedule-form button[type=submit]").click()
    expect(page.get_by_text("Choose a time in the future.")).to_be_visible()
    context.close()


def test_a_dialog_closes_again(visit, places):
    page = visit.page
    page.goto(places["finished_call"])
    page.get_by_role("button", name="Reschedule").click()
    expect(page.locator("#reschedule-dialog")).to_be_visible()
    page.locator("#reschedule-dialog").get_by_role("button", name="Back").click()
    expect(page.locator("#reschedule-dialog")).to_be_hidden()


def test_the_language_is_switched_and_stays(browser, portal, signed_in):
    context = new_context(browser, storage_state=signed_in, base_url=portal.url)
    page = context.new_page()
    page.goto("/calls/")
    page.locator("form[action*=setlang] button", has_text="ES").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.goto("/campaigns/")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.locator("form[action*=setlang] button", has_text="EN").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    context.close()


def test_dark_is_chosen_and_remembered(visit):
    page = visit.page
    page.goto("/")
    assert page.get_attribute("html", "data-bs-theme") == "light"
    page.click("#theme-toggle")
    page.goto("/calls/")
    assert page.get_attribute("html", "data-bs-theme") == "dark"


def test_the_navigation_is_reached_by_keyboard(visit):
    page = visit.page
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('href')"))
    assert {"/contacts/", "/campaigns/", "/calls/", "/reports/"} <= set(reached)
    page.locator("a[href='/calls/']").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/calls/")


def test_an_inverted_window_is_told_at_its_field_and_nothing_typed_is_lost(visit):
    page = visit.page
    page.goto("/campaigns/new/")
    page.fill("input[name$=name]", "Ventana del revés")
    monday = page.locator("input[name$=windows_0]")
    monday.fill("20:00-10:00")
    page.locator("main form[method=post] button[type=submit]").first.click()
    expect(monday).to_have_attribute("aria-invalid", "true")
    expect(monday).to_have_value("20:00-10:00")
    assert page.input_value("input[name$=name]") == "Ventana del revés"
    visit.problems = [problem for problem in visit.problems if "422" not in problem]


def test_a_file_is_imported_without_javascript(browser, portal, signed_in):
    context = new_context(browser, storage_state=signed_in, base_url=portal.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/contacts/import/")
    table = "Nombre;Teléfono\nAna Gil;611 00 11 22\nEva Paz;nada\n".encode("cp1252")
    page.set_input_files("input[type=file]", {"name": "amigas.csv", "mimeType": "text/csv", "buffer": table})
    page.fill("input[name$=contact_list]", "Amigas")
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("button", name="Import now").click()
    page.wait_for_url("**/contacts/imports/*/")
    expect(page.locator("main")).to_contain_text("nada")
    context.close()
