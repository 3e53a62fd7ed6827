"""Say, Pause, Redirect, Hangup, Reject, Start and what does not exist, one by one."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.handset.say import Pause, say_problems, spoken_pieces, spoken_text
from tests.simulator.application import Application
from tests.simulator.calling import Caller, make_client
from tests.simulator.server import running_simulator

LANGUAGE = 'language="es-ES"'


def said(caller: Caller, document: str, **options: Any) -> list[str]:
    ended = caller.call_to_the_end("silent", document, **options)
    return [line["text"] for line in ended["transcript"] if line["speaker"] == "assistant"]


def complaints(caller: Caller, document: str, **options: Any) -> list[str]:
    return [text[:5] for text in caller.call_to_the_end("silent", document, **options)["complaints"]]


def test_markup_is_not_spoken_and_breaks_are_silence(caller: Caller):
    document = (
        f'<Say voice="Polly.Lucia-Neural" {LANGUAGE}>Su cita es <emphasis>mañana</emphasis> <break time="2s"/>'
        '<say-as interpret-as="telephone">910 000 000</say-as> <sub alias="doctora">Dra.</sub> Ruiz</Say>'
    )
    assert said(caller, document) == ["Su cita es mañana", "910 000 000 doctora Ruiz"]


def test_a_loop_says_it_again(caller: Caller):
    assert said(caller, '<Say loop="3">Hola</Say>') == ["Hola"] * 3


def test_an_endless_loop_lasts_until_the_call_ends(caller: Caller):
    assert len(said(caller, '<Say loop="0">Hola, hola, hola</Say>', time_limit=30)) > 5


@pytest.mark.parametrize(
    ("attributes", "length", "code"),
    [
        ("", 4097, "13521"),
        ('voice="alice"', 4097, "13521"),
        ('voice="Polly.Lucia-Neural"', 3001, "13521"),
        ('voice="Google.es-ES-Neural2-A"', 5001, "13521"),
        ("", 0, "13520"),
    ],
)
def test_too_much_or_nothing_is_not_said(caller: Caller, attributes: str, length: int, code: str):
    ended = caller.call_to_the_end("silent", f"<Say {attributes}>{'a' * length}</Say><Say>Still here</Say>")
    assert [text[:5] for text in ended["complaints"]] == [code]
    assert [line["text"] for line in ended["transcript"]] == ["Still here"]


@pytest.mark.parametrize(
    ("attributes", "codes"),
    [
        ('voice="Lucia"', [13511]),
        ('voice="Polly.Lucia-Neural"', []),
        ('voice="Google.es-ES-Chirp3-HD-Aoede"', []),
        ('language="es"', []),
        ('language="español"', [13512]),
    ],
)
def test_voices_and_languages_are_known_or_complained_about(attributes: str, codes: list[int]):
    verb = ElementTree.fromstring(f"<Say {attributes}>Hola</Say>")  # noqa: S314
    assert [code for code, _ in say_problems(verb)] == codes


@given(st.integers(2990, 3010), st.booleans())
def test_tags_count_for_google_and_not_for_polly(length: int, is_marked: bool):
    text = "a" * length
    inside = f"<emphasis>{text}</emphasis>" if is_marked else text
    polly = ElementTree.fromstring(f'<Say voice="Polly.Mia-Neural">{inside}</Say>')  # noqa: S314
    google = ElementTree.fromstring(f'<Say voice="Google.es-US-Standard-A">{inside * 2}</Say>')  # noqa: S314
    assert bool(dict(say_problems(polly))) == (length > 3000)
    assert bool(dict(say_problems(google))) == (2 * (length + 21 * is_marked) > 5000)


@given(st.lists(st.sampled_from(["hola", "<break/>", "<p>buenos días</p>", "<s>adiós</s>", "<w>y</w>"]), max_size=8))
def test_every_word_is_spoken_once_whatever_the_markup(parts: list[str]):
    verb = ElementTree.fromstring(f"<Say>{' '.join(parts)}</Say>")  # noqa: S314
    words = " ".join("".join(verb.itertext()).split())
    assert spoken_text(verb) == words
    assert len([piece for piece in spoken_pieces(verb) if isinstance(piece, Pause)]) == parts.count("<break/>")


def test_play_presses_keys(caller: Caller):
    assert said(caller, '<Play digits="1w2#"/>') == ["[1]", "[2]", "[#]"]


def test_a_pause_as_long_as_told(caller: Caller):
    ended = caller.call_to_the_end("silent", '<Pause length="20"/>')
    assert 20 <= ended["duration_seconds"] < 40


def test_a_redirect_by_get_leaves_the_following_verbs_behind(caller: Caller):
    caller.application.documents["/next"] = "<Response><Say>Next</Say></Response>"
    assert said(caller, '<Redirect method="GET">/next?step=2</Redirect><Say>Never</Say>') == ["Next"]
    hit = caller.application.hits_at("/next")[0]
    assert (hit.method, hit.signed) == ("GET", True)


def test_hanging_up_leaves_the_following_verbs_behind(caller: Caller):
    assert said(caller, "<Say>Bye</Say><Hangup/><Say>Never</Say>") == ["Bye"]


def test_an_answered_call_cannot_be_rejected(caller: Caller):
    ended = caller.call_to_the_end("silent", '<Reject reason="busy"/><Say>Never</Say>')
    assert (ended["status"], ended["transcript"]) == ("completed", [])
    assert ended["complaints"][0].startswith("12200 Reject")


@pytest.mark.parametrize("verb", ["Leave", "Enqueue", "Dance", "Connect", "Play"])
def test_verbs_without_effect_are_complained_about(caller: Caller, verb: str):
    assert complaints(caller, f"<{verb}/>") == ["12200"]


def test_start_goes_on_at_once_and_ends_the_call_when_it_is_last(caller: Caller):
    ended = caller.call_to_the_end("silent", "<Start><Recording/></Start>")
    assert ended["ended_by"] == "application"
    assert ended["duration_seconds"] <= 10


def test_keys_asked_for_with_the_call_are_sent_after_the_answer(caller: Caller):
    assert said(caller, "<Say>Hola</Say>", send_digits="W12#") == ["[1]", "[2]", "[#]", "Hola"]


def test_trial_accounts_lack_some_verbs(application: Application, tmp_path: Path):
    account = tmp_path / "account.toml"
    account.write_text('type = "Trial"\ncaller_ids = ["+34600111222"]\n')
    with running_simulator(account=account) as trial:
        caller = Caller(trial, make_client(trial), application)
        document = (
            '<Record/><Start><Recording/></Start><Connect><ConversationRelay url="wss://127.0.0.1/x"/></Connect>'
            '<Dial record="record-from-answer">+34600111222</Dial><Say>Hola</Say>'
        )
        application.documents["/voice"] = f"<Response>{document}</Response>"
        trial.pin("+34600111222", "silent")
        url = f"{application.base_url}/voice"
        call = caller.twilio.calls.create(to="+34600111222", from_="+34910000000", url=url)
        ended = caller.wait_for_end(str(call.sid))
    assert [text[:5] for text in ended["complaints"]] == ["10002"] * 4
    assert ended["transcript"][0]["text"] == "Hola"
