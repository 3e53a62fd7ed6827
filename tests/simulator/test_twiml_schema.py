"""The network's schema against everything that the official SDK can write."""

import inspect
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml import voice_response

from simulator.handset.schema import ATTRIBUTES, schema_warnings

OWNERS = {"Number": voice_response.Dial, "Recording": voice_response.Start}
CONTENT = {"self", "kwargs", "message", "phone_number"}
TEXT_OF = {"Play": "url", "Redirect": "url", "Dial": "number"}


def attributes_of_sdk(verb: str) -> set[str]:
    method = getattr(OWNERS.get(verb, voice_response.VoiceResponse), verb.lower())
    names = set(inspect.signature(method).parameters) - CONTENT - {TEXT_OF.get(verb, "")}
    return {camel_case(name) for name in names}


def camel_case(name: str) -> str:
    first, *others = name.rstrip("_").split("_")
    return first + "".join(word[0].upper() + word[1:] for word in others)


@pytest.mark.parametrize("verb", sorted(ATTRIBUTES))
def test_every_attribute_of_the_sdk_is_known(verb: str):
    assert attributes_of_sdk(verb) <= set(ATTRIBUTES[verb])


def test_a_document_of_the_sdk_has_no_warnings():
    response = voice_response.VoiceResponse()
    gather = response.gather(input="speech dtmf", speech_timeout="auto", action_on_empty_result=True, num_digits=1)
    gather.say("Hola", voice="Polly.Lucia-Neural", language="es-ES", loop=2)
    gather.play("https://voz.example.com/a.mp3")
    response.dial(record="record-from-answer", timeout=20).number("+34600000001", status_callback_event="answered")
    response.record(max_length=30, finish_on_key="#", play_beep=False, trim="trim-silence")
    response.start().recording(channels="dual", track="both")
    response.redirect("/next", method="GET")
    root = ElementTree.fromstring(str(response))  # noqa: S314
    assert schema_warnings(root) == []


@given(st.sampled_from(sorted(ATTRIBUTES)), st.text(alphabet="abcXYZ", min_size=1), st.text(max_size=5))
def test_unknown_attributes_are_named_and_known_ones_are_not(verb: str, name: str, value: str):
    element = ElementTree.Element(verb, {name: value})
    assert (f"12200 {verb} has no attribute {name}" in schema_warnings([element])) == (name not in ATTRIBUTES[verb])
