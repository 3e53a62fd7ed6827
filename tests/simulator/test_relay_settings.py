"""The attributes of <ConversationRelay> (protocol reference 3.8): which values are taken, and what the others cost."""

from xml.etree import ElementTree

import pytest

from simulator.relay.failure import RelayFailed
from simulator.relay.settings import RelaySettings, read_settings, warnings
from tests.simulator.relay_calling import RelayCalls

VOICE = "ZF6FPAbjXT4488VcRRnw"


def noun(attributes: str = "", inside: str = "", *, url: str = "wss://a.example/ws") -> ElementTree.Element:
    text = f'<ConversationRelay url="{url}" {attributes}>{inside}</ConversationRelay>'
    return ElementTree.fromstring(text)  # noqa: S314  (written above)


def read(attributes: str = "", inside: str = "") -> RelaySettings:
    return read_settings(noun(attributes, inside), allow_plain_ws=False)


def refused(attributes: str, inside: str = "") -> int:
    with pytest.raises(RelayFailed) as refusal:
        read(attributes, inside)
    return refusal.value.code


@pytest.mark.parametrize(
    "attributes",
    [
        f'voice="{VOICE}"',
        f'voice="{VOICE}-flash_v2_5"',
        f'voice="{VOICE}-flash_v2_5-1.2_1.0_1.0"',
        f'ttsProvider="ElevenLabs" voice="{VOICE}-turbo_v2-0.7_0_0.35"',
        'ttsProvider="Google" voice="en-US-Journey-O"',
        'ttsProvider="Google" voice="es-ES-Neural2-A" language="es-ES"',
        'ttsProvider="Amazon" voice="Lucia-Generative" language="es-ES"',
        'transcriptionProvider="Deepgram" speechModel="nova-3-general"',
        'speechModel="flux" eotThreshold="0.7" eagerEotThreshold="0.3"',
        'transcriptionProvider="Google" speechModel="telephony"',
        'language="multi"',
        'speechTimeout="auto"',
        'speechTimeout="600"',
        'interruptible="true"',
        'welcomeGreetingInterruptible="dtmf" reportInputDuringAgentSpeech="any"',
        'interruptSensitivity="low" ignoreBackchannel="true" preemptible="false"',
        'elevenlabsTextNormalization="on" ttsTextNormalization="auto"',
        'events="speaker-events tokens-played config-updated" includeInPrompt="turn-state prompt-segments"',
        'hints="Clínica, cita" profanityFilter="true" intelligenceService="GA00000000000000000000000000000001"',
    ],
)
def test_values_that_twilio_takes_are_taken_without_a_word(attributes: str):
    assert read(attributes)
    assert warnings(noun(attributes)) == []


@pytest.mark.parametrize(
    "attributes",
    [
        'voice="Rachel"',
        'voice="en-US-Journey-O"',
        f'voice="{VOICE}-flash_v9"',
        f'voice="{VOICE}-flash_v2_5-9.0_1.0_1.0"',
        f'ttsProvider="Google" voice="{VOICE}"',
        f'ttsProvider="Amazon" voice="{VOICE}"',
        'ttsProvider="Azure"',
        'transcriptionProvider="Whisper"',
        'transcriptionProvider="Google" speechModel="nova-3-general"',
        'speechModel="telephony"',
        'language="Spanish"',
        'language="multi" transcriptionProvider="Google"',
        'language="multi" ttsProvider="Amazon"',
        'speechTimeout="599"',
        'speechTimeout="5001"',
        'speechTimeout="soon"',
        'interruptible="sometimes"',
        'welcomeGreetingInterruptible="yes"',
        'interruptSensitivity="extreme"',
        'reportInputDuringAgentSpeech="all"',
        'preemptible="maybe"',
        'eotThreshold="0.95"',
        'eagerEotThreshold="0.2"',
        'events="everything"',
        'elevenlabsTextNormalization="maybe"',
    ],
)
def test_values_that_twilio_does_not_take_are_invalid_settings(attributes: str):
    assert refused(attributes) == 64101


def test_a_voice_of_another_language_is_an_invalid_argument():
    assert refused('ttsProvider="Google" voice="en-US-Journey-O" language="es-ES"') == 64106


@pytest.mark.parametrize("url", ["", "https://a.example/ws", "ws://a.example/ws", "/ws"])
def test_only_secure_addresses_are_taken(url: str):
    with pytest.raises(RelayFailed) as refusal:
        read_settings(noun(url=url), allow_plain_ws=False)
    assert refusal.value.code == 64101


def test_a_plain_address_is_taken_when_the_network_allows_it():
    plain = noun(url="ws://a.example/ws")
    assert read_settings(plain, allow_plain_ws=True).url == "ws://a.example/ws"


def test_a_declared_language_brings_its_own_voice_and_providers():
    languages = read(
        f'language="es-ES" voice="{VOICE}"',
        '<Language code="en-US" ttsProvider="Google" voice="en-US-Journey-O"/><Language code="fr-FR"/>',
    ).languages
    assert (languages.spoken, languages.heard) == ("es-ES", "es-ES")
    assert languages.declared["en-US"].voice == "en-US-Journey-O"
    assert languages.declared["fr-FR"].voice == VOICE
    assert not languages.has("de-DE")


def test_spoken_and_heard_languages_may_differ():
    languages = read('language="en-US" ttsLanguage="es-MX" transcriptionLanguage="es-ES"').languages
    assert (languages.spoken, languages.heard) == ("es-MX", "es-ES")


@pytest.mark.parametrize("inside", ["<Language/>", '<Language code="es-ES" voice="Rachel"/>', '<Language code="x"/>'])
def test_a_language_that_cannot_be_used_is_an_invalid_setting(inside: str):
    assert refused("", inside) == 64101


@pytest.mark.parametrize(
    ("attributes", "inside", "named"),
    [
        ('colour="red"', "", "colour"),
        ("", "<Say>Hola</Say>", "Say"),
        ("", '<Language code="es-ES" mood="glad"/>', "mood"),
        ('eotThreshold="0.8"', "", "eotThreshold"),
    ],
)
def test_what_is_passed_over_is_complained_about(attributes: str, inside: str, named: str):
    assert read(attributes, inside)
    (warning,) = warnings(noun(attributes, inside))
    assert named in warning


def test_defaults_are_those_of_the_reference():
    settings = read()
    assert settings.kinds("interruptible", "any") == {"dtmf", "speech"}
    assert settings.kinds("reportInputDuringAgentSpeech", "none") == frozenset()
    assert settings.sensitivity == "high"
    assert settings.languages.spoken == "en-US"
    assert not any(settings.is_on(name) for name in ("dtmfDetection", "partialPrompts", "preemptible"))
    assert settings.formats_words


def test_a_session_with_invalid_settings_fails_without_a_socket(relay: RelayCalls):
    form = relay.fail('voice="Rachel"')
    assert (form["SessionStatus"], form["ErrorCode"], form["CallStatus"]) == ("failed", "64101", "in-progress")
    assert "Rachel" in form["ErrorMessage"]
    assert relay.server.sessions == []


def test_an_unknown_attribute_is_only_complained_about(relay: RelayCalls):
    relay.call("quiet", 'colour="red"').wait_for("setup")
    assert any("colour" in complaint for complaint in relay.last_call()["complaints"])
