"""What may be said, how it is cut into sentences, and what the model reads."""

from datetime import UTC, datetime

import pytest

from calls.conversation.checker import objection
from calls.conversation.facts import remember_facts
from calls.conversation.prompt import build_messages
from calls.conversation.records import earlier_turns
from calls.conversation.speech_text import SentenceSplitter, plain
from calls.conversation.tools import read_moment
from tests.factories import make_call, make_campaign, make_contact, make_membership, make_turn

NOW = datetime(2026, 11, 22, 16, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("**Hola**, soy _Sol_", "Hola, soy Sol"),
        ("Vea [la web](https://example.com)", "Vea la web"),
        ("- uno\n- dos", "uno dos"),
        ("# Título", " Título"),
        ("Son 12,50 euros", "Son 12,50 euros"),
        (" con espacios ", " con espacios "),
    ],
)
def test_markup_is_not_spoken(written, spoken):
    assert plain(written) == spoken


def sentences_of(*pieces):
    splitter = SentenceSplitter()
    found = [sentence for piece in pieces for sentence in splitter.feed(piece)]
    return [*found, *filter(None, [splitter.rest()])]


def test_sentences_are_cut_as_the_text_comes():
    assert sentences_of("Muchas gracias por esper", "ar, Lucía. ¿Le viene", " bien el martes?") == [
        "Muchas gracias por esperar, Lucía.",
        "¿Le viene bien el martes?",
    ]


def test_short_sentences_join_the_next():
    said = "Mañana le llamo. Sí. Claro. A las diez en punto. Adiós."
    assert sentences_of(said) == ["Mañana le llamo.", "Sí. Claro. A las diez en punto.", "Adiós."]


def test_the_first_sentence_is_not_held_back():
    assert SentenceSplitter().feed("¡Gracias!") == ["¡Gracias!"]


@pytest.mark.parametrize("beginning", ["Cuesta 12.", "La atiende la Dra.", "Son las 5."])
def test_what_may_go_on_is_waited_for(beginning):
    assert SentenceSplitter().feed(beginning) == []


def test_abbreviations_and_decimals_end_no_sentence():
    assert sentences_of("Le atenderá mañana mismo la Dra. Pérez, cuesta 12.50 euros.")[0].endswith("euros.")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Le llamo de la clínica.", ""),
        ("No, soy una persona de verdad.", "claims_to_be_human"),
        ("Yes, I'm a real person.", "claims_to_be_human"),
        ("No soy un robot.", "claims_to_be_human"),
        ("Soy un asistente virtual.", ""),
        ("# Purpose", "leaks_instructions"),
        ("bla " * 200, "too_long"),
    ],
)
def test_the_checker_reads_along(text, reason):
    assert objection(text) == reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23T10:00:00", datetime(2026, 11, 23, 9, 0, tzinfo=UTC)),
        ("2026-11-22T17:05", NOW),
        ("2026-11-22T17:04:30", NOW),
        ("2026-11-22T16:00:00", None),
        ("2027-11-22T10:00:00", None),
        ("mañana", None),
        ("", None),
    ],
)
def test_a_callback_is_read_in_the_persons_own_zone(text, expected):
    assert read_moment(text, zone="Europe/Madrid", now=NOW) == expected


def test_the_prompt_tells_script_person_and_time(db):
    contact = make_contact(full_name="Lucía Pérez", first_name="Lucía", time_zone="America/Mexico_City")
    call = make_call(membership=make_membership(campaign=make_campaign(), contact=contact))
    make_turn(call=call, sequence=0, kind="opening", said="…")
    make_turn(call=call, sequence=1, heard="¿Quién es?", said="La clínica.")
    turns = earlier_turns(call.pk, 2)
    system, *conversation = build_messages(facts=remember_facts(call), turns=turns, words="", now=NOW)
    assert "# Questions\n1. ¿Le viene bien el martes a las diez?" in system["content"]
    assert "Name: Lucía Pérez" in system["content"]
    assert "¿Hablo con Lucía?" in system["content"]
    assert "2026-11-22T10:05 (America/Mexico_City)" in system["content"]
    assert [message["content"] for message in conversation] == ["¿Quién es?", "La clínica.", "[silence]"]


def test_calls_of_one_script_share_the_front_of_the_prompt(db):
    campaign = make_campaign()
    prompts = [
        build_messages(facts=remember_facts(make_call(campaign=campaign)), turns=[], words="", now=NOW)[0]["content"]
        for _ in range(2)
    ]
    assert prompts[0].split("# Already said")[0] == prompts[1].split("# Already said")[0]


def test_the_prompt_tells_what_came_of_earlier_calls(db):
    contact = make_contact()
    for name in ("first", "second"):
        campaign = make_campaign(name=name)
        fields = {"answered_at": NOW, "disposition": "callback", "status": "completed"} if name == "first" else {}
        call = make_call(campaign=campaign, membership=make_membership(campaign=campaign, contact=contact), **fields)
    system = build_messages(facts=remember_facts(call), turns=[], words="", now=NOW)[0]["content"]
    assert "# Earlier calls\n- 2026-11-22: callback" in system
