"""Cookies live as long as a call."""

from hypothesis import given
from hypothesis import strategies as st

from simulator.twilio.call_cookies import CallCookies
from tests.simulator.calling import Caller

URL = "http://127.0.0.1:8000/voice"
NEXT = "<Redirect>/next</Redirect>"


def cookies_at(caller: Caller, path: str) -> list[str]:
    return [hit.headers.get("Cookie", "") for hit in caller.application.hits_at(path)]


def test_an_application_gets_its_cookie_back_within_the_call_and_not_in_another(caller: Caller):
    caller.application.headers["/voice"] = {"Set-Cookie": "session=abc; Path=/; HttpOnly"}
    caller.application.documents["/next"] = "<Response><Hangup/></Response>"
    for _ in range(2):
        caller.call_to_the_end("silent", NEXT)
    assert cookies_at(caller, "/voice") == ["", ""]
    assert cookies_at(caller, "/next") == ["session=abc", "session=abc"]
    assert set(cookies_at(caller, "/status")) <= {""}


def test_another_host_does_not_get_it():
    cookies = CallCookies()
    cookies.learn(URL, ["session=abc"])
    assert cookies.headers("http://127.0.0.2:8000/voice") == {}
    assert cookies.headers(URL) == {"Cookie": "session=abc"}


def test_a_cookie_can_be_changed_and_taken_away():
    cookies = CallCookies()
    cookies.learn(URL, ["one=1", "two=2"])
    cookies.learn(URL, ["one=3", "two=; Max-Age=0"])
    assert cookies.headers(URL) == {"Cookie": "one=3"}


@given(st.lists(st.text(), max_size=4))
def test_whatever_is_sent_as_a_cookie_breaks_nothing(lines: list[str]):
    cookies = CallCookies()
    cookies.learn(URL, lines)
    assert "\n" not in cookies.headers(URL).get("Cookie", "")
