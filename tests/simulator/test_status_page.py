"""The network's own pages, as a developer sees them."""

import re

import pytest
import requests

from tests.e2e.browsing import NARROW, WIDE, new_context, open_page, running_browser
from tests.simulator.calling import Caller

SPEECH = "<Say>Buenos días. &lt;script&gt;alert(1)&lt;/script&gt;</Say><Pause length='200'/>"


@pytest.fixture
def live_call(caller: Caller):
    call = caller.call("silent", SPEECH)
    caller.simulator.wait_until(lambda: "Buenos d" in page(caller, f"calls/{call.sid}"))
    return call


def page(caller: Caller, path: str) -> str:
    return requests.get(f"{caller.simulator.base_url}/{path}", timeout=60).text


def test_the_front_page_shows_live_calls_and_escapes_what_was_said(caller: Caller, live_call):
    assert str(live_call.to) in page(caller, "")
    assert "<script>" not in page(caller, "")


def test_each_call_has_a_page_with_its_words_and_complaints(caller: Caller, live_call):
    shown = page(caller, f"calls/{live_call.sid}")
    assert "Buenos días. &lt;script&gt;" in shown
    assert "silent" in shown
    ended = caller.call_to_the_end("cooperative", "<Say>")
    assert "12100" in page(caller, f"calls/{ended['sid']}")


def test_the_page_of_a_call_lists_its_webhooks(caller: Caller, live_call):
    shown = page(caller, f"calls/{live_call.sid}")
    voice = caller.application.base_url + "/voice"
    assert re.search(rf"<td>POST {voice}</td><td>in-progress</td><td>200</td><td>\d+ ms</td>", shown)
    ended = caller.call_to_the_end("silent", url="http://127.0.0.1:9/nobody")
    row = "<td>POST http://127.0.0.1:9/nobody</td><td>in-progress</td><td>error 11205</td>"
    assert row in page(caller, f"calls/{ended['sid']}")


def test_the_page_of_a_dialled_leg_leads_to_its_parent(caller: Caller):
    parent = caller.call_to_the_end("silent", "<Dial timeout='5'>+34600777001</Dial>")
    (leg,) = [call for call in caller.simulator.calls() if call["parent_call_sid"] == parent["sid"]]
    assert (leg["direction"], parent["direction"]) == ("outbound-dial", "outbound-api")
    assert parent["parent_call_sid"] is None
    shown = page(caller, f"calls/{leg['sid']}")
    assert "outbound-dial" in shown
    assert f'<a href="/calls/{parent["sid"]}">{parent["sid"]}</a>' in shown


def test_a_call_that_is_unknown_has_a_page_with_a_way_back(caller: Caller):
    answer = requests.get(f"{caller.simulator.base_url}/calls/CA0", timeout=60)
    assert answer.status_code == 404
    assert 'href="/"' in answer.text


def test_live_pages_follow_the_calls_unless_told_to_stand_still(caller: Caller, live_call):
    address = f"{caller.simulator.base_url}/calls/{live_call.sid}"
    assert requests.get(address, timeout=60).headers["Refresh"] == "2"
    assert "Refresh" not in requests.get(f"{address}?still", timeout=60).headers
    caller.end_all()
    assert "Refresh" not in requests.get(address, timeout=60).headers


def test_faults_in_force_are_named(caller: Caller):
    assert "No faults in force." in page(caller, "")
    caller.simulator.set_faults(model_status=500)
    assert "Faults in force: model_status." in page(caller, "")


@pytest.mark.e2e
@pytest.mark.timeout(180)
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(caller: Caller, live_call, size, dark):
    with running_browser() as browser:
        visit = open_page(new_context(browser, viewport=size, dark=dark))
        for path in ("/?still", f"/calls/{live_call.sid}?still", "/calls/CA0"):
            visit.page.goto(caller.simulator.base_url + path)
            assert visit.axe() == []
            assert visit.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        visit.page.context.close()
        assert [problem for problem in visit.problems if "404" not in problem] == []
